"""Papers over HTTP: a file is sent by its checksum, entered where it belongs, read by who may, and withdrawn."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse
from starlette.requests import ClientDisconnect

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import Truth
from contracts.refusal import NotFound
from services.councils.api.common import Asking, Call, Sent, answer, kept_body
from services.councils.api.paper_readers import open_to_reader
from services.councils.domain.papers import (
    LARGEST,
    Content,
    Paper,
    PaperIsActive,
    PaperIsAnother,
    PaperMissing,
    PaperTooLarge,
    PaperUnreadable,
)
from services.councils.domain.wording import Line
from services.councils.handlers.paper_content import look_at
from services.councils.store import papers

router = APIRouter(tags=["bilag"])

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
IN_MEMORY = 4 * papers.PIECE
READERS = (Role.SECRETARY, Role.COUNCIL_MEMBER, Role.PLAN_APPROVER)
RAW = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


class PaperSent(Sent):
    """Where a paper belongs, and who may read it."""

    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
    title: Line
    item_id: UUID | None = None
    confidential: Truth = True
    supplement: Truth = False
    signed_sheet: Truth = False


class PaperWithdrawn(Sent):
    """Why a paper is withdrawn."""

    why: Line


@router.put(
    "/bodies/{body_id}/imports/papers/{sha256}",
    openapi_extra=RAW,
    responses=refusing(PaperTooLarge, PaperUnreadable, PaperIsActive, PaperIsAnother),
)
async def send_content(body_id: UUID, sha256: Sha256, request: Request, principal: Asking) -> Response:
    """Take the content of a paper under its checksum; sent again it changes nothing."""
    principal.require(Role.SECRETARY)
    service = service_of(request)
    async with service.database.tx(principal) as tx:
        await kept_body(tx, body_id)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        await _receive(request, file)
        content = await asyncio.to_thread(look_at, file)
        if content.sha256 != sha256:
            raise PaperIsAnother(sha256=content.sha256)
        async with service.database.tx(principal) as tx:
            await papers.add_content(tx, content, _pieces(file))
    return answer(_told(content))


@router.post("/bodies/{body_id}/papers", status_code=201, responses=refusing(PaperMissing))
async def enter(body_id: UUID, body: PaperSent, call: Call) -> Response:
    """Enter a paper of a council: an annex of a point, or of the council itself."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await kept_body(tx, body_id)
        content = await papers.content(tx, body.sha256)
        if content is None:
            raise PaperMissing
        marks = (body.confidential, body.supplement, body.signed_sheet)
        new = Paper(new_id(), body_id, body.title, content, body.item_id, *marks)
        await papers.add(tx, new)
        return Answer(201, {"paper_id": new.id})

    return await call.run(work)


@router.post("/papers/{paper_id}/withdrawal")
async def withdraw(paper_id: UUID, body: PaperWithdrawn, call: Call) -> Response:
    """Withdraw a paper, with the reason; it is shown no more."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        paper = await papers.found(tx, paper_id)
        if paper is None:
            raise NotFound
        await kept_body(tx, paper.body_id)
        await papers.withdraw(tx, paper_id, body.why)
        return Answer(200, {"paper_id": paper_id})

    return await call.run(work)


@router.get("/bodies/{body_id}/papers")
async def listed(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List the papers of a council on which the own authority sits."""
    principal.require(*READERS)
    async with service_of(request).database.tx(principal) as tx:
        found = await open_to_reader(tx, await papers.of_body(tx, body_id))
    return answer([shown(paper) for paper in found])


@router.get("/papers/{paper_id}", response_class=StreamingResponse)
async def read(paper_id: UUID, request: Request, principal: Asking) -> Response:
    """Return a paper's content, as the file that it is."""
    principal.require(*READERS)
    async with service_of(request).database.tx(principal) as tx:
        paper = await papers.found(tx, paper_id)
        if paper is None or not await open_to_reader(tx, [paper]):
            raise NotFound
    return StreamingResponse(_read(request, principal, paper), headers=_headers(paper), media_type=paper.content.type)


def shown(paper: Paper) -> dict[str, Any]:
    """Return a paper as those who may read it see it in a list."""
    marks = {"confidential": paper.confidential, "supplement": paper.supplement, "signed_sheet": paper.signed_sheet}
    where = {"paper_id": paper.id, "body_id": paper.body_id, "item_id": paper.item_id, "title": paper.title}
    return where | marks | _told(paper.content)


def _told(content: Content) -> dict[str, Any]:
    return {
        "sha256": content.sha256,
        "media_type": content.type,
        "size": content.size,
        "pages": content.pages,
    }


async def _receive(request: Request, file: IO[bytes]) -> None:
    received = 0
    try:
        async for piece in request.stream():
            received += len(piece)
            if received > LARGEST:
                raise PaperTooLarge(limit_bytes=LARGEST)
            file.write(piece)
    except ClientDisconnect:
        raise PaperUnreadable from None


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(papers.PIECE):
        yield piece


async def _read(request: Request, principal: Principal, paper: Paper) -> AsyncIterator[bytes]:
    async with service_of(request).database.tx(principal) as tx:
        async for piece in papers.pieces(tx, paper.content.sha256):
            yield piece


def _headers(paper: Paper) -> dict[str, str]:
    return {
        # Nothing in it may act where it is shown, and no name of a sender stands in it.
        "Content-Disposition": f'attachment; filename="bilag-{paper.content.sha256[:12]}.{paper.content.type.ending}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
        "ETag": f'"{paper.content.sha256}"',
    }
