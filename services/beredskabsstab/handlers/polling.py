"""Asking beforehand who could come: a poll pages nobody, and its answers forecast a quorum without being one."""

from uuid import UUID

from chassis.database import Tx
from contracts.beredskabsstab.v1 import CallKind, Step
from contracts.refusal import NotFound
from services.beredskabsstab.domain import words
from services.beredskabsstab.domain.calling import POLL, READINESS, NobodyToCall
from services.beredskabsstab.domain.forecast import polled
from services.beredskabsstab.domain.log import Kind, Line
from services.beredskabsstab.domain.steps import NotActive, State
from services.beredskabsstab.handlers.calling import call, end_calls
from services.beredskabsstab.handlers.log import say
from services.beredskabsstab.store import activations, calls, plans

ASKED: Line = (
    Kind.ACTION,
    "Spurgt, hvem der kan møde {window} ved {step}: {roles} roller hos {authorities} myndigheder. Ingen er kaldt ind.",
)


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
    offices, step_name = len({one.authority for one in places}), words.STEPS[target].lower()
    said = {"window": window, "step": step_name, "roles": str(len(places)), "authorities": str(offices)}
    await say(tx, activation_id, ASKED, **said)
    await calls.touch(tx, activation_id)
    return made.call_in_id, await activations.version(tx, activation_id)
