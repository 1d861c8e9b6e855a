"""The one numbered line of messages over HTTP: write, clear, approve and send, correct, and record the warning."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import LEADS, SEES, Asking, Call, Id, answer, require_police
from services.beredskabsstab.api.message_bodies import (
    Approving,
    ApprovingAlone,
    Checking,
    Correcting,
    Drafting,
    Editing,
    Reasoned,
    RecordingWarned,
    actor,
    shown,
)
from services.beredskabsstab.api.message_rules import Do, acting
from services.beredskabsstab.domain.information import Actor
from services.beredskabsstab.handlers import information as acts
from services.beredskabsstab.handlers import publishing, warned
from services.beredskabsstab.handlers.information_keeping import Held
from services.beredskabsstab.handlers.publishing import Outlet
from services.beredskabsstab.store import activations, information

if TYPE_CHECKING:
    from chassis.http import Command

router = APIRouter(tags=["meddelelse"])

WRITES = (Role.STAFF_MEMBER, Role.STAFF_CHAIR, Role.DUTY_OFFICER)


def outlet_of(request: Request) -> Outlet:
    """Return where this installation publishes."""
    outlet: Outlet = request.app.state.outlet
    return outlet


async def _new(call: "Command", draft: Callable[[Tx, Actor], Awaitable[Held]]) -> Response:
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        kept = (await draft(tx, actor(call.principal))).kept
        return Answer(201, {"information_id": kept.information_id, "number": str(kept.message.number)}, version=1)

    return await call.run(work)


async def _act(call: "Command", information_id: UUID, do: Do) -> Response:
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        return Answer(ids={"information_id": information_id}, version=await do(tx, actor(call.principal)))

    return await call.run(work)


@router.post("/activations/{activation_id}/messages", status_code=201)
async def draft(activation_id: Id, body: Drafting, call: Call, request: Request) -> Response:
    """Write a new message; its number is nobody else's."""
    outlet = outlet_of(request)
    return await _new(call, lambda tx, by: acts.draft(tx, activation_id, body.new(), body.filling, by, outlet))


@router.get("/activations/{activation_id}/messages")
async def read_all(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show the line of an activation, the newest first."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        if await activations.find(tx, activation_id) is None:
            raise NotFound
        line = await information.of_activation(tx, activation_id)
    return answer({"messages": [shown(one) for one in line]})


@router.get("/messages-waiting")
async def read_waiting(request: Request, principal: Asking) -> Response:
    """Show what waits for the police: an approval, a review, or a question in the area that was warned."""
    require_police(principal, *LEADS)
    async with service_of(request).database.tx(principal) as tx:
        rows = [(one, await information.asked_back(tx, one.information_id)) for one in await information.waiting(tx)]
    return answer({"messages": [shown(one) | {"ask_about": channels} for one, channels in rows]})


@router.get("/messages/{information_id}")
async def read(information_id: Id, request: Request, principal: Asking) -> Response:
    """Show one message, with what each affected authority has said of it."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        kept = await information.find(tx, information_id)
        if kept is None:
            raise NotFound
        channels = await information.asked_back(tx, information_id)
    return answer(shown(kept) | {"ask_about": channels})


@router.put("/messages/{information_id}")
async def edit(information_id: Id, body: Editing, call: Call, request: Request) -> Response:
    """Write other words; who had cleared the old ones is asked again."""
    words = body.danish.words(), body.english.words() if body.english else None, body.info.info() if body.info else None
    sectors, outlet = None if body.sectors is None else frozenset(body.sectors), outlet_of(request)
    return await _act(call, information_id, lambda tx, by: acts.edit(tx, information_id, words, sectors, by, outlet))


@router.post("/messages/{information_id}/submit")
async def submit(information_id: Id, call: Call) -> Response:
    """Ask the affected authorities; where none is missing, the approver."""
    return await _act(call, information_id, acting("submit", information_id))


@router.post("/messages/{information_id}/clear")
async def clear(information_id: Id, body: Approving, call: Call) -> Response:
    """Say yes for the own sector, to the version that was read."""
    return await _act(call, information_id, acting("clear", information_id, version=body.version))


@router.post("/messages/{information_id}/object")
async def object_to(information_id: Id, body: Reasoned, call: Call) -> Response:
    """Say no for the own sector."""
    return await _act(call, information_id, acting("object", information_id, body.reason))


@router.post("/messages/{information_id}/override")
async def override(information_id: Id, body: Reasoned, call: Call) -> Response:
    """Go on without the sectors that are missing: the chair alone, with a reason."""
    return await _act(call, information_id, acting("override", information_id, body.reason))


@router.post("/messages/{information_id}/recall")
async def recall(information_id: Id, call: Call) -> Response:
    """Take it back to write in it again."""
    return await _act(call, information_id, acting("recall", information_id))


@router.post("/messages/{information_id}/withdraw")
async def withdraw(information_id: Id, call: Call) -> Response:
    """Give it up; its number stays its own."""
    return await _act(call, information_id, acting("withdraw", information_id))


@router.post("/messages/{information_id}/give-back")
async def give_back(information_id: Id, body: Reasoned, call: Call) -> Response:
    """Return it to be written differently."""
    return await _act(call, information_id, acting("give-back", information_id, body.reason))


@router.post("/messages/{information_id}/refuse")
async def refuse(information_id: Id, body: Reasoned, call: Call) -> Response:
    """Say that it is not sent."""
    return await _act(call, information_id, acting("refuse", information_id, body.reason))


@router.post("/messages/{information_id}/approve")
async def approve(information_id: Id, body: Approving, call: Call, request: Request) -> Response:
    """Approve it as it was read, and send it: another person than any who wrote it, with police mandate."""
    outlet = outlet_of(request)
    return await _act(
        call, information_id, lambda tx, by: publishing.approve(tx, information_id, by, body.version, outlet)
    )


@router.post("/messages/{information_id}/approve-alone")
async def approve_alone(information_id: Id, body: ApprovingAlone, call: Call, request: Request) -> Response:
    """Let the chair publish alone when no approver has answered in time; it is marked for review."""
    said, outlet = (body.reason, body.version), outlet_of(request)
    return await _act(
        call, information_id, lambda tx, by: publishing.approve_alone(tx, information_id, by, *said, outlet)
    )


@router.post("/messages/{information_id}/review")
async def review(information_id: Id, body: Reasoned, call: Call) -> Response:
    """Say afterwards what another thinks of a message that the chair published alone."""
    return await _act(call, information_id, acting("review", information_id, body.reason))


@router.post("/messages/{information_id}/correct", status_code=201)
async def correct(information_id: Id, body: Correcting, call: Call, request: Request) -> Response:
    """Write an update or a cancellation of what was sent; it goes the same way as any message."""
    kind, outlet = body.correction, outlet_of(request)
    return await _new(call, lambda tx, by: acts.correct(tx, information_id, body.new(), kind, by, outlet, body.filling))


@router.post("/messages/{information_id}/warned")
async def record_warned(information_id: Id, body: RecordingWarned, call: Call) -> Response:
    """Record that the population was warned by a channel outside of Samvirke."""
    said = body.channel, body.at, body.receipt
    return await _act(call, information_id, lambda tx, by: warned.record(tx, information_id, by, said))


@router.post("/messages/{information_id}/received")
async def record_received(information_id: Id, body: Checking, call: Call) -> Response:
    """Record whether the warning was in fact received in the area."""
    channel, received = body.channel, body.received
    return await _act(
        call,
        information_id,
        lambda tx, by: warned.record_received(tx, information_id, by, channel, received=received),
    )
