"""Texts for foreseeable events over HTTP: drafted, cleared and approved in peacetime."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from services.beredskabsstab.api.common import SEES, Asking, Body, Call, Id, answer
from services.beredskabsstab.api.message_bodies import Line, WordsBody, actor
from services.beredskabsstab.api.messages import WRITES
from services.beredskabsstab.handlers import standards as acts
from services.beredskabsstab.store import standards

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["standardtekst"])


class DraftingStandard(Body):
    """A text with open places: {sted}, {tid} and {grad}, and no others."""

    title: Line
    danish: WordsBody
    english: WordsBody | None = None


@router.post("/standard-texts", status_code=201)
async def draft(body: DraftingStandard, call: Call) -> Response:
    """Draft a text; nobody can use it before another has approved it."""
    call.require(*WRITES)
    words = body.danish.words(), body.english.words() if body.english else None

    async def work(tx: Tx) -> Answer:
        return Answer(201, {"standard_id": await acts.draft(tx, body.title, words, actor(call.principal))}, version=1)

    return await call.run(work)


@router.post("/standard-texts/{standard_id}/clear")
async def clear(standard_id: Id, call: Call) -> Response:
    """Clear a draft for the own sector: what is filled in from it needs no clearance of that authority."""
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        await acts.clear(tx, standard_id, actor(call.principal))
        return Answer(ids={"standard_id": standard_id})

    return await call.run(work)


@router.post("/standard-texts/{standard_id}/approve")
async def approve(standard_id: Id, call: Call) -> Response:
    """Approve a text for a year."""
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        version = await acts.approve(tx, standard_id, actor(call.principal))
        return Answer(ids={"standard_id": standard_id}, version=version)

    return await call.run(work)


@router.get("/standard-texts")
async def read_all(request: Request, principal: Asking) -> Response:
    """List the texts, with who has cleared them and until when they hold."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        rows = await standards.newest(tx)
    return answer({"standard_texts": [_shown(row) for row in rows]})


def _shown(row: "Record") -> dict[str, Any]:
    danish, english = standards.words(row)
    names = ("standard_id", "title", "state", "authority", "cleared_by", "approved_at", "holds_until", "version")
    return {name: row[name] for name in names} | {"danish": danish, "english": english}
