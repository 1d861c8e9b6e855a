"""A course opened by a form: alone, or on a referral where its definition lets somebody open it."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.kinship import require_stranger
from chassis.problems import InvalidInput
from chassis.web.forms import form_of
from chassis.web.page_forms import Faults, Faulty, Places, Typed, body, done, words
from chassis.web.sessions import page_command
from contracts.refusal import NotFound
from services.referrals.api import courses
from services.referrals.api.charges import NumberUnusable
from services.referrals.api.course_fields import asked, places_at, read
from services.referrals.api.coursing import sitting
from services.referrals.api.draft_reading import NUMBER
from services.referrals.api.meeting_view import place_of
from services.referrals.api.web import PAGES, READ
from services.referrals.api.work_pages import Colleague, render
from services.referrals.domain import course_form
from services.referrals.domain import course_refusals as refusals
from services.referrals.domain.course import Sitting
from services.referrals.domain.courses import Definition, Stands
from services.referrals.domain.programmes import NotYetFounded, PartyMissing
from services.referrals.domain.referral_words import PURPOSES, STATES
from services.referrals.domain.states import State
from services.referrals.store import courses as kept
from services.referrals.store import referrals
from services.referrals.store.referrals import Stored

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Kind = Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
On = Annotated[UUID | None, Query(alias="henvisning")]

OPENING = "aabn"
PLACES: Places = {
    **places_at(""),
    NumberUnusable: ("cpr-anden", "Nummeret er ikke et CPR-nummer. Skriv ti cifre."),
    refusals.CourseThere: ("", "Forløbet er åbnet. Find det på listen."),
    refusals.CourseNotYet: ("", "Forløbet kan ikke åbnes, som henvisningen står nu."),
    refusals.StepNotReady: ("", "Et andet forløb på henvisningen skal være afsluttet først."),
    refusals.NobodyHere: ("", "En af dem, der er valgt, har ingen plads i forløbet."),
    PartyMissing: ("", "En myndighed, som skal deltage, mangler på henvisningen."),
    NotYetFounded: ("", "Ordningen findes ikke endnu."),
}


@pages.api_route("/nyt-forloeb", methods=READ)
async def page(request: Request, who: Colleague) -> Response:
    """Show which courses one's seat may open: alone, and on the referrals of the own office."""
    at = sitting(who)
    async with service_of(request).database.tx(who) as tx:
        found = [(of, row) for of in _on_referrals(at) for row in await kept.without(tx, of)]
    on = [
        {
            "path": f"/nyt-forloeb/{of.kind}?henvisning={row['referral_id']}",
            "name": of.name,
            "place": place_of(row["kommune"]),
            "words": STATES[State(row["state"])][0],
            "since": row["waits_since"],
        }
        for of, row in found
    ]
    return render(request, who, "opening.html", alone=course_form.alone(at), on=on)


def _on_referrals(at: Sitting) -> list[Definition]:
    return [of for of in course_form.openable(at) if of.stands is Stands.REFERRAL]


@pages.api_route("/nyt-forloeb/{kind}", methods=READ)
async def page_of_one(kind: Kind, request: Request, who: Colleague, on: On = None) -> Response:
    """Show the form by which a course is opened."""
    return await show_form(request, who, _of(sitting(who), kind), on)


def _of(at: Sitting, kind: str) -> Definition:
    """Return a course that somebody may open; any other looks like a missing one."""
    found = next((of for of in course_form.openable(at) if of.kind == kind), None)
    if found is None:
        raise NotFound
    return found


async def show_form(
    request: Request,
    who: Principal,
    of: Definition,
    on: UUID | None,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the form; where something was refused, with why, and with what was typed."""
    stored = await _referral(request, who, of, on)
    said: dict[str, Any] = {
        "of": of,
        "on": on,
        "purpose": PURPOSES[of.programme.purpose],
        "place": place_of(stored.kommune) if stored else "",
        "counterpart": of.opening.counterpart and stored is not None and stored.counterpart is None,
        "fields_asked": asked(OPENING, of.opening.fields, {}),
        "others": {} if stored else course_form.others(of, sitting(who)),
    }
    return render(request, who, "open_course.html", status, **said, faults=faults or {}, typed=typed or {})


async def _referral(request: Request, who: Principal, of: Definition, on: UUID | None) -> Stored | None:
    """Return the referral on which a course is opened, about strangers; None where it stands alone."""
    if (of.stands is Stands.ALONE) != (on is None):
        raise NotFound
    if on is None:
        return None
    service = service_of(request)
    async with service.database.tx(who) as tx:
        stored = await referrals.found(tx, on)
    if stored is None or stored.programme.code != of.programme.code:
        raise NotFound
    await require_stranger(service, who, (stored.referral.person, stored.counterpart), stored.case_id)
    return stored


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of somebody with a seat at some course; refuse anybody else before a word is read."""
    sitting(call.principal)
    return call


@pages.post("/nyt-forloeb/{kind}", dependencies=[Depends(accessing("course.open"))])
async def open_it(kind: Kind, request: Request, call: Annotated[Command, Depends(sending)]) -> Response:
    """Open the course, and show it."""
    of, form = _of(sitting(call.principal), kind), await form_of(request)
    on = _on(form)

    async def act() -> str:
        said = {
            "kind": kind,
            "referral_id": on,
            "counterpart": _counterpart(form),
            "parties": _parties(form),
            "said": read(form, OPENING, of.opening.fields),
        }
        answer = await courses.opened(body(courses.Opening, said), request, call)
        return f"/forloeb/{orjson.loads(answer.body)['course_id']}"

    return await done(form, act, partial(show_form, request, call.principal, of, on), PLACES)


def _on(form: Typed) -> UUID | None:
    try:
        return UUID(form["henvisning"]) if form.get("henvisning") else None
    except ValueError as fault:
        raise InvalidInput from fault


def _counterpart(form: Typed) -> str:
    number = words(form, "cpr-anden")
    if "cpr-anden" in form and not NUMBER.fullmatch(number):
        raise Faulty({"cpr-anden": "Skriv den anden parts CPR-nummer, ti cifre."})
    return number


def _parties(form: Typed) -> list[dict[str, str | None]]:
    chosen = (name.removeprefix("med-").partition(".") for name in form if name.startswith("med-"))
    return [{"authority": authority, "office": office or None} for authority, _, office in chosen]
