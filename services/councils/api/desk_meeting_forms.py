"""What is done on a meeting's page: each form is the JSON command of the same act; a refusal is said at the form."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from chassis.http import Command
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api import agendas, meetings, minutes
from services.councils.api.desk_meeting import READERS, show
from services.councils.api.meeting_common import Versioned
from services.councils.api.web import PAGES
from services.councils.domain.meeting_refusals import MeetingNotInThisState
from services.councils.domain.moments import from_field

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Act = Annotated[str, Path(pattern=r"^[a-z]{2,20}$")]
Do = Callable[[UUID, Typed, int, Request, Command], Awaitable[str]]

NOT_NOW = "Det kan ikke gøres, som mødet står nu. Se mødets tilstand øverst på siden."


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a secretary or a member; refuse anybody else before a word is read."""
    call.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    return call


Sent = Annotated[Command, Depends(sending)]


@pages.post("/moede/{meeting_id}/{act}")
async def act(meeting_id: UUID, act: Act, request: Request, call: Sent) -> Response:
    """Do what a form about the meeting is for."""
    if act not in ACTS:
        raise NotFound
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, meeting_id)
    do = partial(ACTS[act], meeting_id, form, version(form), request, call)
    return await done(form, do, again, places(act), act)


def places(at: str) -> Places:
    """Return where a form's refusals are said."""
    return {**WORDS, MeetingNotInThisState: (at, NOT_NOW)}


def here(meeting_id: UUID, at: str = "") -> str:
    """Return where a meeting is shown, and at which part."""
    return f"/moede/{meeting_id}{at}"


async def _seen(
    do: Callable[..., Awaitable[Response]], at: str, meeting_id: UUID, _: Typed, seen: int, __: Request, call: Command
) -> str:
    """Do what needs no more than the version that was seen."""
    await do(meeting_id, Versioned(version=seen), call)
    return here(meeting_id, at)


async def _propose(meeting_id: UUID, form: Typed, _: int, __: Request, call: Command) -> str:
    said: dict[str, Any] = {"title": words(form, "titel"), "kind": form.get("art")}
    if not said["title"]:
        raise Faulty({"titel": "Skriv, hvad punktet hedder."})
    closed = "fortroligt" in form
    readers = [one for one in READERS if f"laeser-{one}" in form]
    both = {"police_task": words(form, "politiopgave") or None, "municipal_task": words(form, "kommuneopgave") or None}
    said |= {"responsible": words(form, "ansvarlig") or None, "confidential": closed} | both
    said |= {"sammenhaeng": any(both.values())} | ({"readers": readers} if closed else {})
    await agendas.propose(meeting_id, body(agendas.Point, said, "forslag"), call)
    return here(meeting_id, "#dagsorden")


async def _call_off(meeting_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    await meetings.call_off(
        meeting_id, body(meetings.CalledOff, {"version": seen, "reason": why(form, "aflys-hvorfor")}, "aflys"), call
    )
    return here(meeting_id)


async def _move(meeting_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    starts_at, ends_at = from_field(form.get("begynder", "")), from_field(form.get("slutter", ""))
    lacks = {"begynder": starts_at is None, "slutter": ends_at is None}
    if any(lacks.values()):
        raise Faulty({name: "Skriv dag og klokkeslæt." for name, lacking in lacks.items() if lacking})
    said = {"version": seen, "starts_at": starts_at, "ends_at": ends_at, "place": words(form, "sted")}
    await meetings.move(meeting_id, body(meetings.Moved, said, "flyt"), call)
    return here(meeting_id)


async def _hold(meeting_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    names = [name.removeprefix("plads.") for name in form if name.startswith("plads.")]
    there = [
        {"seat": one, "status": form[f"plads.{one}"], "deputy": words(form, f"for.{one}") or None} for one in names
    ]
    if not form.get("leder"):
        raise Faulty({"leder": "Vælg, hvem der ledte mødet."})
    guest = {"guest": words(form, "gaest"), "insight": words(form, "indsigt")}
    if any(guest.values()) and not all(guest.values()):
        raise Faulty({"indsigt": "Skriv både, hvem gæsten var, og hvilken indsigt gæsten kom for."})
    said = {
        "version": seen,
        "attendance": there,
        "led_by": form["leder"],
        "guests": [guest] if all(guest.values()) else [],
    }
    await meetings.hold(meeting_id, body(meetings.HeldSaid, said, "holdt"), call)
    return here(meeting_id, "#dagsorden")


async def _answer(meeting_id: UUID, form: Typed, _: int, __: Request, call: Command) -> str:
    said = {"edition": int(form["udgave"]) if form.get("udgave", "").isdecimal() else 0}
    objects = form.get("svar") == "indsigelse"
    if objects and not words(form, "indsigelse"):
        raise Faulty({"indsigelse": "Skriv, hvad der er forkert."})
    more = {"objection": words(form, "indsigelse")} if objects else {}
    await minutes.answer_round(meeting_id, body(minutes.Answered, said | more, "svar"), call)
    return "/medlem" if form.get("fra") == "medlem" else here(meeting_id, "#referat")


async def _close(meeting_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    said = minutes.Closing(version=seen, publish=form.get("offentligt") == "ja")
    await minutes.close(meeting_id, said, call)
    return here(meeting_id, "#referat")


def why(form: Typed, name: str) -> str:
    """Return the reason that is written in a field; Faulty where there is none."""
    said = words(form, name)
    if not said:
        raise Faulty({name: "Skriv hvorfor."})
    return said


async def _open(meeting_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    if not words(form, "stemmer").isdecimal():
        raise Faulty({"stemmer": "Skriv, hvor mange medlemmer der stemte for, med tal."})
    said = {"version": seen, "in_favour": int(words(form, "stemmer")[:4]), "chair_assents": "samtykke" in form}
    await meetings.open_to_public(meeting_id, body(meetings.PublicAccess, said, "aabn"), call)
    return here(meeting_id)


ACTS: dict[str, Do] = {
    "byg": partial(_seen, agendas.build, "#dagsorden"),
    "indkald": partial(_seen, meetings.notice, ""),
    "udsend": partial(_seen, meetings.send_agenda, ""),
    "referat": partial(_seen, minutes.draft, "#referat"),
    "runde": partial(_seen, minutes.open_round, "#referat"),
    "forslag": _propose,
    "aabn": _open,
    "aflys": _call_off,
    "flyt": _move,
    "holdt": _hold,
    "svar": _answer,
    "luk": _close,
}
