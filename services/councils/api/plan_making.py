"""The making of the kredsraad's plan over HTTP: its days, proposals and their answers, the chairs, a correction."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.councils.v1.plans import SectionNumber
from contracts.form import Day, Whole
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer, kept_body, require_party, require_version
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.document import as_data, sha256_of
from services.councils.domain.kredsraad import NotYourCouncil
from services.councils.domain.plan_year import DaysInWrongOrder, Timetable, WindowClosed
from services.councils.domain.preparation import ChairNotAsked, ProposalAnswered, ReasonMissing, Reply
from services.councils.domain.samarbejdsplan import PlanIsPublished, Samarbejdsplan, State, WrongState
from services.councils.domain.signing import NothingToCorrect
from services.councils.domain.wording import Line, Text
from services.councils.handlers import planning, proposing, signing
from services.councils.store import bodies, plans, proposals, sheets, websites

router = APIRouter(tags=["planarbejde"])

Year = Annotated[int, Path(ge=2000, le=2999)]
Work = Callable[[Tx, Samarbejdsplan], Awaitable[Answer]]


class DaysSaid(Sent):
    """When lokalraad propose something, and when their chairs are asked; all days are inclusive."""

    proposals_from: Day
    proposals_until: Day
    chairs_asked_from: Day
    chairs_answer_by: Day


class ProposalSaid(Sent):
    """What a lokalraad proposes."""

    body_id: UUID
    title: Line
    text: Text


class ReplySaid(Sent):
    """What the kredsraad answers, why, and which section of the plan takes the proposal up."""

    answer: Reply
    reason: Text | None = None
    section: SectionNumber | None = None


class CorrectionSaid(Sent):
    """The version of the plan that somebody has read and found wrong."""

    version: Whole


class ResponseSaid(Sent):
    """What a lokalraad's chair answers."""

    text: Text


@router.get("/plans/{year}/work")
async def read_work(year: Year, request: Request, principal: Asking) -> Response:
    """Return a plan that is being made, as those on the kredsraad read it: text, days, names and who was heard."""
    require_party(principal)
    async with service_of(request).database.tx(principal) as tx:
        plan = await plans.found(tx, year)
        if plan is None:
            raise NotFound
        said = await _shown(tx, plan)
    return answer(said)


@router.post("/plans/{year}/timetable", responses=refusing(DaysInWrongOrder, WrongState, PlanIsPublished))
async def set_days(year: Year, body: DaysSaid, call: Call) -> Response:
    """Move the days of a plan's making; a plan from paper has none."""
    days = Timetable(body.proposals_from, body.proposals_until, body.chairs_asked_from, body.chairs_answer_by)

    async def work(tx: Tx, plan: Samarbejdsplan) -> Answer:
        _require_making(plan)
        await planning.set_days(tx, plan, days)
        return Answer(200, {"plan_id": plan.samarbejdsplan_id})

    return await _change(year, call, work)


@router.post("/plans/{year}/involvement", responses=refusing(WrongState, PlanIsPublished))
async def ask_chairs(year: Year, call: Call) -> Response:
    """Ask the chair of each lokalraad about the plan; whoever was asked before is not asked again."""

    async def work(tx: Tx, plan: Samarbejdsplan) -> Answer:
        _require_making(plan)
        return Answer(200, {"plan_id": plan.samarbejdsplan_id, "asked": str(await planning.ask_chairs(tx, plan))})

    return await _change(year, call, work)


@router.post("/plans/{year}/involvement/{body_id}/response", responses=refusing(ChairNotAsked))
async def respond(year: Year, body_id: UUID, body: ResponseSaid, call: Call) -> Response:
    """Record what a lokalraad's chair answers: by one who sits there, or by a secretary who keeps its papers."""
    call.require(Role.SECRETARY, Role.COUNCIL_MEMBER)

    async def work(tx: Tx) -> Answer:
        council = await _seated(tx, body_id)
        plan = await plans.found(tx, year)
        if plan is None:
            raise NotFound
        return Answer(
            200, {"chair_involvement_id": await planning.respond(tx, plan.samarbejdsplan_id, council, body.text)}
        )

    return await call.run(work)


@router.post("/plans/{year}/proposals", status_code=201, responses=refusing(WindowClosed))
async def propose(year: Year, body: ProposalSaid, call: Call) -> Response:
    """Propose something for a plan, as a secretary of the lokalraad, between the days for it."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        council = await kept_body(tx, body.body_id)
        plan = await plans.found(tx, year)
        if plan is None or council.kind is not BodyKind.LOKALRAAD:
            raise NotFound
        made = await proposing.propose(tx, plan.samarbejdsplan_id, council, body.title, body.text)
        return Answer(201, {"plan_proposal_id": made})

    return await call.run(work)


@router.post("/proposals/{proposal_id}/answer", responses=refusing(ProposalAnswered, ReasonMissing))
async def reply(proposal_id: UUID, body: ReplySaid, call: Call) -> Response:
    """Answer a lokalraad's proposal, as the kredsraad's secretariat: the answer goes back to the lokalraad."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await _kredsraad(tx)
        proposal = await proposals.locked(tx, proposal_id)
        if proposal is None:
            raise NotFound
        await proposing.answer(tx, proposal, body.answer, body.reason, body.section)
        return Answer(200, {"plan_proposal_id": proposal_id})

    return await call.run(work)


@router.post("/plans/{year}/correction", responses=refusing(NothingToCorrect, StaleVersion))
async def correct(year: Year, body: CorrectionSaid, call: Call) -> Response:
    """Begin a correction of a published plan: its next edition is drafted, discussed and signed anew."""

    async def work(tx: Tx, plan: Samarbejdsplan) -> Answer:
        require_version(body.version, plan.version)
        return Answer(200, {"plan_id": plan.samarbejdsplan_id}, await signing.correct(tx, plan))

    return await _change(year, call, work)


async def _shown(tx: Tx, plan: Samarbejdsplan) -> dict[str, object]:
    plan_id, days = plan.samarbejdsplan_id, await plans.timetable(tx, plan.samarbejdsplan_id)
    return {
        "plan_id": plan_id,
        "body_id": plan.kredsraad_id,
        "year": plan.year,
        "state": plan.state,
        "version": plan.version,
        "history": plan.history,
        "legal_basis": "retsplejeloven-111-113",
        "document": as_data(plan.document),
        "document_sha256": sha256_of(plan.document),
        "timetable": days,
        "signed": await plans.signed(tx, plan),
        "sheets": await sheets.waiting(tx, plan_id),
        "proposals": await proposals.of_plan(tx, plan_id),
        "chairs": await proposals.involvements(tx, plan_id),
        "editions": await plans.editions(tx, plan.year),
        "website": await websites.shown(tx, plan_id),
    }


def _require_making(plan: Samarbejdsplan) -> None:
    if plan.state is State.PUBLISHED:
        raise PlanIsPublished(year=plan.year)
    if plan.state is not State.DRAFT or plan.history:
        raise WrongState(state=plan.state)


async def _change(year: int, call: Command, work: Work) -> Response:
    """Run a change of a year's plan by the kredsraad's own secretariat, with the plan's row locked."""
    call.require(Role.SECRETARY)

    async def change(tx: Tx) -> Answer:
        return await work(tx, await own_plan(tx, year))

    return await call.run(change)


async def own_plan(tx: Tx, year: int) -> Samarbejdsplan:
    """Return the plan of a year, locked, for the kredsraad's own secretariat; NotFound, NotYourCouncil."""
    await _kredsraad(tx)
    plan = await plans.lock_plan(tx, year)
    if plan is None:
        raise NotFound
    return plan


async def _kredsraad(tx: Tx) -> Body:
    council = await bodies.the_kredsraad(tx)
    if council is None:
        raise NotFound
    return await kept_body(tx, council.id)


async def _seated(tx: Tx, body_id: UUID) -> Body:
    council = await bodies.found(tx, body_id)
    if council is None:
        raise NotFound
    if tx.principal.authority not in council.parties:
        raise NotYourCouncil
    return council
