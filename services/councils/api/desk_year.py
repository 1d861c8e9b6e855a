"""The year wheel of a council on a page, and its meetings planned there: one, or all four at once."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from chassis.http import Command
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faults, Faulty, Typed, body, done, words
from chassis.web.sessions import page_command
from contracts.codes import Role
from services.councils.api import meetings
from services.councils.api.meetings import Year
from services.councils.api.web import PAGES, READ, Colleague, render, told
from services.councils.domain.moments import from_field

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

ALL = (1, 2, 3, 4)
LENGTHS = {"60": "1 time", "90": "1½ time", "120": "2 timer", "180": "3 timer"}
STATES = {
    "planned": "Planlagt",
    "convened": "Indkaldt",
    "held": "Holdt",
    "minutes_drafted": "Referatet er skrevet",
    "minutes_approved": "Referatet er godkendt",
    "closed": "Lukket",
    "cancelled": "Aflyst",
}
WARNINGS = {
    "fewer_than_four_planned": "Der er planlagt for få ordinære møder.",
    "act_soon": "Der skal handles snart, hvis møderne skal indkaldes med varsel.",
    "cannot_fit": "De møder, der mangler, kan ikke længere indkaldes med varsel i året.",
}


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a secretary; refuse anybody else before a word is read."""
    call.require(Role.SECRETARY)
    return call


Sent = Annotated[Command, Depends(sending)]
How = Annotated[str, Path(pattern=r"^(moede|fire)$")]


@pages.api_route("/raad-arbejde/{body_id}/aarshjul/{year}", methods=READ)
async def page(body_id: UUID, year: Year, request: Request, who: Colleague) -> Response:
    """Show a year of a council: what stands fixed, what is planned, and what is missing."""
    return await show(request, who, body_id, year)


async def show(
    request: Request,
    who: Principal,
    body_id: UUID,
    year: int,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a year; where something was refused, with why, and with what was typed."""
    found = told(await meetings.read_year(body_id, year, request, who))
    frame: dict[str, Any] = {"wheel": found, "lengths": LENGTHS, "states": STATES, "warnings": WARNINGS, "all": ALL}
    said = {"faults": faults or {}, "typed": typed or {}}
    return render(request, who, "desk_year.html", status, **frame, **said)


@pages.post("/raad-arbejde/{body_id}/aarshjul/{year}/{how}")
async def plan(body_id: UUID, year: Year, how: How, request: Request, call: Sent) -> Response:
    """Plan one meeting, or the four of a year."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, body_id, year)

    async def act() -> str:
        if how == "fire":
            said = [_meeting(form, f"fire-{number}", "fire") for number in ALL]
            await meetings.plan_year(body_id, year, body(meetings.YearSaid, {"meetings": said}, how), call)
            return f"/raad-arbejde/{body_id}/aarshjul/{year}"
        extra = {"ordinary": "ekstra" not in form, "reason": words(form, "hvorfor") or None}
        one = body(meetings.MeetingSaid, _meeting(form, "begynder", "moede") | extra, how)
        made = told(await meetings.plan(body_id, one, call))
        return f"/moede/{made['meeting_id']}"

    return await done(form, act, again, at=how)


def _meeting(form: Typed, name: str, how: str) -> dict[str, Any]:
    starts_at, length, place = from_field(form.get(name, "")), form.get(f"{how}-varighed"), words(form, f"{how}-sted")
    faults = {
        name: "" if starts_at else "Skriv dag og klokkeslæt.",
        f"{how}-varighed": "" if length in LENGTHS else "Vælg, hvor længe mødet varer.",
        f"{how}-sted": "" if place else "Skriv, hvor mødet holdes.",
    }
    if lacking := {field: said for field, said in faults.items() if said}:
        raise Faulty(lacking)
    ends_at = starts_at + timedelta(minutes=int(length or 0)) if starts_at else None
    return {"starts_at": starts_at, "ends_at": ends_at, "place": place}
