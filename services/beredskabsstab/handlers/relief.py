"""The relief roster: each authority plans who takes over from whom, and is told in time where nobody does."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.identity import Forbidden, Principal
from chassis.outbox import append
from contracts.beredskabsstab.v1 import ReliefMissing
from contracts.refusal import NotFound
from services.beredskabsstab.domain import relief as rules
from services.beredskabsstab.domain import words
from services.beredskabsstab.domain.log import Kind, Line
from services.beredskabsstab.domain.relief import Shift
from services.beredskabsstab.domain.steps import NotActive, State
from services.beredskabsstab.handlers.log import say
from services.beredskabsstab.handlers.under_way import name_of
from services.beredskabsstab.store import activations, calls, plans, relief

ENDS = "relief-due"
"""The deadline before the end of a shift at which somebody must be there to take over."""

PLANNED: Line = (Kind.ACTION, "{where} har planlagt afløsning: {role} fra {begins} til {ends}.")
REMOVED: Line = (Kind.ACTION, "{where} har taget afløsningen af planen: {role} fra {begins} til {ends}.")
MISSING: Line = (Kind.INFORMATION, "{where} har ingen afløser: {role} går fra {ends}.")

UNDER_WAY = frozenset({State.ACTIVE, State.PLANNED})


async def plan(tx: Tx, activation_id: UUID, new: Shift, who: str, by: Principal) -> int:
    """Plan a shift of a role of an authority; returns the activation's version."""
    version = await activations.next_version(tx, activation_id)
    row = await activations.find(tx, activation_id)
    if row is None:
        raise NotFound
    if row["state"] not in UNDER_WAY:
        raise NotActive
    now = await plans.now(tx)
    rules.require_role(plans.document(row), new.authority, new.role)
    rules.require_possible(new.starts_at, new.ends_at, now)
    await relief.add(tx, activation_id, new, who, by.subject, now)
    await _say(tx, activation_id, PLANNED, new, now)
    await _watch(tx, activation_id, new)
    await calls.touch(tx, activation_id)
    return version


async def _say(tx: Tx, activation_id: UUID, line: Line, shift: Shift, now: datetime) -> None:
    """Write in the log what was done to a shift: as whom, never who, for names go before the log does."""
    times = {"begins": words.clock(shift.starts_at, now), "ends": words.clock(shift.ends_at, now)}
    await say(tx, activation_id, line, where=name_of(shift.authority), role=words.role(shift.role), **times)


async def _watch(tx: Tx, activation_id: UUID, shift: Shift) -> None:
    due_at = shift.ends_at - rules.WARNED_BEFORE
    await set_deadline(tx, kind=ENDS, subject=shift.shift_id, due_at=due_at, correlation_id=activation_id)


async def remove(tx: Tx, activation_id: UUID, shift_id: UUID, by: Principal) -> None:
    """Take a shift off the roster, which its authority does; whoever it would have relieved is looked at again."""
    activation, row = await activations.find(tx, activation_id), await relief.find(tx, shift_id)
    if activation is None or row is None or row["activation_id"] != activation_id:
        raise NotFound
    if row["authority"] not in {by.authority, plans.document(activation).desk}:
        raise Forbidden
    now = await plans.now(tx)
    await relief.remove(tx, shift_id, now)
    await _say(tx, activation_id, REMOVED, relief.as_shift(row), now)
    await cancel_deadline(tx, kind=ENDS, subject=shift_id)
    for other in await relief.of_activation(tx, activation_id):
        if (other["authority"], other["role"]) == (row["authority"], row["role"]) and other["ends_at"] > now:
            await _watch(tx, activation_id, relief.as_shift(other))
    await calls.touch(tx, activation_id)


@due(ENDS)
async def look(shift_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell the shift's authority and the board where nobody takes over from it."""
    row = await relief.find(tx, shift_id)
    activation = await activations.lock(tx, row["activation_id"]) if row else None
    if row is None or activation is None or activation["state"] not in UNDER_WAY:
        return
    shift, others = relief.as_shift(row), await relief.of_activation(tx, row["activation_id"])
    if rules.is_relieved(shift, map(relief.as_shift, others)):
        return
    now = await plans.now(tx)
    await relief.gap_told(tx, shift_id, now)
    await _say(tx, row["activation_id"], MISSING, shift, now)
    version = await activations.next_version(tx, row["activation_id"])
    event = ReliefMissing(
        activation_id=row["activation_id"], authority=shift.authority, role=shift.role, ends_at=shift.ends_at
    )
    await append(tx, event, version=version, correlation_id=row["activation_id"], time=now)
    await calls.touch(tx, row["activation_id"])
