"""Minutes over HTTP: drafted, corrected, answered in writing, closed, and read by everyone where they are public."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import WHOLE, Truth
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer
from services.councils.api.meeting_common import EVERYONE, Versioned, change, keeps, seated_meeting
from services.councils.api.public import as_public_json
from services.councils.api.public_views import MinutesView
from services.councils.domain import meeting_refusals as refusals
from services.councils.domain.bodies import Body
from services.councils.domain.meetings import Meeting
from services.councils.domain.minutes import for_reader
from services.councils.domain.wording import Line, Text
from services.councils.handlers import minutes as acts
from services.councils.handlers.agendas import item_of
from services.councils.store import minutes as store

router = APIRouter(tags=["referat"])


class Corrected(Versioned):
    """Other words of a point, and of its decision where it has one."""

    item_id: UUID
    text: Text
    decision: Text | None = None
    note: Line


class Answered(Sent):
    """What a member says of an edition: an objection says what is wrong, and nothing is an approval."""

    edition: Annotated[int, Field(ge=1, le=9999), WHOLE]
    objection: Text | None = None


class Closing(Versioned):
    """Whether the minutes are public."""

    publish: Truth


@router.get("/meetings/{meeting_id}/minutes", response_model=MinutesView)
async def read(meeting_id: UUID, request: Request) -> Response:
    """Return a meeting's published minutes to everyone, without confidential points; they never change."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await store.published(tx, meeting_id)
    if found is None:
        raise NotFound
    return as_public_json(request, found)


@router.get("/meetings/{meeting_id}/minutes/draft")
async def read_draft(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Return the newest minutes with their editions and answers, for whoever sits on the council."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await seated_meeting(tx, meeting_id)
        last = await acts.newest(tx, meeting)
        editions = await store.editions(tx, meeting_id)
        answers = await store.answers(tx, last)
    document = for_reader(last.document, principal.roles, keeps=keeps(body, principal))
    about = {"meeting_id": meeting_id, "edition": last.edition, "document_sha256": last.sha256}
    progress = {"state": meeting.state, "version": meeting.version, "round_is_open": last.round_is_open}
    return answer({**about, **progress, "document": document, "editions": editions, "answers": answers})


@router.post(
    "/meetings/{meeting_id}/minutes",
    responses=refusing(refusals.PointsOpen, refusals.MeetingNotInThisState, StaleVersion),
)
async def draft(meeting_id: UUID, body: Versioned, call: Call) -> Response:
    """Draft the minutes from the points, each of which has its outcome."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.draft(tx, council, meeting, body.version)

    return await change(call, meeting_id, work, 201)


@router.post(
    "/meetings/{meeting_id}/minutes/corrections", responses=refusing(refusals.MeetingNotInThisState, StaleVersion)
)
async def correct(meeting_id: UUID, body: Corrected, call: Call) -> Response:
    """Put words right: a new edition, which is answered anew."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        item = await item_of(tx, meeting, body.item_id)
        words = (body.text, body.decision or "")
        return await acts.correct(tx, council, meeting, item, words, body.note, body.version)

    return await change(call, meeting_id, work)


@router.post("/meetings/{meeting_id}/minutes/round", responses=refusing(refusals.MinutesObjectedTo, StaleVersion))
async def open_round(meeting_id: UUID, body: Versioned, call: Call) -> Response:
    """Ask the members to approve in writing within 5 hverdage; who says nothing has nothing against it."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.open_round(tx, council, meeting, body.version)

    return await change(call, meeting_id, work)


@router.post(
    "/meetings/{meeting_id}/minutes/answers",
    status_code=201,
    responses=refusing(refusals.RoundNotOpen, refusals.MinutesAnsweredAlready),
)
async def answer_round(meeting_id: UUID, body: Answered, call: Call) -> Response:
    """Approve minutes in writing or object, as a member; it is kept with the time and cannot be undone."""
    call.require(Role.COUNCIL_MEMBER)

    async def work(tx: Tx) -> Answer:
        council, meeting = await seated_meeting(tx, meeting_id)
        who = (call.principal.subject, call.principal.authority)
        await acts.answer(tx, council.id, meeting, body.edition, body.objection or "", who)
        return Answer(201, {"meeting_id": meeting_id})

    return await call.run(work)


@router.post("/meetings/{meeting_id}/closing", responses=refusing(refusals.MeetingNotInThisState, StaleVersion))
async def close(meeting_id: UUID, body: Closing, call: Call) -> Response:
    """Close a meeting with approved minutes, and publish them where they are public."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.close(tx, council, meeting, body.version, publish=body.publish)

    return await change(call, meeting_id, work)
