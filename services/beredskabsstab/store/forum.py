"""What the planning forum has held and learned, and which places of the plan have which rosters."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from contracts.beredskabsstab.v1 import Place
from contracts.codes import Office

if TYPE_CHECKING:
    from datetime import date

    from asyncpg import Record


async def add(tx: Tx, row: dict[str, object]) -> None:
    """Save a meeting or an exercise that was held."""
    await tx.execute(
        "insert into planning_event (planning_id, kind, title, held_at, authorities, agenda, minutes,"
        " framework_plan_id, recorded_by, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        *(row["planning_id"], row["kind"], row["title"], row["held_at"], row["authorities"], row["agenda"]),
        *(row["minutes"], row["framework_plan_id"], row["by"], row["at"]),
    )


async def newest(tx: Tx) -> "list[Record]":
    """Return what was held, the newest first."""
    return await tx.fetch("select * from planning_event order by held_at desc limit 100")


async def find(tx: Tx, planning_id: UUID) -> "Record | None":
    """Return a meeting or an exercise."""
    return await tx.fetchrow("select * from planning_event where planning_id = $1", planning_id)


async def add_lesson(tx: Tx, row: dict[str, object]) -> None:
    """Save a lesson."""
    await tx.execute(
        "insert into lesson (planning_id, learned_at, words, owner, due_at, state, recorded_by, recorded_at, version)"
        " values ($1, $2, $3, $4, $5, 'open', $6, $7, 1)",
        *(row["planning_id"], row["learned_at"], row["words"], row["owner"], row["due_at"], row["by"], row["at"]),
    )


async def lessons(tx: Tx) -> "list[Record]":
    """Return what was learned: first what is open, by when it is due."""
    return await tx.fetch("select * from lesson order by state desc, due_at limit 200")


async def lesson(tx: Tx, planning_id: UUID) -> "Record | None":
    """Return a lesson."""
    return await tx.fetchrow("select * from lesson where planning_id = $1", planning_id)


async def resolve(tx: Tx, planning_id: UUID, by: str, words: str, at: datetime) -> int | None:
    """Save that a lesson is followed up and return its version; None where it is already, or is another's."""
    version: int | None = await tx.fetchval(
        "update lesson set state = 'done', resolution = $3, resolved_by = $2, resolved_at = $4, version = version + 1"
        " where planning_id = $1 and state = 'open' returning version",
        *(planning_id, by, words, at),
    )
    return version


async def overdue(tx: Tx, planning_id: UUID, at: datetime) -> int:
    """Save that a lesson should have been followed up; returns its version."""
    version: int = await tx.fetchval(
        "update lesson set overdue_at = $2, version = version + 1 where planning_id = $1 returning version",
        *(planning_id, at),
    )
    return version


# -- rosters of the roles in the staff ---------------------------------------------------------------------------------


async def save_roster(
    tx: Tx, roster_id: UUID, place: Place, line: int, ends_on: "date | None", heard_at: datetime
) -> None:
    """Save which line of which place a roster is, as it was told last, and when it ends."""
    await tx.execute(
        "insert into roster_line (roster_id, authority, office, role, line, ends_on, heard_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (roster_id) do update set authority = $2, office = $3,"
        " role = $4, line = $5, ends_on = $6, heard_at = $7 where roster_line.heard_at <= $7",
        *(roster_id, place.authority, place.office, place.role, line, ends_on, heard_at),
    )


async def lines(tx: Tx) -> dict[Place, frozenset[int]]:
    """Return the lines of the rosters that each place has today."""
    rows = await tx.fetch(
        "select authority, office, role, array_agg(line) as lines from roster_line"
        " where ends_on is null or ends_on > (clock() at time zone 'Europe/Copenhagen')::date group by 1, 2, 3"
    )
    return {
        Place(authority=row["authority"], office=Office(row["office"]), role=row["role"]): frozenset(row["lines"])
        for row in rows
    }
