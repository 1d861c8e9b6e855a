"""What §4.2 to §4.4 ask for, and the chief's yearly account, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.openapi import refusing
from contracts.refusal import StaleVersion
from services.councils.api.common import Asking, Call
from services.councils.api.following import of_body, of_kredsraad, of_thing, read
from services.councils.domain.activities import (
    AccountSaid,
    ConceptSaid,
    Conclusion,
    GivenAlready,
    MeetingReport,
    MeetingSaid,
    NoProblemFound,
    NotCovered,
    OpeningSaid,
    PolicePartyNeeded,
    SchoolActionSaid,
    SchoolsMissing,
    SessionSaid,
    VerdictSaid,
)
from services.councils.domain.following import Change, InThePast, NotYet, WrongStep
from services.councils.handlers import accounts, activities, investigations
from services.councils.store import followed, rows
from services.councils.store.rows import INVESTIGATION, PREVENTION_MEETING, TRAINING

router = APIRouter(tags=["opfølgning"])

Theme = Annotated[str, Path(max_length=40, pattern=r"^[a-z](_?[a-z])*$")]


@router.post("/bodies/{body_id}/training-concepts", status_code=201)
async def make_concept(body_id: UUID, said: ConceptSaid, call: Call) -> Response:
    """Make a training concept for those who work where people go out."""
    return await of_body(call, body_id, lambda tx, body: activities.make_concept(tx, body, said))


@router.post("/training-concepts/{concept_id}/sessions", status_code=201, responses=refusing(NotYet, StaleVersion))
async def hold_session(concept_id: UUID, said: SessionSaid, call: Call) -> Response:
    """Note that a training was held, and how many came."""
    return await of_thing(
        call, TRAINING, concept_id, said, lambda tx, body, row: activities.hold_session(tx, body, row, said)
    )


@router.post("/bodies/{body_id}/prevention-meetings", status_code=201)
async def plan_meeting(body_id: UUID, said: MeetingSaid, call: Call) -> Response:
    """Plan a prevention meeting with an organisation, such as Ældre Sagen."""
    return await of_body(call, body_id, lambda tx, body: activities.plan_meeting(tx, body, said))


@router.post("/prevention-meetings/{meeting_id}/report", responses=refusing(NotYet, WrongStep, StaleVersion))
async def report_meeting(meeting_id: UUID, said: MeetingReport, call: Call) -> Response:
    """Report a prevention meeting that was held: how many came, and what it was about."""
    return await of_thing(
        *(call, PREVENTION_MEETING, meeting_id, said),
        lambda tx, body, row: activities.report_meeting(tx, body, row, said),
    )


@router.post("/prevention-meetings/{meeting_id}/cancel", responses=refusing(WrongStep, StaleVersion))
async def cancel_meeting(meeting_id: UUID, said: Change, call: Call) -> Response:
    """Call a prevention meeting off."""
    return await of_thing(call, PREVENTION_MEETING, meeting_id, said, activities.cancel_meeting)


@router.get("/bodies/{body_id}/activities")
async def list_activities(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List a council's training concepts with their sessions, and its prevention meetings: what is to come first."""
    return await read(request, principal, lambda tx: _activities(tx, body_id))


async def _activities(tx: Tx, body_id: UUID) -> rows.Row:
    concepts = await rows.where(tx, "training_concept", "recorded_at, training_concept_id", body_id=body_id)
    for row in concepts:
        its = {"training_concept_id": row["training_concept_id"]}
        row["sessions"] = await rows.where(tx, "training_session", "held_on desc, session_id", **its)
    order = "state desc, planned_on, prevention_meeting_id"
    meetings = await rows.where(tx, "prevention_meeting", order, body_id=body_id)
    return {"training_concepts": concepts, "prevention_meetings": meetings}


@router.post("/bodies/{body_id}/assessments", status_code=201, responses=refusing(NotYet))
async def judge(body_id: UUID, said: VerdictSaid, call: Call) -> Response:
    """Record how a council judges a topic of the plan; what was said before stays."""
    return await of_body(call, body_id, lambda tx, body: activities.judge(tx, body, said))


@router.get("/assessments/{topic}")
async def list_verdicts(topic: Theme, request: Request, principal: Asking) -> Response:
    """List how the councils judge a topic: the district's verdict, and the local findings beside it."""
    return await read(request, principal, lambda tx: followed.verdicts(tx, topic))


@router.post("/investigations", status_code=201)
async def open_investigations(said: OpeningSaid, call: Call) -> Response:
    """Let each lokalråd look into a topic in a year."""
    return await of_kredsraad(call, lambda tx, body: investigations.open_everywhere(tx, body, said))


@router.post("/investigations/{investigation_id}/conclusion", responses=refusing(SchoolsMissing, WrongStep))
async def conclude(investigation_id: UUID, said: Conclusion, call: Call) -> Response:
    """Say what an investigation found, by which method and at which schools."""
    return await of_thing(
        *(call, INVESTIGATION, investigation_id, said),
        lambda tx, body, row: investigations.conclude(tx, body, row, said),
    )


@router.post(
    "/investigations/{investigation_id}/actions",
    status_code=201,
    responses=refusing(NoProblemFound, NotCovered, PolicePartyNeeded, InThePast),
)
async def act_at_school(investigation_id: UUID, said: SchoolActionSaid, call: Call) -> Response:
    """Let police and a school act together against a problem that was found."""
    return await of_thing(
        *(call, INVESTIGATION, investigation_id, said),
        lambda tx, body, row: investigations.act_at_school(tx, body, row, said),
    )


@router.get("/bodies/{body_id}/investigations")
async def list_investigations(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List what a lokalråd looks into: what is open first."""
    order = "state desc, year desc, topic"
    return await read(request, principal, lambda tx: rows.where(tx, "investigation", order, body_id=body_id))


@router.post("/yearly-accounts", status_code=201, responses=refusing(GivenAlready))
async def give_account(said: AccountSaid, call: Call) -> Response:
    """Record the chief's account of a year to the kredsråd (rpl § 112, stk. 2)."""
    return await of_kredsraad(call, lambda tx, body: accounts.give_account(tx, body, said))


@router.get("/yearly-accounts")
async def list_accounts(request: Request, principal: Asking) -> Response:
    """List the chief's accounts, the newest first."""
    return await read(request, principal, lambda tx: rows.where(tx, "yearly_account", "year desc"))
