"""The making of the kredsraad's plan: begun, its days, the chairs asked, discussed at a meeting or outside one."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from chassis.outbox import append
from contracts.councils.v1.plans import (
    ChairInvolvementRequested,
    ChairInvolvementResponded,
    PlanDiscussed,
    PlanDrafted,
    PlanRevised,
    ProposalWindowOpened,
)
from contracts.event import Event
from contracts.refusal import NotFound, Refusal
from services.councils.domain import samarbejdsplan
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.comparing import changed_numbers
from services.councils.domain.document import Document, as_data, as_json, sha256_of
from services.councils.domain.matters import Matter, Treated
from services.councils.domain.plan_year import Timetable, require_order, usual
from services.councils.domain.preparation import ChairNotAsked, require_prepared
from services.councils.domain.samarbejdsplan import Samarbejdsplan, State
from services.councils.handlers.chaining import link
from services.councils.handlers.matters import closes_when, raise_matter, when_treated
from services.councils.store import bodies, clock, plan_work, plans, proposals

DENMARK = ZoneInfo("Europe/Copenhagen")
TO_DISCUSS = "plan_to_discuss"
"""The matter under which a draft comes on the kredsraad's agenda."""
CHAIRS_ASKED = "chairs_asked"
"""The deadline at which the chairs of the lokalraad are asked."""
CHAIRS_SILENT = "chairs_silent"
"""The deadline after which no answer is waited for."""


async def today(tx: Tx) -> date:
    """Return the day in Denmark by the service's clock."""
    return (await clock.now(tx)).astimezone(DENMARK).date()


def beginning_of(day: date) -> datetime:
    """Return when a day begins in Denmark."""
    return datetime.combine(day, time(), DENMARK)


async def tell(tx: Tx, plan: Samarbejdsplan, kind: type[Event], **facts: Any) -> None:  # noqa: ANN401  an event's fields
    """Tell one event of a plan's making, whose row must be locked."""
    body = await bodies.found(tx, plan.kredsraad_id)
    if body is None:
        raise NotFound
    of = {"body_id": body.id, "parties": body.parties, "plan_id": plan.samarbejdsplan_id, "year": plan.year}
    number, at = await plans.tell(tx, plan.samarbejdsplan_id), await clock.now(tx)
    await append(tx, kind.model_validate(of | facts), version=number, correlation_id=plan.samarbejdsplan_id, time=at)


async def begin(tx: Tx, plan: Samarbejdsplan) -> None:
    """Save a new plan; unless it comes from paper it gets its days and its place on the kredsraad's agenda."""
    await plans.add_plan(tx, plan, await clock.now(tx))
    await plan_work.save_version(tx, plan.samarbejdsplan_id, plan.kredsraad_id, as_json(plan.document))
    await tell(tx, plan, PlanDrafted, history=plan.history)
    if plan.history:
        return
    await set_days(tx, plan, usual(plan.year))
    title = f"Udkast til samarbejdsplan {plan.year}"
    await raise_matter(tx, Matter(new_id(), plan.kredsraad_id, TO_DISCUSS, plan.samarbejdsplan_id, title))


async def set_days(tx: Tx, plan: Samarbejdsplan, days: Timetable) -> None:
    """Say when lokalraad propose something for a plan, and when their chairs are asked."""
    require_order(days)
    await plans.set_timetable(tx, plan.samarbejdsplan_id, days)
    window = {"opens_on": days.proposals_from, "closes_on": days.proposals_until}
    await tell(tx, plan, ProposalWindowOpened, **window)
    await _wait(tx, CHAIRS_ASKED, plan.samarbejdsplan_id, days.chairs_asked_from)


async def revise(tx: Tx, plan: Samarbejdsplan, document: Document) -> int:
    """Save a new text of a draft as a version of its own; return the plan's version."""
    revised = samarbejdsplan.revise(plan, document)
    number = await plan_work.save_version(tx, plan.samarbejdsplan_id, plan.kredsraad_id, as_json(document))
    sections = changed_numbers(as_data(plan.document), as_data(document))
    await tell(tx, plan, PlanRevised, number=number, sections=sections)
    return await plans.save_plan(tx, revised)


async def discuss(tx: Tx, plan: Samarbejdsplan) -> int:
    """Fix the text of a plan that the kredsraad has discussed; return the plan's version."""
    await require_ready(tx, plan)
    discussed = samarbejdsplan.discuss(plan)
    await _link_proposals(tx, plan)
    await tell(tx, plan, PlanDiscussed, document_sha256=sha256_of(plan.document))
    return await plans.save_plan(tx, discussed)


async def _link_proposals(tx: Tx, plan: Samarbejdsplan) -> None:
    """Lead from each proposal that was taken up to the section that says so (O-2-11)."""
    body = await bodies.found(tx, plan.kredsraad_id)
    if body is None:
        return
    for proposal_id, section in await proposals.taken_up(tx, plan.samarbejdsplan_id):
        await link(tx, body, ("proposal", proposal_id), ("paragraph", f"{plan.year}-{section}"))


async def require_ready(tx: Tx, plan: Samarbejdsplan) -> None:
    """Refuse to discuss a plan before each proposal is answered and each chair was heard."""
    open_ones = await proposals.unanswered(tx, plan.samarbejdsplan_id)
    require_prepared(plan, open_ones, await proposals.chairs(tx, plan.samarbejdsplan_id), await today(tx))


@closes_when(TO_DISCUSS)
async def _lacks(tx: Tx, matter: Matter, _: Treated) -> list[str]:
    plan = await plans.lock_plan_by_id(tx, matter.subject)
    if plan is None or plan.state is not State.DRAFT:
        return []
    try:
        await require_ready(tx, plan)
        samarbejdsplan.discuss(plan)
    except Refusal as refused:
        return [refused.title]
    return []


@when_treated(TO_DISCUSS)
async def _discussed(tx: Tx, matter: Matter, _: Treated) -> None:
    plan = await plans.lock_plan_by_id(tx, matter.subject)
    if plan is not None and plan.state is State.DRAFT:
        await discuss(tx, plan)


# --- the chairs ---------------------------------------------------------------------------------------------------


async def ask_chairs(tx: Tx, plan: Samarbejdsplan) -> int:
    """Ask the chair of each lokalraad about a plan, each once; return how many are asked now."""
    days = await plans.timetable(tx, plan.samarbejdsplan_id)
    if days is None:
        return 0
    asked = 0
    for body in await bodies.every(tx):
        if body.kind is BodyKind.LOKALRAAD:
            asked += await _ask(tx, plan.samarbejdsplan_id, body, days.chairs_answer_by)
    await _wait(tx, CHAIRS_SILENT, plan.samarbejdsplan_id, days.chairs_answer_by + timedelta(days=1))
    return asked


async def respond(tx: Tx, plan_id: UUID, body: Body, text: str) -> UUID:
    """Keep what the chair of a lokalraad answers, told once; return the involvement's id."""
    found = await proposals.locked_involvement(tx, plan_id, body.id)
    if found is None:
        raise ChairNotAsked
    involvement_id, answered, silent = found
    await proposals.respond(tx, involvement_id, text)
    if not answered:
        await _tell_chair(tx, plan_id, body, involvement_id, 3 if silent else 2)
    return involvement_id


@due(CHAIRS_ASKED)
async def _time_to_ask(plan_id: UUID, _: datetime, tx: Tx) -> None:
    plan = await plans.lock_plan_by_id(tx, plan_id)
    if plan is not None and plan.state is State.DRAFT:
        await ask_chairs(tx, plan)


@due(CHAIRS_SILENT)
async def _no_answer(plan_id: UUID, _: datetime, tx: Tx) -> None:
    for involvement_id, body_id in await proposals.silent(tx, plan_id):
        body = await bodies.found(tx, body_id)
        if body is not None:
            await _tell_chair(tx, plan_id, body, involvement_id, 2, responded=False)


async def _ask(tx: Tx, plan_id: UUID, body: Body, answer_by: date) -> int:
    involvement_id = await proposals.ask(tx, plan_id, body.id, answer_by)
    if involvement_id is None:
        return 0
    of = {"body_id": body.id, "parties": body.parties, "chair_involvement_id": involvement_id, "plan_id": plan_id}
    event = ChairInvolvementRequested.model_validate(of | {"answer_by": answer_by})
    await append(tx, event, version=1, correlation_id=plan_id, time=await clock.now(tx))
    return 1


async def _tell_chair(
    tx: Tx, plan_id: UUID, body: Body, involvement_id: UUID, number: int, *, responded: bool = True
) -> None:
    event = ChairInvolvementResponded(
        body_id=body.id,
        parties=body.parties,
        chair_involvement_id=involvement_id,
        plan_id=plan_id,
        responded=responded,
    )
    await append(tx, event, version=number, correlation_id=plan_id, time=await clock.now(tx))


async def _wait(tx: Tx, kind: str, plan_id: UUID, day: date) -> None:
    at = beginning_of(day)
    is_past = at <= await clock.now(tx)
    await set_deadline(tx, kind=kind, subject=plan_id, due_at=at, correlation_id=plan_id, at_once=is_past)
