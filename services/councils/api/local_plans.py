"""Lokalraad's yearly plans over HTTP: drafted by a secretary of either side, approved by both, read by everyone."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.openapi import refusing
from contracts.codes import Kommunekode, LegalBasis, Role
from contracts.councils.v1.common import Sha256
from contracts.form import WHOLE, Whole
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer, kept_body, require_party, require_version
from services.councils.api.plan_views import LocalPlanView
from services.councils.api.public import EVERYONE, Number, Year, as_public_json, demonstration
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.kredsraad import NotYourCouncil
from services.councils.domain.local_plan import (
    LocalDocument,
    LocalPlan,
    LocalState,
    local_data,
    local_sha256,
    missing_sides,
)
from services.councils.domain.local_refusals import (
    ApprovalMissing,
    ApprovedAnotherText,
    InitiativeUnknown,
    KredsraadPlanMissing,
    LocalPlanExists,
    LocalYearDoesNotMatch,
    NotAParty,
    NotCarriedOut,
    OnePersonBothSides,
    WorkAreaMissing,
    WrongLocalState,
    YearNotOpen,
)
from services.councils.domain.lokalraad import Side
from services.councils.domain.naming import Noted
from services.councils.domain.wording import Line
from services.councils.handlers import local_planning
from services.councils.handlers.local_planning import Approver
from services.councils.handlers.planning import today
from services.councils.store import bodies, local_plans, naming

router = APIRouter(tags=["lokal plan"])

Work = Callable[[Tx, LocalPlan, Body], Awaitable[int]]


class LocalPlanSaid(Sent):
    """The plan of a lokalraad for one year, under the kredsraad's plan of that year."""

    plan_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999), WHOLE]
    document: LocalDocument


class TextSaid(Sent):
    """A new text, made from the version that was read."""

    version: Whole
    document: LocalDocument


class ApprovalSaid(Sent):
    """Who approves, by the name that the plan shows, and which text."""

    holder: Line
    document_sha256: Sha256


@router.post(
    "/bodies/{body_id}/local-plans",
    status_code=201,
    responses=refusing(LocalPlanExists, YearNotOpen, KredsraadPlanMissing, LocalYearDoesNotMatch),
)
async def draft(body_id: UUID, body: LocalPlanSaid, call: Call) -> Response:
    """Begin a lokalraad's plan of a year."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        council = await _lokalraad(tx, body_id)
        plan = await local_planning.draft(tx, council, body.plan_id, body.year, body.document)
        return _answer(plan, plan.version, 201)

    return await call.run(work)


@router.put("/bodies/{body_id}/local-plans/{year}/document", responses=refusing(StaleVersion, LocalYearDoesNotMatch))
async def revise(body_id: UUID, year: Year, body: TextSaid, call: Call) -> Response:
    """Replace the text; approvals that were given count no longer."""

    async def work(tx: Tx, plan: LocalPlan, council: Body) -> int:
        require_version(body.version, plan.version)
        return await local_planning.revise(tx, plan, council, body.document)

    return await _change(body_id, year, call, work)


@router.post(
    "/bodies/{body_id}/local-plans/{year}/submission",
    responses=refusing(WorkAreaMissing, NotCarriedOut, InitiativeUnknown, WrongLocalState),
)
async def submit(body_id: UUID, year: Year, call: Call) -> Response:
    """Lay a plan ready for approval: all that was decided is carried out by an initiative, or says why not."""
    return await _change(body_id, year, call, local_planning.submit)


@router.post(
    "/bodies/{body_id}/local-plans/{year}/approval",
    responses=refusing(NotAParty, WrongLocalState, ApprovedAnotherText, OnePersonBothSides),
)
async def approve(body_id: UUID, year: Year, body: ApprovalSaid, call: Call) -> Response:
    """Approve a plan for the own side, police or municipality."""
    call.require(Role.PLAN_APPROVER)
    who = Approver(call.principal.subject, body.holder, body.document_sha256)

    async def work(tx: Tx) -> Answer:
        side = side_of(await _existing(tx, body_id), call.principal.authority)
        plan = await local_plans.locked(tx, body_id, year)
        if plan is None:
            raise NotFound
        return _answer(plan, await local_planning.approve(tx, plan, side, who))

    return await call.run(work)


@router.post("/bodies/{body_id}/local-plans/{year}/publication", responses=refusing(ApprovalMissing, WrongLocalState))
async def publish(body_id: UUID, year: Year, call: Call) -> Response:
    """Publish a plan that both sides have approved: everyone may read this edition, and nobody may change it."""
    return await _change(body_id, year, call, local_planning.publish)


@router.get("/bodies/{body_id}/local-plans/{year}")
async def read(body_id: UUID, year: Year, request: Request, principal: Asking) -> Response:
    """Return a lokalraad's plan as those who sit there read it, with its approvals and the side that is missing."""
    require_party(principal)
    async with service_of(request).database.tx(principal) as tx:
        plan = await local_plans.found(tx, body_id, year)
        if plan is None:
            raise NotFound
        given = await local_plans.approvals(tx, plan.local_plan_id)
    names = ("side", "holder", "approved_at")
    said = {"approvals": [{name: one[name] for name in names} for one in given]}
    return answer(_shown(plan) | said)


@router.get("/local-plans/{year}")
async def coverage(year: Year, request: Request, principal: Asking) -> Response:
    """List each lokalraad with how far its plan has come; from 1 January those without an approved one are missing."""
    principal.require(Role.SECRETARY)
    async with service_of(request).database.tx(principal) as tx:
        council = await bodies.the_kredsraad(tx)
        if council is None or principal.authority not in council.secretariats:
            raise NotYourCouncil
        rows, day = await local_plans.of_year(tx, year), await today(tx)
    approved = {LocalState.APPROVED, LocalState.PUBLISHED}
    found = [
        row | {"missing": day.year >= year >= row["in_service"].year and row["state"] not in approved} for row in rows
    ]
    return answer({"year": year, "lokalraad": found, "missing": sum(row["missing"] for row in found)})


@router.get("/lokalraad/{kommunekode}/plans/{year}", response_model=LocalPlanView, tags=["offentligt"])
async def read_newest(kommunekode: Kommunekode, year: Year, request: Request) -> Response:
    """Return the newest published edition of a lokalraad's plan."""
    return await _public(request, kommunekode, year, None)


@router.get(
    "/lokalraad/{kommunekode}/plans/{year}/editions/{number}", response_model=LocalPlanView, tags=["offentligt"]
)
async def read_edition(kommunekode: Kommunekode, year: Year, number: Number, request: Request) -> Response:
    """Return one published edition of a lokalraad's plan, which reads the same for ever."""
    return await _public(request, kommunekode, year, number)


def side_of(body: Body, authority: str) -> Side:
    """Return the side on which an authority sits; NotAParty where it does not."""
    if authority not in body.parties:
        raise NotAParty(rule="O-2-10", paragraph="2")
    return Side.KOMMUNE if authority.startswith("kommune-") else Side.POLITI


async def published_plan(
    request: Request, kommunekode: str, year: int, number: int | None
) -> tuple[dict[str, Any], list[Noted]]:
    """Return an edition that everyone reads, and which names in it have been put right since; NotFound without one."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await local_plans.edition(tx, kommunekode, year, number)
        if found is None:
            raise NotFound
        return found, await naming.under_local_plan(tx, kommunekode, found["content"]["approvals"])


async def _public(request: Request, kommunekode: str, year: int, number: int | None) -> Response:
    found, noted = await published_plan(request, kommunekode, year, number)
    address = f"/lokalraad/{kommunekode}/plans/{year}/editions/{found['edition']}"
    content: dict[str, Any] = found.pop("content")
    told = {"address": address, "legal_basis": LegalBasis.RETSPLEJELOVEN_111_113}
    corrected = {"corrected_names": [asdict(one) for one in noted]}
    return as_public_json(request, demonstration(request) | found | told | content | corrected)


async def _change(body_id: UUID, year: int, call: Command, work: Work) -> Response:
    """Run a change of a lokalraad's plan by one of its secretaries, with the plan's row locked."""
    call.require(Role.SECRETARY)

    async def change(tx: Tx) -> Answer:
        council = await _lokalraad(tx, body_id)
        plan = await local_plans.locked(tx, body_id, year)
        if plan is None:
            raise NotFound
        version = await work(tx, plan, council)
        now = await local_plans.found(tx, body_id, year)
        return _answer(now or plan, version)

    return await call.run(change)


async def _lokalraad(tx: Tx, body_id: UUID) -> Body:
    council = await kept_body(tx, body_id)
    if council.kind is not BodyKind.LOKALRAAD:
        raise NotFound
    return council


async def _existing(tx: Tx, body_id: UUID) -> Body:
    council = await bodies.found(tx, body_id)
    if council is None:
        raise NotFound
    return council


def _answer(plan: LocalPlan, version: int, status: int = 200) -> Answer:
    ids: dict[str, UUID | str | list[str]] = {
        "local_plan_id": plan.local_plan_id,
        "document_sha256": local_sha256(plan.document),
    }
    return Answer(status, ids, version)


def _shown(plan: LocalPlan) -> dict[str, Any]:
    return {
        "local_plan_id": plan.local_plan_id,
        "body_id": plan.body_id,
        "plan_id": plan.plan_id,
        "year": plan.year,
        "state": plan.state,
        "version": plan.version,
        "document": local_data(plan.document),
        "document_sha256": local_sha256(plan.document),
        "missing": missing_sides(plan.approvals),
    }
