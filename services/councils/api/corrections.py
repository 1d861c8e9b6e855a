"""Corrections of minutes over HTTP: proposed by a member while they are a draft, and answered by the secretary."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import WHOLE, Truth
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer
from services.councils.api.meeting_common import Versioned, change, keeps, seated_meeting
from services.councils.domain import corrections
from services.councils.domain.agendas import may_read
from services.councils.domain.bodies import Body
from services.councils.domain.meeting_refusals import MeetingNotInThisState
from services.councils.domain.meetings import Meeting
from services.councils.domain.wording import Text
from services.councils.handlers import corrections as acts
from services.councils.handlers.agendas import item_of
from services.councils.store import agendas
from services.councils.store import corrections as store
from services.councils.store.corrections import Proposal

router = APIRouter(tags=["referat"])


class CorrectionSaid(Sent):
    """Other words of a point in an edition that somebody has read, and why."""

    edition: Annotated[int, Field(ge=1, le=9999), WHOLE]
    item_id: UUID
    text: Text
    decision: Text | None = None
    reason: Text

    @property
    def proposal(self) -> Proposal:
        """Return what is proposed."""
        return Proposal(self.item_id, self.text, self.decision or "", self.reason)


class CorrectionAnswered(Versioned):
    """Whether a proposal is taken over; a refusal says why."""

    accept: Truth
    reason: Text | None = None


@router.get("/meetings/{meeting_id}/minutes/proposals")
async def listed(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """List what was proposed about a meeting's minutes with the answers, without what is closed to the reader."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await seated_meeting(tx, meeting_id)
        found = await _open_to(tx, body, meeting, principal)
    return answer({"meeting_id": meeting_id, "proposals": found})


@router.post(
    "/meetings/{meeting_id}/minutes/proposals",
    status_code=201,
    responses=refusing(
        *(corrections.AnotherEdition, corrections.NothingIsCorrected, corrections.ProposedAlready),
        MeetingNotInThisState,
    ),
)
async def propose(meeting_id: UUID, body: CorrectionSaid, call: Call) -> Response:
    """Propose a correction of minutes that are a draft, as a member."""
    call.require(Role.COUNCIL_MEMBER)

    async def work(tx: Tx) -> Answer:
        council, meeting = await seated_meeting(tx, meeting_id)
        item = await item_of(tx, meeting, body.item_id)
        if not may_read(item, call.principal.roles, keeps=keeps(council, call.principal)):
            raise NotFound
        return Answer(201, {"correction_id": await acts.propose(tx, meeting, item, body.proposal, body.edition)})

    return await call.run(work)


@router.post(
    "/meetings/{meeting_id}/minutes/proposals/{correction_id}/answer",
    responses=refusing(
        *(corrections.CorrectionIsAnswered, corrections.PointCorrectedSince, corrections.AnswerNeedsReason),
        *(MeetingNotInThisState, StaleVersion),
    ),
)
async def answer_proposal(meeting_id: UUID, correction_id: UUID, body: CorrectionAnswered, call: Call) -> Response:
    """Take a proposed correction over as a new edition, or refuse it with the reason."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        if body.accept:
            return await acts.accept(tx, council, meeting, correction_id, body.version)
        return await acts.refuse(tx, meeting, correction_id, body.reason or "", body.version)

    return await change(call, meeting_id, work)


async def _open_to(tx: Tx, body: Body, meeting: Meeting, who: Principal) -> list[dict[str, Any]]:
    items = {one.id: one for one in await agendas.of_meeting(tx, meeting.id)}
    found = await store.of_meeting(tx, meeting.id)
    return [one for one in found if may_read(items[one["item_id"]], who.roles, keeps=keeps(body, who))]
