"""Messages on pages of signed-in people: the line, clearing one, and approving one by two taps on a telephone."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.identity import Principal
from chassis.problems import InvalidInput
from chassis.web.forms import form_of
from chassis.web.pages import HEADERS
from chassis.web.sessions import page_command, signed_in_page
from contracts.codes import authorities
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import SEES, Id
from services.beredskabsstab.api.message_bodies import actor
from services.beredskabsstab.api.messages import WRITES, outlet_of
from services.beredskabsstab.api.web import PAGES
from services.beredskabsstab.domain import information_rules as rules
from services.beredskabsstab.domain.information import Actor, State
from services.beredskabsstab.domain.information_sending import banner
from services.beredskabsstab.handlers import information as acts
from services.beredskabsstab.handlers import publishing
from services.beredskabsstab.store import activations, information, plans

if TYPE_CHECKING:
    from asyncpg import Record

    from services.beredskabsstab.store.information import Kept

router = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Visitor = Annotated[Principal, Depends(signed_in_page)]
Sent = Annotated[Command, Depends(page_command)]
Do = Callable[[Tx, Actor], Awaitable[int]]

REASON_MAX = 500


@router.get("/stab/{activation_id}/beskeder")
async def show_line(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Show the line of an activation, the newest first."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        activation = await activations.find(tx, activation_id)
        if activation is None:
            raise NotFound
        line = await information.of_activation(tx, activation_id)
    shown: dict[str, Any] = {"title": activation["title"], "line": line, "banner": banner(one.message for one in line)}
    return PAGES.render(request, "message_line.html", **shown)


@router.get("/beskeder/{information_id}")
async def show_one(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Show one message, with what its reader may do with it now."""
    return await _page(information_id, request, principal, is_asked=False)


@router.get("/beskeder/{information_id}/godkend")
async def ask_approval(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Show what the second tap would send: the first tap leads here, and this page changes nothing."""
    return await _page(information_id, request, principal, is_asked=True)


async def _page(information_id: UUID, request: Request, principal: Principal, *, is_asked: bool) -> Response:
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        kept = await information.find(tx, information_id)
        activation = await activations.find(tx, kept.activation_id) if kept else None
        if kept is None or activation is None:
            raise NotFound
        now = await plans.now(tx)
    shown = _view(kept, activation, actor(principal), now) | {"is_asked": is_asked}
    return PAGES.render(request, "message_one.html", **shown)


def _view(kept: "Kept", activation: "Record", by: Actor, now: datetime) -> dict[str, Any]:
    one = kept.message
    wait_s = plans.document(activation).approval_wait_s
    alone_from = one.approval_asked_at + timedelta(seconds=wait_s) if one.approval_asked_at else None
    return {
        "kept": kept,
        "one": one,
        "title": activation["title"],
        "may_approve": one.state is State.CLEARED and by.has_police_mandate and by.person not in one.written_by,
        "may_clear": one.state is State.CLEARING and by.authority in one.missing,
        "may_alone": by.is_chair and one.state is State.CLEARED and alone_from is not None and now >= alone_from,
        "may_override": by.is_chair and one.state is State.CLEARING,
        "alone_from": alone_from if by.is_chair and one.state is State.CLEARED else None,
        "names": {name: authorities()[name].name for name in one.sectors},
    }


@router.post("/beskeder/{information_id}/godkend")
async def approve(information_id: Id, request: Request, call: Sent) -> Response:
    """Approve and send, by the second tap."""
    version, outlet = await _version(request), outlet_of(request)
    return await _done(call, information_id, lambda tx, by: publishing.approve(tx, information_id, by, version, outlet))


@router.post("/beskeder/{information_id}/alene")
async def approve_alone(information_id: Id, request: Request, call: Sent) -> Response:
    """Publish alone, as chair, when no approver has answered in time."""
    said, outlet = (await _reason(request), await _version(request)), outlet_of(request)
    return await _done(
        call, information_id, lambda tx, by: publishing.approve_alone(tx, information_id, by, *said, outlet)
    )


@router.post("/beskeder/{information_id}/klar")
async def clear(information_id: Id, request: Request, call: Sent) -> Response:
    """Clear a message for the own sector."""
    version = await _version(request)

    def do(tx: Tx, by: Actor) -> Awaitable[int]:
        return acts.act(tx, information_id, lambda one, now, wait_s: rules.clear(one, by, now, wait_s), version)

    return await _done(call, information_id, do)


@router.post("/beskeder/{information_id}/indsigelse")
async def object_to(information_id: Id, request: Request, call: Sent) -> Response:
    """Object to a message for the own sector."""
    reason = await _reason(request)

    def do(tx: Tx, by: Actor) -> Awaitable[int]:
        return acts.act(tx, information_id, lambda one, now, _: rules.object_to(one, by, reason, now))

    return await _done(call, information_id, do)


@router.post("/beskeder/{information_id}/uden")
async def override(information_id: Id, request: Request, call: Sent) -> Response:
    """Go on without the sectors that are missing, as chair."""
    reason = await _reason(request)

    def do(tx: Tx, by: Actor) -> Awaitable[int]:
        return acts.act(tx, information_id, lambda one, now, wait_s: rules.override(one, by, reason, now, wait_s))

    return await _done(call, information_id, do)


@router.post("/beskeder/{information_id}/retur")
async def give_back(information_id: Id, request: Request, call: Sent) -> Response:
    """Return a message to be written differently."""
    reason = await _reason(request)

    def do(tx: Tx, by: Actor) -> Awaitable[int]:
        return acts.act(tx, information_id, lambda one, now, _: rules.give_back(one, by, reason, now))

    return await _done(call, information_id, do)


async def _done(call: Command, information_id: UUID, do: Do) -> Response:
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        return Answer(ids={"information_id": information_id}, version=await do(tx, actor(call.principal)))

    await call.carry_out(work)
    return RedirectResponse(f"/beskeder/{information_id}", 303, HEADERS)


async def _version(request: Request) -> int:
    said = (await form_of(request)).get("version", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 18):  # noqa: PLR2004  as many digits as the database takes
        raise InvalidInput
    return int(said)


async def _reason(request: Request) -> str:
    said = (await form_of(request)).get("begrundelse", "")
    if len(said) > REASON_MAX or "\x00" in said:
        raise InvalidInput
    return said
