"""The SQL of the kredsraad's vice chairs: who was elected by which decision, and until when."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from contracts.councils.v1.seats import Vacated


@dataclass(frozen=True, slots=True)
class ViceChair:
    """An election that counts until it is vacated."""

    id: UUID
    body_id: UUID
    authority: str
    member_id: UUID
    decision_id: UUID
    votes: dict[str, int]
    by_lot: bool
    elected_on: date
    vacated_on: date | None = None
    vacated_because: Vacated | None = None


async def sitting(tx: Tx, body_id: UUID) -> ViceChair | None:
    """Return the vice chair, if the council has one."""
    return _one(await tx.fetchrow("select * from vice_chair where body_id = $1 and vacated_on is null", body_id))


async def every(tx: Tx, body_id: UUID) -> list[ViceChair]:
    """Return every vice chair of a council, the newest first."""
    rows = await tx.fetch(
        "select * from vice_chair where body_id = $1 order by elected_on desc, vice_chair_id desc", body_id
    )
    return [found for row in rows if (found := _one(row))]


async def of_decision(tx: Tx, decision_id: UUID) -> ViceChair | None:
    """Return who was elected by a decision."""
    return _one(await tx.fetchrow("select * from vice_chair where decision_id = $1", decision_id))


async def add(tx: Tx, new: ViceChair) -> None:
    """Save an election."""
    await tx.execute(
        "insert into vice_chair (vice_chair_id, body_id, authority, member_id, decision_id, votes, by_lot, elected_on,"
        " recorded_by) values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)",
        *(new.id, new.body_id, new.authority, new.member_id, new.decision_id, orjson.dumps(new.votes).decode()),
        *(new.by_lot, new.elected_on, tx.principal.subject),
    )


async def vacate(tx: Tx, vice_chair_id: UUID, day: date, because: Vacated) -> None:
    """Save that an election counts no more, from a day on."""
    await tx.change_one(
        "update vice_chair set vacated_on = $2, vacated_because = $3 where vice_chair_id = $1 and vacated_on is null",
        *(vice_chair_id, day, because),
    )


def _one(row: Any) -> ViceChair | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    because = None if row["vacated_because"] is None else Vacated(row["vacated_because"])
    names = ("body_id", "authority", "member_id", "decision_id", "by_lot", "elected_on", "vacated_on")
    kept = {name: row[name] for name in names}
    return ViceChair(row["vice_chair_id"], votes=orjson.loads(row["votes"]), vacated_because=because, **kept)
