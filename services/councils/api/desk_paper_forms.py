"""A meeting's papers by forms: a file is laid at a point, put in another's place or withdrawn, without any script."""

import asyncio
import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from chassis.database import Tx
from chassis.http import Answer, Command, command_of, service_of
from chassis.identity import Principal
from chassis.openapi import IDEMPOTENCY_KEY
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Places, Typed, body, done, words
from chassis.web.sessions import KEY_FIELD, page_command
from chassis.web.uploads import Upload, upload_of
from contracts.codes import Role
from services.councils.api.meeting_common import keeps, kept_meeting, seated_meeting
from services.councils.api.papers import shown
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain.agendas import ItemState
from services.councils.domain.kredsraad import NotYourCouncil
from services.councils.domain.meeting_refusals import MeetingNotInThisState
from services.councils.domain.papers import LARGEST, Content, Paper, PaperIsThere, PaperTooLarge, PointNotOnAgenda
from services.councils.domain.wording import Line
from services.councils.handlers import papers
from services.councils.handlers.paper_content import look_at
from services.councils.store import agendas
from services.councils.store import papers as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

FILE = "fil"
TYPES = {"pdf": "PDF", "docx": "Word", "xlsx": "Regneark"}
OVER = "Mødet er aflyst eller lukket. Bilagene bliver, som de er."


class Named(BaseModel):
    """The one line that a form asks for."""

    said: Line


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a secretary; refuse anybody else before a word is read."""
    call.require(Role.SECRETARY)
    return call


@pages.api_route("/moede/{meeting_id}/bilag", methods=READ)
async def page(meeting_id: UUID, request: Request, who: Colleague, punkt: UUID | None = None) -> Response:
    """Show a meeting's papers, point by point, to the secretary who keeps them."""
    who.require(Role.SECRETARY)
    return await show(request, who, meeting_id, typed={"punkt": str(punkt)} if punkt else None)


async def show(
    request: Request,
    who: Principal,
    meeting_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a meeting's papers; where something was refused, with why, and with what was typed."""
    async with service_of(request).database.tx(who) as tx:
        council, meeting = await seated_meeting(tx, meeting_id)
        if not keeps(council, who):
            raise NotYourCouncil
        points = await _points(tx, meeting_id)
    facts = {"meeting": meeting, "council": council, "points": points, "over": meeting.state in papers.OVER}
    said = {"faults": faults or {}, "typed": typed or {}, "types": TYPES}
    return render(request, who, "desk_papers.html", status, **facts, **said)


async def _points(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    items = [one for one in await agendas.of_meeting(tx, meeting_id) if one.state is not ItemState.WITHDRAWN]
    found = await kept.of_items(tx, [one.id for one in items])
    return [
        {"no": number, "item": item, "papers": [_facts(one) for one in found if one.item_id == item.id]}
        for number, item in enumerate(items, 1)
    ]


def _facts(paper: Paper) -> dict[str, Any]:
    return shown(paper) | {"type": TYPES[paper.content.type.ending]}


@pages.post("/moede/{meeting_id}/imports/bilag")
async def lay(meeting_id: UUID, request: Request, who: Colleague) -> Response:
    """Lay a file at a point of the agenda; pressed twice, it lies there once."""
    await _may(request, who, meeting_id)
    async with upload_of(request, FILE, LARGEST) as sent:
        again: Again = partial(show, request, who, meeting_id)

        async def act() -> str:
            entry = _entry(sent.form)
            file, content = await looked_at(sent)

            async def work(tx: Tx) -> Answer:
                _, meeting = await kept_meeting(tx, meeting_id)
                return Answer(
                    201, {"paper_id": await papers.enter(tx, meeting, entry, content, partial(pieces_of, file))}
                )

            await call_of(request, who, sent, content.sha256).run(work)
            return f"/moede/{meeting_id}/bilag#punkt-{entry.item_id}"

        return await done(sent.form, act, again, _places(FILE), FILE)


@pages.post("/moede/{meeting_id}/imports/bilag/{paper_id}")
async def put_in_place(meeting_id: UUID, paper_id: UUID, request: Request, who: Colleague) -> Response:
    """Put another file in the place of a paper."""
    await _may(request, who, meeting_id)
    at = f"{FILE}-{paper_id}"
    async with upload_of(request, at, LARGEST) as sent:
        again: Again = partial(show, request, who, meeting_id)

        async def act() -> str:
            file, content = await looked_at(sent, at)

            async def work(tx: Tx) -> Answer:
                _, meeting = await kept_meeting(tx, meeting_id)
                old = await papers.of_meeting(tx, meeting, paper_id)
                new = await papers.replace(tx, meeting, old, content, partial(pieces_of, file))
                return Answer(201, {"paper_id": new})

            await call_of(request, who, sent, content.sha256).run(work)
            return f"/moede/{meeting_id}/bilag#bilag"

        return await done(sent.form, act, again, _places(at), at)


@pages.post("/moede/{meeting_id}/bilag/{paper_id}/traek")
async def withdraw(
    meeting_id: UUID, paper_id: UUID, request: Request, call: Annotated[Command, Depends(sending)]
) -> Response:
    """Withdraw a paper, with the reason."""
    form, at = await form_of(request), f"hvorfor-{paper_id}"

    async def act() -> str:
        if not words(form, at):
            raise Faulty({at: "Skriv, hvorfor bilaget trækkes tilbage."})
        why = body(Named, {"said": words(form, at)}, at).said

        async def work(tx: Tx) -> Answer:
            _, meeting = await kept_meeting(tx, meeting_id)
            await papers.withdraw(tx, meeting, paper_id, why)
            return Answer(200, {"paper_id": paper_id})

        await call.run(work)
        return f"/moede/{meeting_id}/bilag#bilag"

    return await done(form, act, partial(show, request, call.principal, meeting_id), _places(at), at)


async def _may(request: Request, who: Principal, meeting_id: UUID) -> None:
    """Refuse whoever does not keep the meeting's papers before a byte of the file is read."""
    who.require(Role.SECRETARY)
    async with service_of(request).database.tx(who) as tx:
        council, _ = await seated_meeting(tx, meeting_id)
    if not keeps(council, who):
        raise NotYourCouncil


def _entry(form: Typed) -> papers.Entry:
    title, point = words(form, "titel"), words(form, "punkt")
    lacks = {"punkt": not point, "titel": not title}
    said = {"punkt": "Vælg det punkt, som bilaget hører til.", "titel": "Skriv, hvad bilaget hedder."}
    if any(lacks.values()):
        raise Faulty({name: said[name] for name, lacking in lacks.items() if lacking})
    try:
        item_id = UUID(point)
    except ValueError as error:
        raise Faulty({"punkt": said["punkt"]}) from error
    return papers.Entry(item_id, body(Named, {"said": title}, "titel").said, "fortroligt" in form)


async def looked_at(sent: Upload, at: str = FILE) -> tuple[BinaryIO, Content]:
    """Return the file of a form and what it is; Faulty, at its field, where it cannot be a paper."""
    if sent.too_large:
        raise Faulty({at: f"{PaperTooLarge.title} {PaperTooLarge.todo}"})
    if sent.file is None:
        raise Faulty({at: "Vælg en fil. En tom fil kan ikke være et bilag."})
    return sent.file, await asyncio.to_thread(look_at, sent.file)


def call_of(request: Request, who: Principal, sent: Upload, sha256: str) -> Command:
    """Return the command of a form whose file was streamed: the same key with another file is another command."""
    key = sent.form.get(KEY_FIELD) or request.headers.get(IDEMPOTENCY_KEY, "")
    fields = "\x00".join(f"{name}={value}" for name, value in sorted(sent.form.items()))
    return command_of(request, who, key, hashlib.sha256(f"{sha256}\x00{fields}".encode()).hexdigest())


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Go through a file from its beginning."""
    file.seek(0)
    while piece := file.read(kept.PIECE):
        yield piece


def _places(at: str) -> Places:
    point = f"{PointNotOnAgenda.title} {PointNotOnAgenda.todo}"
    there = f"{PaperIsThere.title} {PaperIsThere.todo}"
    return {**WORDS, MeetingNotInThisState: ("", OVER), PointNotOnAgenda: ("punkt", point), PaperIsThere: (at, there)}
