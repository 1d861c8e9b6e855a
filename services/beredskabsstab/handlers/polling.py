"""Asking beforehand who could come: a poll pages nobody, and its answers forecast a quorum without being one."""

from uuid import UUID

from chassis.database import Tx
from contracts.beredskabsstab.v1 import CallKind, Step
from contracts.refusal import NotFound
from services.beredskabsstab.domain.calling import POLL, READINESS, NobodyToCall
from services.beredskabsstab.domain.forecast import polled
from services.beredskabsstab.domain.steps import NotActive, State
from services.beredskabsstab.handlers.calling import call, end_calls
from services.beredskabsstab.store import activations, calls, plans


async def poll(tx: Tx, activation_id: UUID, window: str, step: Step | None) -> tuple[UUID, int]:
    """Ask whoever a higher step would call, and end an earlier poll; returns the call-in's id and the version."""
    row = await activations.lock(tx, activation_id)
    if row is None:
        raise NotFound
    if row["state"] not in {State.ACTIVE, State.PLANNED}:
        raise NotActive
    begun = row["state"] == State.ACTIVE
    target, places = polled(plans.document(row), Step(row["step"]), step, begun=begun)
    if not places:
        raise NobodyToCall
    await end_calls(tx, row, await plans.now(tx), CallKind.READINESS)
    fields = {"what": row["title"], "at": window}
    made = await call(tx, row, CallKind.READINESS, READINESS, POLL, fields, places, target)
    await calls.touch(tx, activation_id)
    return made.call_in_id, await activations.version(tx, activation_id)
