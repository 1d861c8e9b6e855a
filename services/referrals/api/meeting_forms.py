"""What is done on the screen of a group's day: each form is one of the JSON commands; a refusal is said on the page."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.http import Command
from chassis.problems import InvalidInput
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from services.referrals.api import forums, group_work, meeting_cases, meetings
from services.referrals.api.grouping import require_member
from services.referrals.api.meeting_pages import TASKS, show_all, show_one
from services.referrals.api.web import PAGES
from services.referrals.domain import group_refusals as refusals
from services.referrals.domain.moments import from_day, from_field
from services.referrals.domain.sharing import Sharing

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

PLACES: Places = {
    **WORDS,
    refusals.MeetingNotThere: ("", "Det kan ikke gøres, som mødet står nu. Se mødets tilstand herunder."),
    refusals.MeetingInThePast: ("", "Et tidspunkt ligger ikke fremme i tiden. Vælg et senere."),
    refusals.NecessityMissing: (
        "hvorfor",
        "Skriv, hvad I deler, og hvorfor det er nødvendigt. Intet er delt. I kan også svare »deler ikke«.",
    ),
}


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a member; refuse anybody else before a word is read."""
    require_member(call.principal)
    return call


Sent = Annotated[Command, Depends(sending)]


@pages.post("/moeder")
async def convene(request: Request, call: Sent) -> Response:
    """Call a group together as the last time, and show the new meeting."""
    form = await form_of(request)
    if "programme" not in form:
        raise InvalidInput
    again: Again = partial(show_all, request, call.principal)

    async def act() -> str:
        said: dict[str, Any] = {name: form.get(name) or None for name in ("programme", "kommune", "like")}
        starts_at = from_field(form.get("tidspunkt", ""))
        if starts_at is None:
            raise Faulty({"tidspunkt": "Skriv dag og klokkeslæt."})
        said |= {"starts_at": starts_at, "place": form.get("sted")}
        answer = await meetings.convene(body(meetings.Convening, said), call)
        return f"/moeder/{orjson.loads(answer.body)['meeting_id']}"

    return await done(form, act, again, PLACES)


@pages.post("/moeder/stedfortraeder")
async def deputise(request: Request, call: Sent) -> Response:
    """Let a colleague of the own office convene a group until a day."""
    form = await form_of(request)
    if "programme" not in form:
        raise InvalidInput
    again: Again = partial(show_all, request, call.principal)

    async def act() -> str:
        until = from_day(form.get("indtil", ""))
        if until is None:
            raise Faulty({"indtil": "Skriv den sidste dag."})
        said: dict[str, Any] = {name: form.get(name) or None for name in ("programme", "kommune")}
        said |= {"subject": words(form, "stedfortraeder"), "until": until}
        await forums.deputy(body(forums.DeputyNamed, said, "stedfortraeder"), call)
        return "/moeder"

    later: Places = {refusals.MeetingInThePast: ("indtil", "Dagen er forbi. Vælg en senere.")}
    return await done(form, act, again, {**PLACES, **later})


@pages.post("/moeder/{meeting_id}/aabn")
async def open_it(meeting_id: UUID, request: Request, call: Sent) -> Response:
    """Begin the meeting with who is ticked."""
    return await _in_room(meeting_id, request, call, meetings.open_it)


@pages.post("/moeder/{meeting_id}/lokale")
async def enter(meeting_id: UUID, request: Request, call: Sent) -> Response:
    """Say who is in the room now."""
    return await _in_room(meeting_id, request, call, meetings.enter)


@pages.post("/moeder/{meeting_id}/luk")
async def close(meeting_id: UUID, request: Request, call: Sent) -> Response:
    """End the meeting: tasks and minutes are out."""
    return await _seen(meeting_id, request, call, meetings.close)


@pages.post("/moeder/{meeting_id}/aflys")
async def call_off(meeting_id: UUID, request: Request, call: Sent) -> Response:
    """Call the meeting off."""
    return await _seen(meeting_id, request, call, meetings.call_off)


async def _in_room(
    meeting_id: UUID, request: Request, call: Command, do: Callable[..., Awaitable[Response]]
) -> Response:
    form = await form_of(request)
    seen = version(form)
    present = [name.removeprefix("rum-") for name in form if name.startswith("rum-")]

    async def act() -> str:
        if not present:
            raise Faulty({"rum": "Vælg mindst én, der er i lokalet."})
        await do(meeting_id, body(meetings.InTheRoom, {"present": present, "version": seen}), call)
        return f"/moeder/{meeting_id}"

    return await done(form, act, again_at(request, call, meeting_id), PLACES)


async def _seen(meeting_id: UUID, request: Request, call: Command, do: Callable[..., Awaitable[Response]]) -> Response:
    form = await form_of(request)
    seen = meetings.Seen(version=version(form))

    async def act() -> str:
        await do(meeting_id, seen, call)
        return f"/moeder/{meeting_id}"

    return await done(form, act, again_at(request, call, meeting_id), PLACES)


@pages.post(
    "/moeder/{meeting_id}/sager/{group_case_id}/beslut",
    dependencies=[Depends(accessing("group_case.decide", "group_case_id"))],
)
async def decide(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Decide in a case, with its tasks and when it is looked at again."""
    form = await form_of(request)
    seen = version(form)

    async def act() -> str:
        await meeting_cases.decide(meeting_id, group_case_id, _decision(form, seen), request, call)
        return f"/moeder/{meeting_id}/sager/{group_case_id}#sag"

    return await done(form, act, again_at(request, call, meeting_id, group_case_id), PLACES)


@pages.post(
    "/moeder/{meeting_id}/sager/{group_case_id}/svar",
    dependencies=[Depends(accessing("group_case.contribute", "group_case_id"))],
)
async def prepare(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Share something with the circle of a case, or answer »deler ikke«."""
    form = await form_of(request)
    said = form.get("svar")
    if said not in {Sharing.SHARES, Sharing.DECLINES}:
        raise InvalidInput
    seen = version(form)

    async def act() -> str:
        if said == Sharing.SHARES:
            await group_work.contribute(group_case_id, _contribution(form, seen), request, call)
        else:
            await group_work.not_shared(group_case_id, group_work.Declining(version=seen), request, call)
        return f"/moeder/{meeting_id}/sager/{group_case_id}#sag"

    return await done(form, act, again_at(request, call, meeting_id, group_case_id), PLACES)


def _contribution(form: Typed, seen: int) -> group_work.Contributing:
    if not form.get("faglighed"):
        raise Faulty({"faglighed": "Vælg, ud fra hvilken faglighed I deler."})
    said = {"version": seen, "profession": form["faglighed"], "necessity": form.get("noedvendig") or None}
    return body(group_work.Contributing, said | {"why": words(form, "hvorfor"), "text": words(form, "tekst")})


def _decision(form: Typed, seen: int) -> meeting_cases.Deciding:
    faults: Faults = {}
    review = from_day(form.get("igen", ""))
    if form.get("igen") and review is None:
        faults["igen"] = "Skriv en dag."
    tasks = [task for number in TASKS if (task := _task(form, number, faults))]
    if not form.get("beslutning"):
        faults["beslutning"] = "Vælg, hvad der besluttes."
    if faults:
        raise Faulty(faults)
    said = {"version": seen, "code": form["beslutning"], "text": words(form, "tekst")}
    return body(meeting_cases.Deciding, said | {"review_at": review, "tasks": tasks})


def _task(form: Typed, number: int, faults: Faults) -> dict[str, Any] | None:
    """Return one task of the form; nothing where its fields are empty."""
    owner, text, due = (words(form, f"{name}-{number}") for name in ("ejer", "opgave", "frist"))
    if not (owner or text or due):
        return None
    due_at = from_day(due)
    if not owner:
        faults[f"ejer-{number}"] = "Vælg, hvem der har opgaven."
    if due_at is None:
        faults[f"frist-{number}"] = "Skriv, hvornår den skal være løst."
    return {"owner": owner, "code": form.get(f"art-{number}"), "text": text, "due_at": due_at}


def again_at(request: Request, call: Command, meeting_id: UUID, group_case_id: UUID | None = None) -> Again:
    """Return how the page of a meeting, or of one case in it, is shown once more."""
    return partial(show_one, request, call.principal, meeting_id, group_case_id)
