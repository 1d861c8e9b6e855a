"""Minutes as files: a tagged PDF and a document for word processors, with what the reader may see and no more."""

import asyncio
import io
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import docx
from docx.oxml.ns import qn
from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.typesetting import typeset
from contracts.refusal import NotFound
from services.councils.api.common import Asking
from services.councils.api.meeting_common import EVERYONE, keeps, seated_meeting
from services.councils.api.minutes_page import page_of
from services.councils.api.public import DEMONSTRATION
from services.councils.domain.minutes import Document, for_reader
from services.councils.domain.papers import PaperType
from services.councils.handlers import minutes as acts
from services.councils.store import minutes as store

router = APIRouter(tags=["referat"])

TEMPLATE = Path(__file__).with_name("minutes.typ")
"""How minutes are set."""

FILES: dict[int | str, dict[str, Any]] = {200: {"content": {PaperType.PDF: {}}}}
WORD: dict[int | str, dict[str, Any]] = {200: {"content": {PaperType.DOCX: {}}}}


@router.get("/meetings/{meeting_id}/minutes.pdf", response_class=Response, responses=FILES)
async def read_pdf(meeting_id: UUID, request: Request) -> Response:
    """Return a meeting's published minutes to everyone, as a tagged PDF."""
    page = page_of(await _published(request, meeting_id), _mark(request))
    return _file(await typeset(TEMPLATE, page), PaperType.PDF)


@router.get("/meetings/{meeting_id}/minutes.docx", response_class=Response, responses=WORD)
async def read_docx(meeting_id: UUID, request: Request) -> Response:
    """Return a meeting's published minutes to everyone, as a document for word processors."""
    return await _word(request, await _published(request, meeting_id))


@router.get("/meetings/{meeting_id}/minutes/draft.docx", response_class=Response, responses=WORD)
async def read_draft(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Return the newest minutes as a document for word processors, for whoever sits on the council."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await seated_meeting(tx, meeting_id)
        last = await acts.newest(tx, meeting)
    return await _word(request, for_reader(last.document, principal.roles, keeps=keeps(body, principal)))


def as_docx(page: dict[str, Any], held: datetime) -> bytes:
    """Return a page as a document with real headings, a language and a title; it is dated when the meeting ended."""
    made, out = docx.Document(), io.BytesIO()
    made.core_properties.title, made.core_properties.language = page["title"], "da-DK"
    made.core_properties.created = made.core_properties.modified = held
    made.core_properties.author = ""
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "da-DK")
    made.add_heading(page["title"], 0)
    if page["mark"]:
        made.add_paragraph(f"{page['mark']}. Ingen myndighed har lavet eller godkendt dette dokument.")
    _lines(made, list(page["facts"].items()))
    for point in page["points"]:
        made.add_heading(f"{point['number']}. {point['title']}", 1)
        _lines(made, point["lines"])
    if page["left_out"]:
        made.add_heading("Punkter, der udgik", 1)
        for one in page["left_out"]:
            made.add_paragraph(one, style="List Bullet")
    made.save(out)
    return out.getvalue()


def _lines(made: Any, lines: list[Any]) -> None:  # noqa: ANN401  docx.Document is a function, its class is hidden
    for name, value in lines:
        paragraph = made.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(value)


async def _published(request: Request, meeting_id: UUID) -> Document:
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await store.published(tx, meeting_id)
    if found is None:
        raise NotFound
    document: Document = found["document"]
    return document


async def _word(request: Request, document: Document) -> Response:
    held = datetime.fromisoformat(document["ends_at"])
    page = page_of(document, _mark(request))
    return _file(await asyncio.to_thread(as_docx, page, held), PaperType.DOCX)


def _mark(request: Request) -> str | None:
    return DEMONSTRATION if service_of(request).settings.demonstration else None


def _file(content: bytes, kind: PaperType) -> Response:
    headers = {"Content-Language": "da", "Content-Disposition": f'attachment; filename="referat.{kind.ending}"'}
    return Response(content, headers=headers | {"Cache-Control": "no-store"}, media_type=kind)
