"""Answers of those who were called: heard as events, and read from alerting's board where the broker is away."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.alerting.v1 import AlertAnswered
from contracts.event import Envelope
from services.beredskabsstab.domain.boards import Board, Called
from services.beredskabsstab.handlers.quorum import look_again
from services.beredskabsstab.store import calls, plans

if TYPE_CHECKING:
    from asyncpg import Record


@reacts_to(AlertAnswered)
async def answered(event: AlertAnswered, envelope: Envelope, tx: Tx) -> None:
    """Save an answer to one of our own call-ins, and look whether enough come."""
    call_in = await _own(tx, event.source_event_id)
    if call_in is None:
        return
    said = {
        "call_id": event.call_id,
        "authority": event.authority,
        "office": event.office,
        "role": event.role or "vagt",
        "answer": event.answer,
        "eta_minutes": event.eta_minutes,
        "answered_at": envelope.time,
        "number": event.number,
        "source": event.source,
    }
    await save(tx, call_in, said)


async def _own(tx: Tx, source: str | None) -> "Record | None":
    try:
        return await calls.by_id(tx, UUID(source)) if source else None
    except ValueError:
        return None


async def save(tx: Tx, call_in: "Record", said: dict[str, Any]) -> bool:
    """Save an answer and let the rule be looked at; False where it was known already."""
    more = {"activation_id": call_in["activation_id"], "call_in_id": call_in["call_in_id"]}
    if not await calls.save_answer(tx, said | more):
        return False
    await look_again(tx, call_in["activation_id"], await plans.now(tx))
    await calls.touch(tx, call_in["activation_id"])
    return True


async def mirrored(tx: Tx, call_in: "Record", board: Board) -> None:
    """Save what alerting's board shows of a call-in: who was called, who is reached, and answers not heard yet."""
    before = await calls.fingerprint(tx, call_in["call_in_id"])
    await _learn(tx, call_in, board)
    if board.first_handed_over_at:
        await calls.first_handed_over(tx, call_in["call_in_id"], board.first_handed_over_at)
    for one in board.calls:
        if one.answer:
            await save(tx, call_in, _said(one))
    if before != await calls.fingerprint(tx, call_in["call_in_id"]):
        await calls.touch(tx, call_in["activation_id"])


async def _learn(tx: Tx, call_in: "Record", board: Board) -> None:
    """Save who was called; whoever answered before it was known who they are may complete the quorum, or break it."""
    before = await calls.answered_as(tx, call_in["call_in_id"])
    await calls.mirror(tx, call_in, board.calls)
    if before != await calls.answered_as(tx, call_in["call_in_id"]):
        await look_again(tx, call_in["activation_id"], await plans.now(tx))


def _said(one: Called) -> dict[str, Any]:
    return {
        "call_id": one.call_id,
        "authority": one.authority,
        "office": one.office,
        "role": one.role,
        "answer": one.answer,
        "eta_minutes": one.eta_minutes,
        "answered_at": one.answered_at,
        "number": one.answers,
        "source": one.answer_source,
    }
