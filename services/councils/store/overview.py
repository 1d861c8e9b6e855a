"""What everyone reads of the councils, a year at a time: no list here grows with how long the councils have been."""

from typing import Any
from uuid import UUID

from chassis.database import Tx

_YEAR = (
    "starts_at >= make_timestamptz($1, 1, 1, 0, 0, 0, 'Europe/Copenhagen')"
    " and starts_at < make_timestamptz($1 + 1, 1, 1, 0, 0, 0, 'Europe/Copenhagen')"
)


async def councils(tx: Tx) -> list[dict[str, Any]]:
    """Return for each council its next meeting and the newest meeting whose minutes are published."""
    rows = await tx.fetch(
        "select body_id, upcoming.meeting_id as next_id, upcoming.starts_at as next_at, upcoming.place,"
        " told.meeting_id as minutes_of, told.starts_at as minutes_at from body"
        " left join lateral (select meeting_id, starts_at, place from meeting m where m.body_id = body.body_id"
        " and starts_at > clock() and state in ('planned', 'convened') order by starts_at limit 1) upcoming on true"
        " left join lateral (select m.meeting_id, m.starts_at from meeting m where m.body_id = body.body_id"
        " and exists (select from minutes_edition e where e.meeting_id = m.meeting_id)"
        " order by m.starts_at desc limit 1) told on true"
    )
    return [dict(row) for row in rows]


async def published_of_year(tx: Tx, body_id: UUID, year: int) -> set[UUID]:
    """Return the meetings of a council and Danish year whose minutes are published."""
    rows = await tx.fetch(
        "select meeting_id from meeting join minutes_edition using (meeting_id)"  # noqa: S608  no value from outside
        f" where meeting.body_id = $2 and {_YEAR}",
        *(year, body_id),
    )
    return {row["meeting_id"] for row in rows}


async def meeting_years(tx: Tx, body_id: UUID) -> tuple[int, int] | None:
    """Return the first and the last year in which a council has a meeting; None where it has none."""
    row = await tx.fetchrow(
        "select extract(year from min(starts_at) at time zone 'Europe/Copenhagen')::int as first,"
        " extract(year from max(starts_at) at time zone 'Europe/Copenhagen')::int as last"
        " from meeting where body_id = $1",
        body_id,
    )
    return None if row is None or row["first"] is None else (row["first"], row["last"])


async def plans(tx: Tx) -> list[dict[str, Any]]:
    """Return the newest published edition of each year's plan, the newest year first; without its text."""
    rows = await tx.fetch(
        "select distinct on (year) year, edition, published_at from samarbejdsplan_edition"
        " order by year desc, edition desc"
    )
    return [dict(row) for row in rows]


async def local_plans(tx: Tx, year: int) -> dict[str, dict[str, Any]]:
    """Return the newest published edition of each lokalraad's plan of a year, by municipality; without its text."""
    rows = await tx.fetch(
        "select distinct on (kommunekode) kommunekode, edition, published_at from local_plan_edition"
        " where year = $1 order by kommunekode, edition desc",
        year,
    )
    return {row["kommunekode"]: dict(row) for row in rows}


async def local_years(tx: Tx) -> list[int]:
    """Return the years that have a published plan of a lokalraad, the newest first."""
    rows = await tx.fetch("select distinct year from local_plan_edition order by year desc")
    return [row["year"] for row in rows]


async def schools_by_municipality(tx: Tx) -> dict[str, int]:
    """Return how many schools each municipality has entered."""
    rows = await tx.fetch("select kommunekode, count(*) as schools from school group by kommunekode")
    return {row["kommunekode"]: row["schools"] for row in rows}
