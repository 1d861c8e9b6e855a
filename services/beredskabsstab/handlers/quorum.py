"""Whether enough come: looked at again after each answer, and when one that counts runs out."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.outbox import append
from contracts.beredskabsstab.v1 import QuorumLost, QuorumReached, Step
from services.beredskabsstab.domain.log import Kind
from services.beredskabsstab.domain.quorum import Quorum, reckon
from services.beredskabsstab.domain.steps import State
from services.beredskabsstab.handlers.log import log
from services.beredskabsstab.handlers.under_way import name_of
from services.beredskabsstab.store import activations, calls, plans

if TYPE_CHECKING:
    from asyncpg import Record

REVIEW = "quorum-review"
"""The deadline by which the rule is looked at again."""


async def look_again(tx: Tx, activation_id: UUID, at: datetime) -> None:
    """Let the rule be looked at again, now or later."""
    await set_deadline(tx, kind=REVIEW, subject=activation_id, due_at=at, correlation_id=activation_id, at_once=True)


@due(REVIEW)
async def review(activation_id: UUID, _: datetime, tx: Tx) -> None:
    """Look at the rule of the activation's step, tell when it was reached or lost, and set the next look."""
    row = await activations.lock(tx, activation_id)
    if row is None or row["state"] != State.ACTIVE:
        return
    now = await plans.now(tx)
    quorum = await reckoned(tx, row, now)
    before = await activations.save_quorum(tx, activation_id, quorum, now)
    if quorum.is_reached != before:
        await _tell(tx, row, quorum, now)
    if quorum.next_change is not None:
        await set_deadline(
            tx, kind=REVIEW, subject=activation_id, due_at=quorum.next_change, correlation_id=activation_id
        )
    await calls.touch(tx, activation_id)


async def reckoned(tx: Tx, row: "Record", at: datetime) -> Quorum:
    """Return how the rule of an activation's step stands at a moment."""
    plan = plans.document(row)
    municipalities = frozenset(row["municipalities"])
    return reckon(plan, Step(row["step"]), municipalities, await calls.answered(tx, row["activation_id"]), at)


async def _tell(tx: Tx, row: "Record", quorum: Quorum, now: datetime) -> None:
    seconds = max(0, int((now - row["step_since"]).total_seconds()))
    event = (
        QuorumReached(activation_id=row["activation_id"], step=quorum.step, seconds=seconds)
        if quorum.is_reached
        else QuorumLost(activation_id=row["activation_id"], step=quorum.step, missing=quorum.missing())
    )
    await log(tx, row["activation_id"], Kind.INFORMATION, _in_words(quorum))
    version = await activations.next_version(tx, row["activation_id"])
    await append(tx, event, version=version, correlation_id=row["activation_id"], time=now)


def _in_words(quorum: Quorum) -> str:
    if quorum.is_reached:
        return f"Staben er beslutningsdygtig på trinnet {quorum.step}."
    missing = ", ".join(name_of(one) for one in quorum.missing())
    return f"Staben er ikke længere beslutningsdygtig på trinnet {quorum.step}. Mangler: {missing}."
