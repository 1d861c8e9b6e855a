"""The SQL of decisions: what a council has decided at a meeting, on which other facts rest."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx


@dataclass(frozen=True, slots=True)
class Decision:
    """What a council has decided on a point of its agenda."""

    id: UUID
    body_id: UUID
    meeting_id: UUID
    item_id: UUID
    text: str
    outcome: str
    """`decided`, or of a mandatory point `start`, `not_start` or `put_off`."""
    put_off_to: date | None = None
    to_carry_out: bool = False
    """Each lokalraad must carry it out (O-2-09)."""
    confidential: bool = False


def _decision(row: Any) -> Decision:  # noqa: ANN401  a record of asyncpg, which has no types
    names = ("body_id", "meeting_id", "item_id", "text", "outcome", "put_off_to", "to_carry_out", "confidential")
    return Decision(row["decision_id"], *(row[name] for name in names))


async def add(tx: Tx, new: Decision) -> None:
    """Save a decision."""
    await tx.execute(
        "insert into decision (decision_id, body_id, meeting_id, item_id, text, outcome, put_off_to, to_carry_out,"
        " confidential, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(new.id, new.body_id, new.meeting_id, new.item_id, new.text, new.outcome, new.put_off_to),
        *(new.to_carry_out, new.confidential, tx.principal.subject),
    )


async def reword(tx: Tx, decision_id: UUID, text: str) -> None:
    """Put the words of a decision right, while its minutes are not approved."""
    await tx.change_one("update decision set text = $2 where decision_id = $1", decision_id, text)


async def found(tx: Tx, decision_id: UUID) -> Decision | None:
    """Return a decision."""
    row = await tx.fetchrow("select * from decision where decision_id = $1", decision_id)
    return None if row is None else _decision(row)


async def to_carry_out(tx: Tx, body_id: UUID, year: int) -> list[Decision]:
    """Return what a council decided in a year that each lokalraad must carry out."""
    rows = await tx.fetch(
        "select * from decision where body_id = $1 and to_carry_out"
        " and extract(year from decided_at at time zone 'Europe/Copenhagen') = $2 order by decided_at, decision_id",
        *(body_id, year),
    )
    return [_decision(row) for row in rows]
