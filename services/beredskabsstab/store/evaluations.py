"""Evaluations with what they found, and the times that they are reckoned from."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from contracts.alerting.v1 import AnswerKind
from services.beredskabsstab.domain.evaluation import Called, Found
from services.beredskabsstab.domain.quorum import Answered

if TYPE_CHECKING:
    from asyncpg import Record


async def open_one(tx: Tx, activation_id: UUID, owner: str, due_at: datetime, at: datetime) -> None:
    """Open the evaluation of an activation that has ended."""
    await tx.execute(
        "insert into evaluation (activation_id, owner, due_at, state, opened_at) values ($1, $2, $3, 'open', $4)",
        *(activation_id, owner, due_at, at),
    )


async def find(tx: Tx, activation_id: UUID) -> "Record | None":
    """Return the evaluation of an activation; None where it has not ended."""
    return await tx.fetchrow("select * from evaluation where activation_id = $1", activation_id)


async def conclude(tx: Tx, activation_id: UUID, by: str, words: str, at: datetime) -> int:
    """Conclude an evaluation; returns the activation's version."""
    await tx.change_one(
        "update evaluation set state = 'concluded', conclusion = $3, concluded_by = $2, concluded_at = $4"
        " where activation_id = $1",
        *(activation_id, by, words, at),
    )
    version: int = await tx.fetchval(
        "update activation set state = 'evaluated', version = version + 1 where activation_id = $1 returning version",
        activation_id,
    )
    return version


async def tell_overdue(tx: Tx, activation_id: UUID, at: datetime) -> None:
    """Save that whoever owes an evaluation was told that its time has passed."""
    await tx.change_one("update evaluation set overdue_at = $2 where activation_id = $1", activation_id, at)


async def owed(tx: Tx) -> "list[Record]":
    """Return the evaluations that should have been concluded, as the caller sees them, the oldest first."""
    return await tx.fetch(
        "select e.activation_id, e.owner, e.due_at, a.title from evaluation e join activation a using (activation_id)"
        " where e.state = 'open' and e.due_at < clock() order by e.due_at"
    )


async def count_owed(tx: Tx) -> "list[Record]":
    """Return how many evaluations each owner should have concluded."""
    return await tx.fetch(
        "select owner, count(*)::int from evaluation where state = 'open' and due_at < clock() group by owner"
    )


# -- findings ----------------------------------------------------------------------------------------------------------


async def add_finding(tx: Tx, row: dict[str, object]) -> None:
    """Save a finding."""
    await tx.execute(
        "insert into finding (finding_id, activation_id, words, owner, due_at, state, recorded_by,"
        " recorded_by_authority, recorded_at) values ($1, $2, $3, $4, $5, 'open', $6, $7, $8)",
        *(row["finding_id"], row["activation_id"], row["words"], row["owner"], row["due_at"]),
        *(row["by"], row["authority"], row["at"]),
    )


async def findings(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return what the evaluation of an activation found, in order."""
    return await tx.fetch(
        "select * from finding where activation_id = $1 order by recorded_at, finding_id", activation_id
    )


async def finding(tx: Tx, activation_id: UUID, finding_id: UUID) -> "Record | None":
    """Return a finding of an activation."""
    return await tx.fetchrow(
        "select * from finding where finding_id = $2 and activation_id = $1", activation_id, finding_id
    )


async def finding_by_id(tx: Tx, finding_id: UUID) -> "Record | None":
    """Return a finding."""
    return await tx.fetchrow("select * from finding where finding_id = $1", finding_id)


async def give(tx: Tx, finding_id: UUID, owner: str, due_at: datetime) -> None:
    """Give a finding to an authority that follows it up by a time."""
    await tx.change_one(
        "update finding set owner = $2, due_at = $3, overdue_at = null where finding_id = $1", finding_id, owner, due_at
    )


async def resolve(tx: Tx, finding_id: UUID, by: str, words: str, at: datetime) -> None:
    """Save that a finding is followed up."""
    await tx.change_one(
        "update finding set state = 'done', resolution = $3, resolved_by = $2, resolved_at = $4 where finding_id = $1",
        *(finding_id, by, words, at),
    )


async def overdue(tx: Tx, finding_id: UUID, at: datetime) -> None:
    """Save that a finding should have been followed up."""
    await tx.change_one("update finding set overdue_at = $2 where finding_id = $1", finding_id, at)


async def count_overdue(tx: Tx) -> "list[Record]":
    """Return how many findings of each owner are overdue."""
    return await tx.fetch(
        "select owner, count(*)::int from finding where state = 'open' and due_at < clock() group by owner"
    )


def as_found(rows: "list[Record]") -> list[Found]:
    """Return findings as the rules look at them."""
    return [Found(row["owner"], row["state"] == "done") for row in rows]


# -- the times ---------------------------------------------------------------------------------------------------------


async def called(tx: Tx, activation_id: UUID) -> list[Called]:
    """Return whom the steps of an activation called, and when the first message of their call-in was handed over."""
    rows = await tx.fetch(
        "select m.authority, m.called_at, c.handed_over_at from member m join call_in c using (call_in_id)"
        " where m.activation_id = $1 and c.kind = 'step'",
        activation_id,
    )
    return [Called(**row) for row in rows]


async def answers(tx: Tx, activation_id: UUID) -> list[Answered]:
    """Return every answer to the call-ins of an activation's steps, also those that were taken back, in order."""
    rows = await tx.fetch(
        "select coalesce(m.person, m.call_id)::text as person, m.authority, m.role, a.answer, a.eta_minutes,"
        " a.answered_at from member_answer a join member m using (call_id) join call_in c using (call_in_id)"
        " where a.activation_id = $1 and c.kind = 'step' order by a.answered_at, a.number",
        activation_id,
    )
    return [Answered(**{**row, "answer": AnswerKind(row["answer"])}) for row in rows]


async def quorum_reached(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the steps whose rule is reached, and since when."""
    return await tx.fetch(
        "select step, changed_at from quorum where activation_id = $1 and reached order by changed_at", activation_id
    )
