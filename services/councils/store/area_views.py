"""What everyone may read of designated areas: lists by year, and one area with why it stands there."""

import json
from typing import Any
from uuid import UUID

from chassis.database import Tx

_EDITIONS = """
select l.area_list_id, l.kind, l.year, e.edition, e.issuer, e.source, e.reason, e.imported_at,
    e.edition = l.version as newest, e.edition = l.version and not exists (
        select from area_list later where later.kind = l.kind and later.year > l.year and later.version > 0) as in_force
from area_list l join area_list_edition e using (area_list_id)
"""

_STANDS = f"""
select distinct on (its.year, its.kind) its.*, n.crime_criterion, following.reason as removed_because
from ({_EDITIONS}) its join listed_area n using (area_list_id, edition)
left join area_list_edition following on following.area_list_id = its.area_list_id
    and following.edition = its.edition + 1
where n.area_id = $1
"""  # noqa: S608  no value from outside


async def lists(tx: Tx, year: int) -> list[dict[str, Any]]:
    """Return the newest edition of each list of a year with its areas, by municipality and name."""
    found = [dict(row) for row in await tx.fetch(f"{_EDITIONS} where l.year = $1 and e.edition = l.version", year)]
    for one in found:
        one["areas"] = await _listed(tx, one["area_list_id"], one["edition"])
    return found


async def editions(tx: Tx, kind: str) -> list[dict[str, Any]]:
    """Return every edition of a kind of list, the newest first."""
    rows = await tx.fetch(f"{_EDITIONS} where l.kind = $1 order by l.year desc, e.edition desc", kind)
    return [dict(row) for row in rows]


async def edition(tx: Tx, kind: str, year: int, number: int) -> dict[str, Any] | None:
    """Return one edition of a list with its areas."""
    row = await tx.fetchrow(f"{_EDITIONS} where l.kind = $1 and l.year = $2 and e.edition = $3", kind, year, number)
    if row is None:
        return None
    return dict(row) | {"areas": await _listed(tx, row["area_list_id"], number)}


async def years(tx: Tx) -> list[int]:
    """Return the years that have a list."""
    return [row["year"] for row in await tx.fetch("select distinct year from area_list where version > 0 order by 1")]


async def history(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """Return the last edition of each list on which an area stands or stood, the newest year first."""
    rows = await tx.fetch(f"{_STANDS} order by its.year desc, its.kind, its.edition desc", area_id)
    return [dict(row) for row in rows]


async def criteria(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """Return what was recomputed for an area, newest first."""
    rows = await tx.fetch(
        "select criteria_id, area_list_id, edition, year, source, law, law_source, met, lines, evaluated_at"
        " from area_criteria where area_id = $1 order by evaluated_at desc, criteria_id",
        area_id,
    )
    return [dict(row) | {"lines": json.loads(row["lines"])} for row in rows]


async def monitorings(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """Return how an area is or was monitored, newest first; one whose day of review has passed is overdue."""
    rows = await tx.fetch(
        "select monitoring_id, scope, every_days, review_on, end_condition, finding, started_at, reviewed_at, ended_at,"
        " ended_because, ended_at is null and review_on < (clock() at time zone 'Europe/Copenhagen')::date as overdue"
        " from area_monitoring where area_id = $1 order by started_at desc, monitoring_id",
        area_id,
    )
    return [dict(row) for row in rows]


async def assessments(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """Return what an area was assessed to be, newest first."""
    rows = await tx.fetch(
        "select assessment_id, verdict, reason, assessed_at from area_assessment where area_id = $1"
        " order by assessed_at desc, assessment_id",
        area_id,
    )
    return [dict(row) for row in rows]


async def _listed(tx: Tx, area_list_id: UUID, edition: int) -> list[dict[str, Any]]:
    rows = await tx.fetch(
        "select a.area_id, a.title, a.kommunekode, n.crime_criterion from listed_area n join area a using (area_id)"
        " where n.area_list_id = $1 and n.edition = $2 order by a.kommunekode, a.title, a.area_id",
        *(area_list_id, edition),
    )
    return [dict(row) for row in rows]
