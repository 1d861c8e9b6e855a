"""A plan's text by forms, one section at a time; what two write at once is shown side by side, and neither is lost."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api import plan_making
from services.councils.api.common import kept_body
from services.councils.api.desk_plan import show, unplaced
from services.councils.api.desk_plan_frame import frame
from services.councils.api.meeting_common import keeps
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain import drafting
from services.councils.domain.comparing import words_between
from services.councils.domain.drafting import Change, Data, NumberTaken, PieceChanged, PieceMissing, Words
from services.councils.domain.kredsraad import NotYourCouncil
from services.councils.domain.samarbejdsplan import PlanIsPublished, WrongState
from services.councils.domain.wording import LooksLikeAPerson
from services.councils.handlers import drafting as handler
from services.councils.store import plan_work as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Address = Annotated[str, Path(pattern=r"^[^/\x00-\x1f]{1,120}$")]
After = Annotated[str, Query(alias="efter", pattern=r"^[^/\x00-\x1f]{1,120}$")]
LONGEST = 60_000
"""Characters of one section."""
SIGNS = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
CLOSED = "Planens tekst ligger fast og kan ikke ændres nu. En offentliggjort plan rettes med en ny udgave."


class PieceSaid(BaseModel):
    """What is typed in a section."""

    number: str = Field(max_length=20, pattern=r"^([0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$")
    heading: str = Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")
    text: str = Field(max_length=LONGEST, pattern=SIGNS)
    note: str = Field(max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")


async def writing(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a secretary; refuse anybody else before a word is read."""
    call.require(Role.SECRETARY)
    return call


Writing = Annotated[Command, Depends(writing)]


@pages.api_route("/planarbejde/{plan_id}/afsnit/{address}", methods=READ)
async def piece(plan_id: UUID, address: Address, request: Request, who: Colleague) -> Response:
    """Show a section to be written, with what is said about it and what is proposed beside it."""
    who.require(Role.SECRETARY)
    return await show_piece(request, who, plan_id, address)


@pages.api_route("/planarbejde/{plan_id}/nyt-afsnit", methods=READ)
async def new(plan_id: UUID, request: Request, who: Colleague, after: After) -> Response:
    """Show an empty section that comes after another one."""
    who.require(Role.SECRETARY)
    return await show_piece(request, who, plan_id, "", typed={"efter": after})


async def show_piece(
    request: Request,
    who: Principal,
    plan_id: UUID,
    address: str,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the form of a section; after a refusal with what was typed, beside what stands there by now."""
    typed = typed or {}
    async with service_of(request).database.tx(who) as tx:
        draft = await handler.read(tx, plan_id)
        if not keeps(draft.body, who):
            raise NotYourCouncil
        shown = frame(draft, who, plan_id) | {"proposals": await unplaced(tx, draft)}
        comments = await kept.comments(tx, plan_id)
        before = await _before(tx, plan_id, typed, draft.number)
    one = next((each for each in shown["pieces"] if each.address == address), None)
    if one is None and "tekst" not in typed and "efter" not in typed:
        raise NotFound
    said = one.words if one else Words("", "", "")
    about = [each for each in comments if one and one.words.number and each["section"] == one.words.number]
    theirs = _theirs(before, address, said, typed) if one else None
    facts = {"piece": one, "said": said, "comments": about, "address": address, "theirs": theirs}
    shown |= {"faults": faults or {}, "typed": typed, "after": typed.get("efter", "")}
    return render(request, who, "desk_plan_edit.html", status, **shown, **facts)


async def _before(tx: Tx, plan_id: UUID, typed: Typed, number: int) -> Data | None:
    """Return the text from which somebody has typed, where another has been saved since."""
    seen = typed.get("version", "")
    if not seen.isdecimal() or len(seen) > 5 or int(seen) >= number:  # noqa: PLR2004  no plan has more versions
        return None
    found = await kept.version(tx, plan_id, int(seen))
    return found["document"] if found else None


def _theirs(before: Data | None, address: str, said: Words, typed: Typed) -> dict[str, Any] | None:
    """Return the text that somebody else has saved meanwhile, with how what was typed differs from it."""
    if before is None:
        return None
    read = next((each.words for each in drafting.pieces(before) if each.address == address), None)
    if read == said:
        return None
    return {"heading": said.heading, "text": said.text, "words": words_between(said.text, words(typed, "tekst"))}


@pages.post("/planarbejde/{plan_id}/afsnit/{address}")
async def write(plan_id: UUID, address: Address, request: Request, call: Writing) -> Response:
    """Save a section; the plan gets a version with it."""
    form = await form_of(request)
    again: Again = partial(show_piece, request, call.principal, plan_id, address)

    async def act() -> str:
        said = _words(form)
        await _changed(call, plan_id, form, partial(_written, address, said))
        return f"/planarbejde/{plan_id}#s-{address}"

    return await done(form, act, again, PLACES, "tekst")


@pages.post("/planarbejde/{plan_id}/nyt-afsnit")
async def add(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Save a new section."""
    form = await form_of(request)
    again: Again = partial(show_piece, request, call.principal, plan_id, "")

    async def act() -> str:
        said, after, below = _words(form), form.get("efter", ""), "under" in form

        def how(_: Data, now: Data) -> Data:
            return drafting.added(now, after, said, below=below)[0]

        await _changed(call, plan_id, form, how)
        return f"/planarbejde/{plan_id}#stykker"

    return await done(form, act, again, PLACES, "tekst")


@pages.post("/planarbejde/{plan_id}/afsnit/{address}/slet")
async def remove(plan_id: UUID, address: Address, request: Request, call: Writing) -> Response:
    """Take a section out, with what stands below it; earlier versions have it still."""
    form = await form_of(request)
    again: Again = partial(show_piece, request, call.principal, plan_id, address)

    async def act() -> str:
        if "sikker" not in form:
            raise Faulty({"sikker": "Sæt kryds, hvis afsnittet skal ud."})
        await _changed(call, plan_id, form, lambda seen, now: drafting.removed(seen, now, address))
        return f"/planarbejde/{plan_id}#stykker"

    return await done(form, act, again, PLACES, "sikker")


@pages.post("/planarbejde/{plan_id}/afsnit/{address}/flyt")
async def move(plan_id: UUID, address: Address, request: Request, call: Writing) -> Response:
    """Move a section one place up or down."""
    form = await form_of(request)
    again: Again = partial(show_piece, request, call.principal, plan_id, address)
    by = -1 if form.get("retning") == "op" else 1

    async def act() -> str:
        await _changed(call, plan_id, form, lambda _, now: drafting.moved(now, address, by))
        return f"/planarbejde/{plan_id}/afsnit/{address}"

    return await done(form, act, again, PLACES)


@pages.post("/planarbejde/{plan_id}/forslag/{proposal_id}/tag-med")
async def take_in(plan_id: UUID, proposal_id: UUID, request: Request, call: Writing) -> Response:
    """Take a lokalraad's proposal into a section; the lokalraad is answered that it was accepted."""
    form = await form_of(request)
    at = f"sted-{proposal_id}"

    async def act() -> str:
        where = form.get("sted", "")

        async def work(tx: Tx) -> Answer:
            draft = await own(tx, plan_id)
            return Answer(200, {"plan_id": plan_id}, await handler.take_in(tx, draft, proposal_id, where))

        await call.run(work)
        return f"/planarbejde/{plan_id}/afsnit/{where}"

    return await done(form, act, partial(show, request, call.principal, plan_id), PLACES, at)


@pages.post("/planarbejde/{plan_id}/forslag/{proposal_id}/svar")
async def reply(plan_id: UUID, proposal_id: UUID, request: Request, call: Writing) -> Response:
    """Answer a proposal that is not taken in as it stands, with the reason."""
    form, at = await form_of(request), f"grund-{proposal_id}"

    async def act() -> str:
        said = {"answer": form.get("svar"), "reason": words(form, at) or None}
        await plan_making.reply(proposal_id, body(plan_making.ReplySaid, said, at), call)
        return f"/planarbejde/{plan_id}#forslag"

    return await done(form, act, partial(show, request, call.principal, plan_id), PLACES, at)


async def own(tx: Tx, plan_id: UUID) -> handler.Draft:
    """Return a plan, locked, for a secretary who keeps its council's papers."""
    found = await kept.newest(tx, plan_id)
    if found is None:
        raise NotFound
    return await handler.locked(tx, plan_id, await kept_body(tx, found[0]))


Do = Callable[[Tx, handler.Draft], Awaitable[int]]


async def changed(call: Command, plan_id: UUID, do: Do) -> None:
    """Do something to an own plan that is locked, once."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, {"plan_id": plan_id}, await do(tx, await own(tx, plan_id)))

    await call.run(work)


async def _changed(call: Command, plan_id: UUID, form: Typed, how: Change) -> None:
    seen = version(form)
    await changed(call, plan_id, lambda tx, draft: handler.change(tx, draft, seen, how))


def _written(address: str, said: Words, seen: Data, now: Data) -> Data:
    return drafting.written(seen, now, address, said)


def _words(form: Typed) -> Words:
    said = {"number": words(form, "nummer"), "heading": words(form, "overskrift"), "text": words(form, "tekst")}
    if not said["heading"]:
        raise Faulty({"overskrift": "Skriv en overskrift."})
    read = body(PieceSaid, said | {"note": words(form, "note")}, "tekst")
    return Words(read.number, read.heading, read.text, read.note)


def _said(refusal: type[PieceChanged | PieceMissing | NumberTaken | LooksLikeAPerson]) -> str:
    return f"{refusal.title} {refusal.todo}"


PLACES: Places = {
    **WORDS,
    PieceChanged: ("tekst", _said(PieceChanged)),
    PieceMissing: ("tekst", _said(PieceMissing)),
    NumberTaken: ("nummer", _said(NumberTaken)),
    LooksLikeAPerson: ("tekst", _said(LooksLikeAPerson)),
    WrongState: ("", CLOSED),
    PlanIsPublished: ("", CLOSED),
}
"""Where a refusal of a change of the text is said."""
