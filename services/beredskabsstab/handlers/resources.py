"""The board of resources: what authorities offer and ask for, and the chair's allocation with its reason."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from chassis.outbox import append
from contracts.beredskabsstab.v1 import (
    ResourceAllocated,
    ResourceOffered,
    ResourceReleased,
    ResourceRequested,
    ResourceWantedBack,
    ResourceWithdrawn,
)
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.domain import resources as rules
from services.beredskabsstab.domain.log import Kind
from services.beredskabsstab.domain.resources import Allocation, Board, Line, Side, State
from services.beredskabsstab.domain.sector import answers_for, party_of, require_own
from services.beredskabsstab.domain.steps import ReasonMissing
from services.beredskabsstab.handlers.log import log
from services.beredskabsstab.handlers.under_way import name_of, under_way
from services.beredskabsstab.store import calls, plans, resources
from services.beredskabsstab.store.resources import Entered, Said

if TYPE_CHECKING:
    from contracts.event import Event


async def enter(tx: Tx, activation_id: UUID, line: Line, more: Entered) -> None:
    """Put an offer or a request on the board."""
    row = await under_way(tx, activation_id)
    line = replace(line, authority=party_of(plans.document(row), line.authority).authority)
    now, who = await plans.now(tx), tx.principal
    await resources.add(tx, activation_id, line, more, (who.subject, who.authority), now)
    verb, told = ("tilbyder", ResourceOffered) if line.side is Side.OFFER else ("beder om", ResourceRequested)
    await log(tx, activation_id, Kind.INFORMATION, f"{name_of(line.authority)} {verb} {_some(line, line.amount)}.")
    event = told(
        resource_id=line.line_id,
        activation_id=activation_id,
        authority=line.authority,
        kind=line.kind,
        amount=line.amount,
    )
    await append(tx, event, version=1, correlation_id=activation_id, time=now)
    await calls.touch(tx, activation_id)


def _some(line: Line, amount: int) -> str:
    return f"{amount} stk. {line.kind}"


async def _said(tx: Tx, reason: str) -> Said:
    if not reason.strip():
        raise ReasonMissing
    return Said(tx.principal.subject, reason, await plans.now(tx))


async def allocate(tx: Tx, activation_id: UUID, new: Allocation, reason: str) -> None:
    """Allocate a part of an offer to a request, by the chair, with the reason."""
    await under_way(tx, activation_id)
    said, before = await _said(tx, reason), await resources.board(tx, activation_id)
    after = rules.allocate(before, new, said.at)
    await _save(tx, activation_id, before, after, said)
    text = f"Tildelt {_given(after, new)}. Begrundelse: {reason}"
    await log(tx, activation_id, Kind.DECISION, text)
    await calls.touch(tx, activation_id)


def _given(board: Board, one: Allocation, amount: int | None = None) -> str:
    offer, request = board.lines[one.offer_id], board.lines[one.request_id]
    some = _some(offer, one.amount if amount is None else amount)
    return f"{some} fra {name_of(offer.authority)} til {name_of(request.authority)}"


async def release(tx: Tx, activation_id: UUID, allocation_id: UUID, amount: int | None, reason: str) -> None:
    """Let an allocation go, or a part of it: by the chair, or by who has it."""
    row = await under_way(tx, activation_id)
    said, before = await _said(tx, reason), await resources.board(tx, activation_id)
    one = before.allocation(allocation_id)
    plan, who = plans.document(row), tx.principal
    if Role.STAFF_CHAIR not in who.roles or not answers_for(plan, who.authority, plan.chair):
        require_own(plan, who.authority, before.lines[one.request_id].authority)
    after = rules.release(before, allocation_id, amount)
    await _save(tx, activation_id, before, after, said)
    text = f"Frigivet {_given(before, one, one.amount if amount is None else amount)}. Begrundelse: {reason}"
    await log(tx, activation_id, Kind.DECISION, text)
    await calls.touch(tx, activation_id)


async def move(tx: Tx, activation_id: UUID, allocation_id: UUID, to: UUID, amount: int | None, reason: str) -> UUID:
    """Take from one request and give to another, with the reason; returns the new allocation's id."""
    await under_way(tx, activation_id)
    said, before = await _said(tx, reason), await resources.board(tx, activation_id)
    one = before.allocation(allocation_id)
    new = Allocation(new_id(), one.offer_id, to, one.amount if amount is None else amount)
    after = rules.move(before, allocation_id, new, said.at)
    await _save(tx, activation_id, before, after, said)
    took = name_of(before.lines[one.request_id].authority)
    text = f"Omprioriteret fra {took}: {_given(after, new)}. Begrundelse: {reason}"
    await log(tx, activation_id, Kind.DECISION, text)
    await calls.touch(tx, activation_id)
    return new.allocation_id


async def withdraw(tx: Tx, activation_id: UUID, line_id: UUID, reason: str) -> State:
    """Withdraw an offer or a request, by its own authority; an offer that others have goes to the chair instead."""
    row = await under_way(tx, activation_id)
    said, before = await _said(tx, reason), await resources.board(tx, activation_id)
    if line_id not in before.lines:
        raise NotFound
    line = before.lines[line_id]
    require_own(plans.document(row), tx.principal.authority, line.authority)
    after = rules.withdraw(before, line_id)
    await _save(tx, activation_id, before, after, said)
    await resources.say_withdrawn(tx, line_id, reason)
    ends = "vil have sit tilbage fra andre" if after.lines[line_id].state is State.WANTED_BACK else "trækker tilbage"
    text = f"{name_of(line.authority)} {ends}: {_some(line, line.amount)}. Begrundelse: {reason}"
    await log(tx, activation_id, Kind.INFORMATION, text)
    await calls.touch(tx, activation_id)
    return after.lines[line_id].state


async def prioritise(tx: Tx, activation_id: UUID, line_id: UUID, priority: int, reason: str) -> None:
    """Say how urgent a request is, 1 the most, by the chair with the reason."""
    await under_way(tx, activation_id)
    await _said(tx, reason)
    line = (await resources.board(tx, activation_id)).line(line_id, Side.REQUEST)
    await resources.prioritise(tx, line_id, priority)
    text = f"Prioritet {priority}: {name_of(line.authority)}, {_some(line, line.amount)}. Begrundelse: {reason}"
    await log(tx, activation_id, Kind.DECISION, text)
    await calls.touch(tx, activation_id)


async def release_all(tx: Tx, activation_id: UUID, reason: str) -> None:
    """Let everything go when the staff ends; its row is locked."""
    said, before = await _said(tx, reason), await resources.board(tx, activation_id)
    after = before
    for one in before.allocations.values():
        after = rules.release(after, one.allocation_id) if one.amount else after
    await _save(tx, activation_id, before, after, said)


async def _save(tx: Tx, activation_id: UUID, before: Board, after: Board, said: Said) -> None:
    """Save what changed and tell it: what goes before what comes, so that nothing is ever out twice."""
    lines, moved = rules.changed(before, after)
    moved.sort(key=lambda pair: pair[1])
    for one, _ in moved:
        if one.allocation_id in before.allocations:
            await resources.lessen(tx, one, said)
        else:
            await resources.put_allocation(tx, activation_id, one, said)
    for one, more in moved:
        await _tell(tx, after.lines[one.offer_id], _moved(activation_id, after, one, more), said.at)
    for line in lines:
        told = ResourceWantedBack if line.state is State.WANTED_BACK else ResourceWithdrawn
        event = told(resource_id=line.line_id, activation_id=activation_id, authority=line.authority)
        await _tell(tx, line, event, said.at)


def _moved(activation_id: UUID, board: Board, one: Allocation, more: int) -> "Event":
    told = ResourceAllocated if more > 0 else ResourceReleased
    return told(
        resource_id=one.offer_id,
        activation_id=activation_id,
        allocation_id=one.allocation_id,
        request_id=one.request_id,
        offered_by=board.lines[one.offer_id].authority,
        authority=board.lines[one.request_id].authority,
        kind=board.lines[one.offer_id].kind,
        amount=abs(more),
    )


async def _tell(tx: Tx, line: Line, event: "Event", at: datetime) -> None:
    """Tell something about a line in its next version."""
    activation_id: UUID = event.activation_id  # type: ignore[attr-defined]  # every event of a resource has it
    await append(tx, event, version=await resources.put_line(tx, line), correlation_id=activation_id, time=at)
