"""A meeting's papers for a browser: the bundle as one PDF, one paper, and one recipient's invitation."""

import tempfile
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from services.councils.api import invitations, minutes_files, papers
from services.councils.api.bundle import Front, Point, bundle
from services.councils.api.meeting_common import keeps, seated_meeting
from services.councils.api.web import PAGES, Colleague
from services.councils.domain.agendas import Item, ItemState, may_read
from services.councils.domain.bodies import Body
from services.councils.domain.meetings import Meeting
from services.councils.domain.moments import moment
from services.councils.domain.papers import Paper, PaperType
from services.councils.store import agendas
from services.councils.store import papers as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

MARK = "Demonstration, ikke en myndighed"


@pages.get("/meetings/{meeting_id}/bundle.pdf")
async def bundled(meeting_id: UUID, request: Request, who: Colleague) -> Response:
    """Return agenda and annexes as one PDF, without what is closed to the reader."""
    who.require(*papers.READERS)
    service = service_of(request)
    # Typesetting takes a while, and holds no connection meanwhile: the files are written first.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with service.database.tx(who) as tx:
            body, meeting = await seated_meeting(tx, meeting_id)
            points = await _points(tx, body, meeting, folder)
        mark = MARK if service.settings.demonstration else None
        front = Front(f"Dagsorden: {body.title}", {"Tid": moment(meeting.starts_at), "Sted": meeting.place}, mark)
        content = await bundle(front, points, folder)
    kept_as = f'attachment; filename="dagsorden-{meeting.day}.pdf"'
    return Response(
        content, headers={"Content-Disposition": kept_as, "Cache-Control": "no-store"}, media_type="application/pdf"
    )


async def _points(tx: Tx, body: Body, meeting: Meeting, folder: Path) -> list[Point]:
    items = [one for one in await agendas.of_meeting(tx, meeting.id) if one.state is not ItemState.WITHDRAWN]
    points = []
    for number, item in enumerate(items, 1):
        if may_read(item, tx.principal.roles, keeps=keeps(body, tx.principal)):
            points.append(await _point(tx, number, item, folder))
        else:
            points.append(Point(number, "Lukket punkt", [], []))
    return points


async def _point(tx: Tx, number: int, item: Item, folder: Path) -> Point:
    own = await kept.of_items(tx, [item.id])
    for paper in own:
        await _written(tx, paper, folder)
    said = [f"Ansvarlig: {item.responsible}"] if item.responsible else []
    both = item.sammenhaeng
    if both:
        said.append(f"Sammenhæng: politiets opgave »{both.police_task}« og kommunens »{both.municipal_task}«.")
    return Point(number, item.title, said, own)


async def _written(tx: Tx, paper: Paper, folder: Path) -> None:
    """Write a PDF where typesetting looks for it, a piece at a time."""
    path = folder / f"{paper.content.sha256}.pdf"
    if paper.content.type is not PaperType.PDF or path.exists():
        return
    with path.open("wb") as file:
        async for piece in kept.pieces(tx, paper.content.sha256):
            file.write(piece)


@pages.get("/bilag/{paper_id}")
async def paper(paper_id: UUID, request: Request, who: Colleague) -> Response:
    """Return one paper to a browser."""
    return await papers.read(paper_id, request, who)


@pages.get("/moede/{meeting_id}/invitation/{invitee_id}.ics")
async def invitation(meeting_id: UUID, invitee_id: UUID, request: Request, who: Colleague) -> Response:
    """Return one recipient's invitation, to be sent by the secretary."""
    return await invitations.invitation(meeting_id, invitee_id, request, who)


@pages.get("/moede/{meeting_id}/referat.docx")
async def minutes(meeting_id: UUID, request: Request, who: Colleague) -> Response:
    """Return the newest minutes as a document for word processors, without what is closed to the reader."""
    return await minutes_files.read_draft(meeting_id, request, who)
