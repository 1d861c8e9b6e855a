"""What was agreed at meetings, on the board of what is followed up: done, or given another day with the reason."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.http import Command
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from contracts.codes import Role
from services.councils.api import meeting_actions
from services.councils.api.desk_following import show
from services.councils.api.desk_year import Sent
from services.councils.api.web import PAGES
from services.councils.domain.agreed import SameDay
from services.councils.domain.following import InThePast

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)


async def moving(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a secretary or a member; refuse anybody else before a word is read."""
    call.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    return call


Moving = Annotated[Command, Depends(moving)]


@pages.post("/opfoelgning/{body_id}/aftale/{action_id}/klaret")
async def settle(body_id: UUID, action_id: UUID, call: Sent, request: Request) -> Response:
    """Record that something agreed at a meeting is done."""
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        await meeting_actions.done(action_id, call)
        return f"/opfoelgning/{body_id}"

    return await done(await form_of(request), act, again)


@pages.post("/opfoelgning/{body_id}/aftale/{action_id}/frist")
async def move(body_id: UUID, action_id: UUID, call: Moving, request: Request) -> Response:
    """Give something agreed another day."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        said = _postponed(form, action_id)
        await meeting_actions.move(action_id, said, call)
        return f"/opfoelgning/{body_id}#aftale-{action_id}"

    return await done(form, act, again, _places(action_id), f"flyt-{action_id}")


def _places(action_id: UUID) -> Places:
    day = f"dag-{action_id}"
    return {**WORDS, InThePast: (day, "Vælg en dag, der ikke er gået."), SameDay: (day, f"{SameDay.title}")}


def _postponed(form: Typed, action_id: UUID) -> meeting_actions.Postponed:
    day, why = f"dag-{action_id}", f"grund-{action_id}"
    faults = {
        day: "" if _is_day(form.get(day, "")) else "Skriv den nye dag.",
        why: "" if words(form, why) else "Skriv, hvorfor fristen flyttes.",
    }
    if lacking := {name: said for name, said in faults.items() if said}:
        raise Faulty(lacking)
    said = {"version": version(form), "due_on": form[day], "reason": words(form, why)}
    return body(meeting_actions.Postponed, said, f"flyt-{action_id}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
