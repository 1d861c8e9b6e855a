"""The SQL of the corrections of minutes that members propose, and their answers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.store.minutes import Minutes


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a member wants to stand in the minutes of a point, and why."""

    item_id: UUID
    text: str
    decision: str
    reason: str


_SHOWN = (
    *("correction_id", "edition", "item_id", "text", "decision", "reason", "authority", "proposed_by", "proposed_at"),
    *("accepted", "answer", "answered_at"),
)


async def add(tx: Tx, last: Minutes, body_id: UUID, new: Proposal) -> UUID | None:
    """Save a proposal; None where its author has one about the point that is not answered."""
    correction_id: UUID | None = await tx.fetchval(
        "insert into minutes_correction (correction_id, meeting_id, edition, item_id, body_id, text, decision, reason,"
        " authority, proposed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict do nothing returning correction_id",
        *(new_id(), last.meeting_id, last.edition, new.item_id, body_id, new.text, new.decision, new.reason),
        *(tx.principal.authority, tx.principal.subject),
    )
    return correction_id


async def locked(tx: Tx, meeting_id: UUID, correction_id: UUID) -> dict[str, Any] | None:
    """Return a proposal about a meeting's minutes, with its row locked."""
    row = await tx.fetchrow(
        "select * from minutes_correction where correction_id = $1 and meeting_id = $2 for update",
        *(correction_id, meeting_id),
    )
    return None if row is None else dict(row)


async def answered(tx: Tx, correction_id: UUID, answer: str, *, accepted: bool) -> None:
    """Save what a proposal was answered."""
    await tx.change_one(
        "update minutes_correction set accepted = $2, answer = $3, answered_by = $4, answered_at = clock()"
        " where correction_id = $1 and accepted is null",
        *(correction_id, accepted, answer, tx.principal.subject),
    )


async def of_meeting(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return what was proposed about a meeting's minutes, the oldest first."""
    rows = await tx.fetch(
        "select * from minutes_correction where meeting_id = $1 order by proposed_at, correction_id", meeting_id
    )
    return [{name: row[name] for name in _SHOWN} for row in rows]


async def are_open(tx: Tx, meeting_id: UUID) -> bool:
    """Say whether something proposed about a meeting's minutes is not answered."""
    return bool(
        await tx.fetchval(
            "select exists (select from minutes_correction where meeting_id = $1 and accepted is null)", meeting_id
        )
    )
