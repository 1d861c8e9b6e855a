"""An extraordinary meeting on pages: a member asks for it, and the secretary plans it from what was asked (L-29)."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.http import Command
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faulty, Typed, body, done, words
from chassis.web.sessions import page_command
from contracts.codes import Role
from services.councils.api import meetings, vice_chair
from services.councils.api.desk import show_member, show_secretariat
from services.councils.api.desk_year import LENGTHS, Sent
from services.councils.api.web import PAGES, told
from services.councils.domain.moments import from_field

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)


async def asking(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a member; refuse anybody else before a word is read."""
    call.require(Role.COUNCIL_MEMBER)
    return call


Member = Annotated[Command, Depends(asking)]


@pages.post("/raad-arbejde/{body_id}/anmodning")
async def ask(body_id: UUID, request: Request, call: Member) -> Response:
    """Ask for an extraordinary meeting, for the own municipality."""
    form = await form_of(request)
    again: Again = partial(show_member, request, call.principal)
    at = f"emne-{body_id}"

    async def act() -> str:
        why = words(form, at)
        if not why:
            raise Faulty({at: "Skriv, hvad mødet skal handle om."})
        await vice_chair.ask_for_meeting(body_id, body(vice_chair.RequestBody, {"reason": why}, at), call)
        return f"/medlem#raad-{body_id}"

    return await done(form, act, again, at=at)


@pages.post("/raad-arbejde/{body_id}/anmodning/{request_id}/moede")
async def plan(body_id: UUID, request_id: UUID, request: Request, call: Sent) -> Response:
    """Plan the meeting that a member has asked for; the member's words are its reason."""
    form = await form_of(request)
    again: Again = partial(show_secretariat, request, call.principal)
    at = f"anmodning-{request_id}"

    async def act() -> str:
        said = body(meetings.MeetingSaid, _meeting(form, request_id), at)
        made = told(await meetings.plan(body_id, said, call))
        return f"/moede/{made['meeting_id']}"

    return await done(form, act, again, at=at)


def _meeting(form: Typed, request_id: UUID) -> dict[str, Any]:
    begins, lasts, where = (f"{name}-{request_id}" for name in ("begynder", "varighed", "sted"))
    starts_at, length, place = from_field(form.get(begins, "")), form.get(lasts), words(form, where)
    faults = {
        begins: "" if starts_at else "Skriv dag og klokkeslæt.",
        lasts: "" if length in LENGTHS else "Vælg, hvor længe mødet varer.",
        where: "" if place else "Skriv, hvor mødet holdes.",
    }
    if lacking := {field: said for field, said in faults.items() if said}:
        raise Faulty(lacking)
    ends_at = starts_at + timedelta(minutes=int(length or 0)) if starts_at else None
    when = {"starts_at": starts_at, "ends_at": ends_at, "place": place}
    return when | {"ordinary": False, "request_id": str(request_id)}
