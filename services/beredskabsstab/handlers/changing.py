"""What the police do with an activation that is under way: another step, and its end."""

from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.outbox import append
from contracts.beredskabsstab.v1 import CallKind, StaffStoodDown, StandDown, Step, StepChanged
from contracts.refusal import NotFound
from services.beredskabsstab.domain.log import Kind
from services.beredskabsstab.domain.steps import State, change_step, stand_down
from services.beredskabsstab.handlers import evaluating, resources, tasks
from services.beredskabsstab.handlers.calling import call_step, end_calls, tell_ending
from services.beredskabsstab.handlers.keeping import keep_names_for_a_year
from services.beredskabsstab.handlers.log import log
from services.beredskabsstab.handlers.quorum import look_again
from services.beredskabsstab.store import activations, calls, plans

if TYPE_CHECKING:
    from asyncpg import Record

ENDED = {
    StandDown.STOOD_DOWN: "Staben er afsluttet.",
    StandDown.CANCELLED: "Aktiveringen er annulleret.",
    StandDown.HANDED_OVER: "Ledelsen er overdraget.",
}


async def _locked(tx: Tx, activation_id: UUID) -> "Record":
    row = await activations.lock(tx, activation_id)
    if row is None:
        raise NotFound
    return row


async def to_step(tx: Tx, activation_id: UUID, step: Step, reason: str) -> int:
    """Put the staff at another step: up calls who is new there, down calls nobody. Returns its version."""
    row = await _locked(tx, activation_id)
    change = change_step(State(row["state"]), Step(row["step"]), step, reason)
    now = await plans.now(tx)
    version = await activations.to_step(tx, activation_id, step, now)
    why = f" Begrundelse: {reason}" if reason.strip() else ""
    await log(tx, activation_id, Kind.DECISION, f"Trin ændret fra {change.before} til {step}.{why}")
    parties = activations.authorities(await activations.parties(tx, activation_id))
    event = StepChanged(activation_id=activation_id, before=change.before, step=step, authorities=parties)
    await append(tx, event, version=version, correlation_id=activation_id, time=now)
    if change.is_up:
        # Who is called in now is asked no more whether they could come.
        await end_calls(tx, row, now, CallKind.READINESS)
        await call_step(tx, await _locked(tx, activation_id), now)
    await look_again(tx, activation_id, now)
    return await activations.version(tx, activation_id)


async def end(tx: Tx, activation_id: UUID, outcome: StandDown, by: str, reason: str, handed_over_to: str) -> int:
    """End an activation: nobody is called any more, its room is free, and all are told. Returns its version."""
    row = await _locked(tx, activation_id)
    left = await tasks.open_ones(tx, activation_id)
    after = stand_down(State(row["state"]), outcome, reason=reason, open_tasks=left, handed_over_to=handed_over_to)
    now = await plans.now(tx)
    await tasks.hand_over(tx, left, handed_over_to, now)
    await resources.release_all(tx, activation_id, reason)
    await log(tx, activation_id, Kind.DECISION, f"{ENDED[outcome]} Begrundelse: {reason}")
    await end_calls(tx, row, now)
    await tell_ending(tx, row, outcome)
    version = await activations.end(tx, activation_id, after, by, (reason, handed_over_to), now)
    await evaluating.open_one(tx, row, now)
    await keep_names_for_a_year(tx, activation_id, now)
    parties = activations.authorities(await activations.parties(tx, activation_id))
    event = StaffStoodDown(activation_id=activation_id, outcome=outcome, authorities=parties)
    await append(tx, event, version=version, correlation_id=activation_id, time=now)
    await calls.touch(tx, activation_id)
    return version
