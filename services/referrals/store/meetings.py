"""Meetings of groups: who is called, who is in the room, what is on the agenda."""

from typing import Any
from uuid import UUID

from chassis.database import NotOneRow, Tx
from services.referrals.domain.groups import seat_name
from services.referrals.domain.meetings import Meeting, Place, State


async def add(tx: Tx, new: Meeting, place: Place, note: str) -> None:
    """Save a meeting of the asking office."""
    await tx.execute(
        "insert into meeting (meeting_id, forum_id, programme, kommune, convened_by, starts_at, place, place_note,"
        " circle, state, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        *(new.id, new.forum, new.programme, new.kommune, tx.principal.subject, new.starts_at, place, note),
        *(list(new.circle), new.state, new.version),
    )


_LOAD = "select * from meeting where meeting_id = $1"


async def found(tx: Tx, meeting_id: UUID) -> Meeting | None:
    """Return a meeting to which the asker is called."""
    return _meeting(await tx.fetchrow(_LOAD, meeting_id))


async def watched(tx: Tx, meeting_id: UUID) -> str | None:
    """Return what a meeting and its cases have come to, as far as the asker sees them; None where there is none."""
    found: str | None = await tx.fetchval(
        "select m.version || '-' || (select coalesce(sum(c.version), 0) from meeting_case a join group_case c"
        " using (group_case_id) where a.meeting_id = m.meeting_id) from meeting m where m.meeting_id = $1",
        meeting_id,
    )
    return found


async def locked(tx: Tx, meeting_id: UUID) -> Meeting | None:
    """Lock a meeting that the asking office convenes."""
    return _meeting(await tx.fetchrow(f"{_LOAD} for update", meeting_id))


def _meeting(row: Any) -> Meeting | None:  # noqa: ANN401  a database row
    if row is None:
        return None
    return Meeting(
        id=row["meeting_id"],
        forum=row["forum_id"],
        programme=row["programme"],
        kommune=row["kommune"],
        convener=seat_name(row["authority"], row["office"]),
        starts_at=row["starts_at"],
        circle=tuple(row["circle"]),
        state=State(row["state"]),
        version=row["version"],
        present=tuple(row["present"]),
        missing=tuple(row["missing"]),
    )


async def save(tx: Tx, before: Meeting, after: Meeting) -> None:
    """Save a meeting after something was done with it."""
    await tx.change_one(
        "update meeting set state = $3, present = $4, missing = $5, version = $6,"
        " opened_at = case when $7::boolean then coalesce(opened_at, clock()) end,"
        " ended_at = case when $8::boolean then clock() end where meeting_id = $1 and version = $2",
        *(before.id, before.version, after.state, list(after.present), list(after.missing), after.version),
        *(after.state in {State.OPEN, State.HELD}, after.state in {State.HELD, State.CANCELLED}),
    )


async def step(tx: Tx, meeting_id: UUID) -> int:
    """Count one more fact of a meeting; returns which it is."""
    place: int | None = await tx.fetchval(
        "update meeting set told = told + 1 where meeting_id = $1 returning told", meeting_id
    )
    if place is None:
        raise NotOneRow
    return place


async def details(tx: Tx, meeting_id: UUID) -> dict[str, Any]:
    """Return how and when a meeting is held."""
    row = await tx.fetchrow(
        "select place, place_note, convened_at, opened_at, ended_at from meeting where meeting_id = $1", meeting_id
    )
    return dict(row) if row else {}


async def listed(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Return the meetings to which the asker is called, the latest first."""
    rows = await tx.fetch(
        "select meeting_id, programme, kommune, starts_at, place, state, version from meeting"
        " order by starts_at desc, meeting_id limit $1",
        limit,
    )
    return [dict(row) for row in rows]


async def put_on_agenda(tx: Tx, meeting_id: UUID, cases: list[UUID]) -> None:
    """Put cases on a meeting's agenda."""
    await tx.execute(
        "insert into meeting_case (meeting_id, group_case_id) select $1, unnest($2::uuid[]) on conflict do nothing",
        *(meeting_id, cases),
    )


async def is_on_agenda(tx: Tx, meeting_id: UUID, case: UUID) -> bool:
    """Say whether a case is a meeting's."""
    return bool(
        await tx.fetchval(
            "select exists (select from meeting_case where meeting_id = $1 and group_case_id = $2)", meeting_id, case
        )
    )


async def guests(tx: Tx, meeting_id: UUID) -> set[str]:
    """Return the seats of those who belong to some case on the agenda without being of the group."""
    rows = await tx.fetch(
        "select unnest(circle) as seat from group_case join meeting_case using (group_case_id) where meeting_id = $1"
        " union select authority || '.' || office from actor join meeting_case using (group_case_id)"
        " where meeting_id = $1 and removed_at is null and until > clock()",
        meeting_id,
    )
    return {row["seat"] for row in rows}


async def decisions(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return what a meeting decided, in codes, as far as the asker sees the cases."""
    rows = await tx.fetch(
        "select decision_id, group_case_id, code, review_at, decided_at from group_decision where meeting_id = $1"
        " order by decided_at, decision_id",
        meeting_id,
    )
    return [dict(row) for row in rows]
