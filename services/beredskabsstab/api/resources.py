"""The board of resources over HTTP: offers and requests of all authorities, and the chair's allocation."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, model_validator

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from contracts.beredskabsstab.v1 import Code
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import (
    LEADS,
    SEES,
    Asking,
    AuthorityName,
    Body,
    Call,
    Id,
    Moment,
    Reason,
    Text,
    answer,
    require_police,
)
from services.beredskabsstab.api.log import WRITES
from services.beredskabsstab.domain.resources import Allocation, Line, Side
from services.beredskabsstab.handlers import resources as acts
from services.beredskabsstab.store import activations, resources
from services.beredskabsstab.store.resources import Entered

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["ressource"])

Amount = Annotated[int, Field(ge=1, le=1_000_000)]


class Entering(Body):
    """A line of the board; the desk names the authority that called."""

    kind: Code
    amount: Amount
    what: Text
    """What it is, or what it is for."""
    place: Reason = ""
    from_at: Moment | None = None
    until_at: Moment | None = None
    on_behalf_of: AuthorityName | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Entering":
        if self.from_at and self.until_at and self.until_at <= self.from_at:
            raise ValueError("an end before its beginning")
        return self


class Allocating(Body):
    """How much of which offer goes to which request, and why."""

    offer_id: UUID
    request_id: UUID
    amount: Amount
    reason: Reason


class Releasing(Body):
    """How much is let go, all of it where it is not said, and why."""

    amount: Amount | None = None
    reason: Reason


class Moving(Releasing):
    """To which request how much goes instead, and why."""

    request_id: UUID


class Why(Body):
    """Why, in words."""

    reason: Reason


class Prioritising(Why):
    """How urgent a request is: 1 is the most."""

    priority: Annotated[int, Field(ge=1, le=9)]


@router.get("/activations/{activation_id}/resources")
async def read_board(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show the whole board to everybody in the staff: what is offered, asked for, free and missing."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        if await activations.find(tx, activation_id) is None:
            raise NotFound
        lines = await resources.lines(tx, activation_id)
        allocated = await resources.allocations(tx, activation_id)
    sides = {side: [_line(row) for row in lines if row["side"] == side] for side in Side}
    shown = [_allocation(row) for row in allocated]
    return answer({"offers": sides[Side.OFFER], "requests": sides[Side.REQUEST], "allocations": shown})


def _line(row: "Record") -> dict[str, Any]:
    names = ("line_id", "authority", "kind", "amount", "allocated", "what", "place", "from_at", "until_at", "priority")
    more = ("state", "entered_at", "withdrawn_reason", "version")
    return {name: row[name] for name in (*names, *more)} | {"left": row["amount"] - row["allocated"]}


def _allocation(row: "Record") -> dict[str, Any]:
    names = ("allocation_id", "offer_id", "request_id", "amount", "reason", "allocated_at", "released_at")
    return {name: row[name] for name in (*names, "released_reason")}


@router.post("/activations/{activation_id}/resource-offers", status_code=201)
async def offer(activation_id: Id, body: Entering, call: Call) -> Response:
    """Offer what the own authority has; the desk enters what somebody offers by telephone."""
    return await _enter(activation_id, Side.OFFER, body, call)


@router.post("/activations/{activation_id}/resource-requests", status_code=201)
async def ask_for(activation_id: Id, body: Entering, call: Call) -> Response:
    """Ask for what the own authority needs; the desk enters what somebody asks for by telephone."""
    return await _enter(activation_id, Side.REQUEST, body, call)


async def _enter(activation_id: UUID, side: Side, body: Entering, call: Call) -> Response:
    call.require(*WRITES)
    if body.on_behalf_of is not None and body.on_behalf_of != call.principal.authority:
        require_police(call.principal, *LEADS)
    authority = body.on_behalf_of or call.principal.authority
    line = Line(new_id(), side, authority, body.kind, body.amount, body.until_at)

    async def work(tx: Tx) -> Answer:
        await acts.enter(tx, activation_id, line, Entered(body.what, body.place, body.from_at))
        return Answer(201, {"line_id": line.line_id}, version=1)

    return await call.run(work)


@router.post("/activations/{activation_id}/resource-allocations", status_code=201)
async def allocate(activation_id: Id, body: Allocating, call: Call) -> Response:
    """Allocate a part of an offer to a request, as the chair, with the reason."""
    require_police(call.principal, Role.STAFF_CHAIR)
    new = Allocation(new_id(), body.offer_id, body.request_id, body.amount)

    async def work(tx: Tx) -> Answer:
        await acts.allocate(tx, activation_id, new, body.reason)
        return Answer(201, {"allocation_id": new.allocation_id})

    return await call.run(work)


@router.post("/activations/{activation_id}/resource-allocations/{allocation_id}/release")
async def release(activation_id: Id, allocation_id: Id, body: Releasing, call: Call) -> Response:
    """Let an allocation go, or a part of it: the chair, or the authority that has it."""
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        await acts.release(tx, activation_id, allocation_id, body.amount, body.reason)
        return Answer(ids={"allocation_id": allocation_id})

    return await call.run(work)


@router.post("/activations/{activation_id}/resource-allocations/{allocation_id}/move", status_code=201)
async def move(activation_id: Id, allocation_id: Id, body: Moving, call: Call) -> Response:
    """Take from one request and give to another, as the chair, with the reason (omprioritering)."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        made = await acts.move(tx, activation_id, allocation_id, body.request_id, body.amount, body.reason)
        return Answer(201, {"allocation_id": made})

    return await call.run(work)


@router.post("/activations/{activation_id}/resources/{line_id}/withdraw")
async def withdraw(activation_id: Id, line_id: Id, body: Why, call: Call) -> Response:
    """Withdraw the own offer or request; what others have of an offer is the chair's to let go, and `state` says so."""
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        return Answer(ids={"line_id": line_id, "state": await acts.withdraw(tx, activation_id, line_id, body.reason)})

    return await call.run(work)


@router.post("/activations/{activation_id}/resources/{line_id}/priority")
async def prioritise(activation_id: Id, line_id: Id, body: Prioritising, call: Call) -> Response:
    """Say how urgent a request is, as the chair, with the reason."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        await acts.prioritise(tx, activation_id, line_id, body.priority, body.reason)
        return Answer(ids={"line_id": line_id})

    return await call.run(work)
