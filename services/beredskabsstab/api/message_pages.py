"""Messages on pages of signed-in people: the line and each message, live for whoever watches."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from chassis.database import Database, Tx
from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.web.live import Live, Topic
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import Id
from services.beredskabsstab.api.live_board import seen
from services.beredskabsstab.api.message_view import message_view
from services.beredskabsstab.api.messages import WRITES
from services.beredskabsstab.api.page import Faults, Sent, Visitor, pages_router, require_sight, show
from services.beredskabsstab.api.web import PAGES
from services.beredskabsstab.domain.information_sending import banner
from services.beredskabsstab.handlers.information import WRITES as UNDER_WAY
from services.beredskabsstab.store import information

router = pages_router()

Loaded = Annotated[int, Query(alias="version", ge=0, le=2**53 - 1)]


async def writing(call: Sent) -> Command:
    """Return the command of somebody who writes, clears or decides; refuse anybody else before a word is read."""
    call.require(*WRITES)
    return call


Writing = Annotated[Command, Depends(writing)]


@router.get("/stab/{activation_id}/beskeder")
async def show_line(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Show the line of an activation, the newest first."""
    require_sight(principal)
    async with service_of(request).database.tx(principal) as tx:
        line = await _line(tx, activation_id)
    may_write = line["is_open"] and not principal.roles.isdisjoint(WRITES)
    return show(request, principal, "message_line.html", is_alive=True, may_write=may_write, **line)


async def _line(tx: Tx, activation_id: UUID) -> dict[str, Any]:
    activation = await seen(tx, activation_id)
    line = await information.of_activation(tx, activation_id)
    return {
        "activation_id": activation_id,
        "title": activation["title"],
        "is_open": activation["state"] in UNDER_WAY,
        "line": line,
        "banner": banner(one.message for one in line),
    }


@router.get("/stab/{activation_id}/beskeder/live")
async def watch_line(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Let the line be watched."""
    require_sight(principal)
    database = service_of(request).database
    async with database.tx(principal) as tx:
        await seen(tx, activation_id)

    async def render() -> str:
        async with database.tx(principal) as tx:
            return PAGES.part("message_line_part.html", **await _line(tx, activation_id))

    return await _live(request).stream(request, Topic(str(activation_id), f"line {principal.authority}"), render)


def _live(request: Request) -> Live:
    found = request.app.state.live
    assert isinstance(found, Live)  # noqa: S101  the wiring says so
    return found


@router.get("/beskeder/{information_id}")
async def show_one(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Show one message, with what its reader may do with it now."""
    require_sight(principal)
    return await message_page(information_id, request, principal)


@router.get("/beskeder/{information_id}/godkend")
async def ask_approval(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Show what the second tap would send: the first tap leads here, and this page changes nothing."""
    require_sight(principal)
    return await message_page(information_id, request, principal, is_asked=True)


async def message_page(
    information_id: UUID,
    request: Request,
    principal: Principal,
    status: int = 200,
    faults: Faults | None = None,
    typed: dict[str, str] | None = None,
    *,
    is_asked: bool = False,
) -> Response:
    """Return the page of a message; where something was refused, with why, and with what was typed."""
    shown = await _one(service_of(request).database, information_id, principal)
    form = {"faults": faults or {}, "typed": typed or {}, "is_asked": is_asked and "approve" in shown["may"]}
    return show(request, principal, "message_one.html", status, is_alive=True, **shown, **form)


async def _one(database: Database, information_id: UUID, principal: Principal) -> dict[str, Any]:
    async with database.tx(principal) as tx:
        kept = await information.find(tx, information_id)
        if kept is None:
            raise NotFound
        return await message_view(tx, kept, await seen(tx, kept.activation_id), principal)


@router.get("/beskeder/{information_id}/live")
async def watch_one(information_id: Id, request: Request, principal: Visitor, loaded: Loaded = 0) -> Response:
    """Let a message be watched by whoever has loaded a version: forms stay as they are, and what changed is said."""
    require_sight(principal)
    database = service_of(request).database
    activation_id = (await _one(database, information_id, principal))["kept"].activation_id

    async def render() -> str:
        shown = await _one(database, information_id, principal)
        return PAGES.part("message_part.html", is_old=shown["kept"].version != loaded, **shown)

    view = f"{information_id} {loaded} {principal.authority}"
    return await _live(request).stream(request, Topic(str(activation_id), view), render)
