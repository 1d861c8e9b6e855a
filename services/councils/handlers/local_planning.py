"""The making of a lokalraad's plan: drafted, submitted, approved by both sides, published, and missed on 1 January."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from chassis.outbox import append
from contracts.councils.v1.local_plans import (
    LocalPlanApprovalRecorded,
    LocalPlanApproved,
    LocalPlanDrafted,
    LocalPlanPublished,
    LocalPlanRevised,
    LocalPlansMissing,
    LocalPlanSubmitted,
)
from contracts.event import Event
from contracts.refusal import NotFound
from services.councils.domain import local_plan
from services.councils.domain.bodies import Body
from services.councils.domain.local_plan import Approval, LocalDocument, LocalPlan, LocalState, local_json, local_sha256
from services.councils.domain.local_refusals import InitiativeUnknown, KredsraadPlanMissing
from services.councils.domain.lokalraad import Side
from services.councils.domain.matters import Matter, Treated
from services.councils.handlers.matters import closes_when, raise_matter
from services.councils.handlers.planning import DENMARK, beginning_of, today
from services.councils.store import bodies, clock, decisions, initiatives, local_plans, plan_work, plans

TO_APPROVE = "local_plan_to_approve"
"""The matter under which a submitted plan comes on its lokalraad's agenda."""
PLANS_DUE = "local_plans_due"
"""The deadline, each 1 January, by which each lokalraad has an approved plan."""


@dataclass(frozen=True, slots=True)
class Approver:
    """Who approves a plan, and which text they read: by sign-in or by a personal link."""

    subject: str
    holder: str
    """The name that the plan shows."""
    document_sha256: str


async def draft(tx: Tx, body: Body, plan_id: UUID, year: int, document: LocalDocument) -> LocalPlan:
    """Begin the plan of a lokalraad, whose row is locked, under the kredsraad's plan of the same year."""
    above = await plans.found_by_id(tx, plan_id)
    if above is None or above.year != year:
        raise KredsraadPlanMissing(rule="O-0-01", year=year)
    proposed = LocalPlan(new_id(), body.id, plan_id, year, document)
    existing = await local_plans.plan_of(tx, body.id, year)
    plan = local_plan.draft(proposed, existing, (await today(tx)).year)
    await local_plans.add(tx, plan)
    await plan_work.save_version(tx, plan.local_plan_id, body.id, local_json(document))
    await _tell(tx, plan, body, LocalPlanDrafted, plan_id=plan_id)
    return plan


async def revise(tx: Tx, plan: LocalPlan, body: Body, document: LocalDocument) -> int:
    """Save a new text as a version of its own; no earlier approval counts. Return the plan's version."""
    revised = local_plan.revise(plan, document)
    number = await plan_work.save_version(tx, plan.local_plan_id, body.id, local_json(document))
    reset = await local_plans.reset_approvals(tx, plan.local_plan_id)
    await _tell(tx, plan, body, LocalPlanRevised, number=number, approvals_reset=reset)
    return await local_plans.save(tx, revised)


async def submit(tx: Tx, plan: LocalPlan, body: Body) -> int:
    """Lay a plan ready for approval, on the lokalraad's agenda; return the plan's version."""
    submitted = local_plan.submit(plan, await decided(tx, plan.year))
    named = local_plan.initiatives_of(plan.document)
    unknown = named - await initiatives.known(tx, body.id, named)
    if unknown:
        raise InitiativeUnknown(missing=", ".join(sorted(unknown)))
    await _tell(tx, plan, body, LocalPlanSubmitted, document_sha256=local_sha256(plan.document))
    title = f"Lokal samarbejdsplan {plan.year} til godkendelse"
    await raise_matter(tx, Matter(new_id(), body.id, TO_APPROVE, plan.local_plan_id, title, paragraph="2"))
    return await local_plans.save(tx, submitted)


async def approve(tx: Tx, plan: LocalPlan, side: Side, who: Approver) -> int:
    """Add one side's approval to a locked plan; with both, by different persons, it is approved.

    Both ways lead here: sign-in and personal link. It returns the plan's version; a second time changes nothing.

    Raises:
        WrongLocalState: the plan does not lie ready for approval.
        ApprovedAnotherText: who approves has read another text.
        OnePersonBothSides: the same person has approved for the other side.
    """
    approved = local_plan.approve(plan, Approval(side, who.subject, who.holder), who.document_sha256)
    if approved == plan:
        return plan.version
    body = await _body(tx, plan)
    await local_plans.add_approval(tx, plan, approved.approvals[-1])
    told = {"document_sha256": who.document_sha256}
    await _tell(tx, plan, body, LocalPlanApprovalRecorded, side=side.value, **told)
    if approved.state is not plan.state:
        await _tell(tx, plan, body, LocalPlanApproved, **told)
    return await local_plans.save(tx, approved)


async def publish(tx: Tx, plan: LocalPlan, body: Body) -> int:
    """Publish a plan that both sides have approved, as an edition that never changes; return the plan's version."""
    published = local_plan.publish(plan)
    given = [
        {"side": one["side"], "holder": one["holder"], "approved_at": one["approved_at"]}
        for one in await local_plans.approvals(tx, plan.local_plan_id)
    ]
    content = {"document": local_plan.local_data(plan.document), "approvals": given}
    code = body.kommunekode or ""
    edition = await local_plans.add_edition(tx, plan, code, content)
    path = f"/lokalraad/{code}/plans/{plan.year}/editions/{edition}"
    sha256 = local_sha256(plan.document)
    await _tell(tx, plan, body, LocalPlanPublished, edition=edition, document_path=path, document_sha256=sha256)
    return await local_plans.save(tx, published)


async def decided(tx: Tx, year: int) -> list[UUID]:
    """Return what a plan must carry out: the decisions of the year in which it is written, and of its own."""
    council = await bodies.the_kredsraad(tx)
    if council is None:
        return []
    return [one.id for each in (year - 1, year) for one in await decisions.to_carry_out(tx, council.id, each)]


@closes_when(TO_APPROVE)
async def _lacks(tx: Tx, matter: Matter, _: Treated) -> list[str]:
    plan = await local_plans.locked_by_id(tx, matter.subject)
    if plan is None or plan.state in {LocalState.APPROVED, LocalState.PUBLISHED}:
        return []
    names = {Side.POLITI: "politiet", Side.KOMMUNE: "kommunen"}
    return [f"godkendelse fra {names[Side(side)]}" for side in local_plan.missing_sides(plan.approvals)]


# --- the first of January -----------------------------------------------------------------------------------------


async def await_plans(tx: Tx, kredsraad_id: UUID, year: int) -> None:
    """Let somebody look, when a year begins, which lokalraad have no approved plan for it."""
    at = beginning_of(date(year, 1, 1))
    await set_deadline(tx, kind=PLANS_DUE, subject=kredsraad_id, due_at=at, correlation_id=kredsraad_id)


@due(PLANS_DUE)
async def _year_began(kredsraad_id: UUID, at: datetime, tx: Tx) -> None:
    year = at.astimezone(DENMARK).year
    body, missing = await bodies.found(tx, kredsraad_id), await local_plans.missing(tx, year)
    if body is not None and missing:
        event = LocalPlansMissing(
            body_id=body.id,
            parties=body.parties,
            local_plan_year_id=uuid5(kredsraad_id, str(year)),
            year=year,
            missing=tuple(missing),
        )
        await append(tx, event, version=1, correlation_id=kredsraad_id, time=await clock.now(tx))
    await await_plans(tx, kredsraad_id, year + 1)


async def _body(tx: Tx, plan: LocalPlan) -> Body:
    body = await bodies.found(tx, plan.body_id)
    if body is None:
        raise NotFound
    return body


async def _tell(tx: Tx, plan: LocalPlan, body: Body, kind: type[Event], **facts: Any) -> None:  # noqa: ANN401  an event's fields
    of = {"body_id": body.id, "parties": body.parties, "local_plan_id": plan.local_plan_id, "year": plan.year}
    number, at = await local_plans.tell(tx, plan.local_plan_id), await clock.now(tx)
    await append(tx, kind.model_validate(of | facts), version=number, correlation_id=plan.local_plan_id, time=at)
