"""Writing a message of the one line, clearing it, and deciding about it before it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.refusal import NotFound
from services.beredskabsstab.domain import information_rules as rules
from services.beredskabsstab.domain import information_sending as sending
from services.beredskabsstab.domain.affected import affected
from services.beredskabsstab.domain.cap import Info, Words
from services.beredskabsstab.domain.information import Actor, Correction, Decision, Message
from services.beredskabsstab.domain.information_refusals import InformationWrongState
from services.beredskabsstab.domain.standards import fill
from services.beredskabsstab.domain.steps import NotActive, State
from services.beredskabsstab.handlers.information_keeping import Held, held, keep, tell
from services.beredskabsstab.handlers.publishing import Outlet, require_publishable
from services.beredskabsstab.store import activations, calls, information, plans, standards

WRITES = frozenset({State.PLANNED, State.ACTIVE})
"""While the staff works; what it has sent is corrected after that too."""

Filling = tuple[UUID, Mapping[str, str]]
"""A text that was approved beforehand, and what its open places are filled with."""

Rule = Callable[[Message, datetime, int], Decision]
"""What somebody does to a message, at a time, by the wait that the plan gives an approver."""


async def draft(tx: Tx, activation_id: UUID, new: Message, filling: Filling | None, by: Actor, outlet: Outlet) -> Held:
    """Take a new message into the line of an activation under way."""
    row = await activations.find(tx, activation_id)
    if row is None:
        raise NotFound
    if State(row["state"]) not in WRITES:
        raise NotActive
    number, now, plan = await information.next_number(tx, activation_id), await plans.now(tx), plans.document(row)
    new = await _filled(tx, new, filling, now)
    sectors = affected(plan, new.sectors, new.info, by.authority)
    decision = rules.draft(replace(new, number=number, sectors=sectors), by, now)
    return await _begin(tx, activation_id, decision, outlet)


async def correct(
    tx: Tx,
    information_id: UUID,
    new: Message,
    kind: Correction,
    by: Actor,
    outlet: Outlet,
    filling: Filling | None = None,
) -> Held:
    """Draft an update or a cancellation of what was sent, also when the staff has ended."""
    original = await held(tx, information_id)
    number = await information.next_number(tx, original.kept.activation_id)
    new = await _filled(tx, new, filling, original.now)
    sectors = affected(original.plan, new.sectors | original.message.sectors, new.info, by.authority)
    new = replace(new, number=number, sectors=sectors)
    decision = sending.correct(original.message, new, kind, by, original.now)
    return await _begin(tx, original.kept.activation_id, decision, outlet)


async def _filled(tx: Tx, new: Message, filling: Filling | None, now: datetime) -> Message:
    if filling is None:
        return new
    standard_id, fillings = filling
    row = await standards.find(tx, standard_id)
    if row is None:
        raise NotFound
    if row["state"] != "approved":
        raise InformationWrongState(state=row["state"])
    standard = standards.standard(row)
    danish, english = fill(standard, fillings, now)
    filled = replace(new, danish=danish, english=english)
    return replace(filled, standard=str(standard_id), cleared_beforehand=standard.cleared_by)


async def _begin(tx: Tx, activation_id: UUID, decision: Decision, outlet: Outlet) -> Held:
    now = await plans.now(tx)
    row = await activations.find(tx, activation_id)
    if row is None:
        raise NotFound
    kept = await information.add(tx, new_id(), activation_id, decision.message, now)
    new = Held(kept, row, plans.document(row), now)
    await require_publishable(tx, new, outlet)
    await tell(tx, new, decision, 1)
    await calls.touch(tx, activation_id)
    return new


async def edit(
    tx: Tx,
    information_id: UUID,
    words: tuple[Words, Words | None, Info | None],
    sectors: frozenset[str] | None,
    by: Actor,
    outlet: Outlet,
    version: int | None = None,
) -> int:
    """Write other words, in place of those that were read where a version is named; its sectors are looked at again."""
    found = await held(tx, information_id, version)
    named = found.message.sectors if sectors is None else sectors
    touched = affected(found.plan, named, words[2], found.message.authority)
    decision = rules.edit(replace(found.message, sectors=touched), by, *words, found.now)
    await require_publishable(tx, replace(found, kept=replace(found.kept, message=decision.message)), outlet)
    return await keep(tx, found, decision)


async def act(tx: Tx, information_id: UUID, rule: Rule, version: int | None = None) -> int:
    """Do one thing to a message, at the version that was read where one is named; returns its version."""
    found = await held(tx, information_id, version)
    return await keep(tx, found, rule(found.message, found.now, found.plan.approval_wait_s))
