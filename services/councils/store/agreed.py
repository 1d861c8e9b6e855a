"""The SQL of what was agreed at meetings: what is open with its promised day, and each new day that it got."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id

_LOAD = """
select a.action_id, a.body_id, a.meeting_id, a.item_id, a.task, a.owner, a.due, i.confidential, i.readers,
    a.due < (clock() at time zone 'Europe/Copenhagen')::date as overdue,
    coalesce((select due_before from meeting_action_move m where m.action_id = a.action_id and number = 1), a.due)
        as promised,
    (select count(*) from meeting_action_move m where m.action_id = a.action_id)::int as version
from meeting_action a join agenda_item i using (item_id)
where a.done_at is null and
"""


async def open_of_body(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return what a council has agreed and nobody has done yet, the most overdue first, with each new day it got."""
    rows = [dict(row) for row in await tx.fetch(f"{_LOAD} a.body_id = $1 order by a.due, a.action_id", body_id)]
    moved = await tx.fetch(
        "select action_id, due_before, due_after, reason, authority, moved_at from meeting_action_move"
        " where body_id = $1 order by number",
        body_id,
    )
    of = [(row["action_id"], {name: row[name] for name in _SHOWN}) for row in moved]
    return [row | {"moves": [move for its_id, move in of if its_id == row["action_id"]]} for row in rows]


_SHOWN = ("due_before", "due_after", "reason", "authority", "moved_at")


async def open_one(tx: Tx, action_id: UUID) -> dict[str, Any] | None:
    """Return something that a council has agreed, unless it is done."""
    row = await tx.fetchrow(f"{_LOAD} a.action_id = $1", action_id)
    return None if row is None else dict(row)


async def locked(tx: Tx, action_id: UUID) -> dict[str, Any] | None:
    """Return something agreed with its row locked, for who may move it; None where it is done."""
    held = await tx.fetchval(
        "select action_id from meeting_action where action_id = $1 and done_at is null for update", action_id
    )
    return None if held is None else await open_one(tx, action_id)


async def move(tx: Tx, row: dict[str, Any], due_on: date, reason: str) -> None:
    """Save the new day of something locked, and why."""
    await tx.execute(
        "insert into meeting_action_move (move_id, action_id, body_id, number, due_before, due_after, reason, moved_by)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(new_id(), row["action_id"], row["body_id"], row["version"] + 1, row["due"], due_on, reason),
        tx.principal.subject,
    )
    await tx.change_one("update meeting_action set due = $2 where action_id = $1", row["action_id"], due_on)


async def subjects(tx: Tx, action_id: UUID) -> list[UUID]:
    """Return under which subjects something agreed has come on agendas: itself, and each move, the newest last."""
    rows = await tx.fetch("select move_id from meeting_action_move where action_id = $1 order by number", action_id)
    return [action_id, *(row["move_id"] for row in rows)]
