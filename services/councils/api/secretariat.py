"""What the secretariat does: councils are established, a plan goes from draft to published."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, Command
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.codes import Kommunekode, Role
from contracts.event import Event
from contracts.form import Day
from contracts.refusal import NotFound, Refusal
from services.councils.api.common import Call, Sent
from services.councils.domain import bodies, kredsraad, lokalraad, samarbejdsplan
from services.councils.domain.document import Document, as_data, sha256_of
from services.councils.domain.kredsraad import District, Kredsraad, Seat
from services.councils.domain.lokalraad import Lokalraad, LokalraadSeat
from services.councils.domain.preparation import require_signed
from services.councils.domain.samarbejdsplan import Samarbejdsplan, Sheet, Signature
from services.councils.domain.signing import require_history
from services.councils.handlers import local_planning, mandatory, planning, publishing, seats, signing, years
from services.councils.handlers.accounts import expect_account
from services.councils.handlers.goals import catch_up
from services.councils.store import bodies as kept
from services.councils.store import clock, councils, plans

router = APIRouter(tags=["sekretariat"])

Year = Annotated[int, Path(ge=2000, le=2999)]
Work = Callable[[Tx, Samarbejdsplan, datetime], Awaitable[Answer]]


class KredsraadMissing(Refusal):
    """Local councils and plans belong to a kredsraad, which must be established first."""

    slug = "kredsraad-missing"
    title = "Kredsrådet er ikke oprettet."
    todo = "Opret kredsrådet først."


class KredsraadBody(Sent):
    """The kredsraad of the district with its seats by office."""

    district: District
    in_service: Day
    seats: Annotated[tuple[Seat, ...], Field(max_length=50)]


class LokalraadBody(Sent):
    """The lokalraad of one municipality."""

    kommunekode: Kommunekode
    in_service: Day
    seats: Annotated[tuple[LokalraadSeat, ...], Field(max_length=50)]


class PlanBody(Sent):
    """The plan of one year with its text."""

    year: Annotated[int, Field(ge=2000, le=2999)]
    document: Document


class SheetBody(Sent):
    """A signed sheet."""

    place: Annotated[str, Field(min_length=1, max_length=100)]
    signed_on: Day
    text: Annotated[str, Field(min_length=1, max_length=200)]
    document_sha256: str
    signatures: Annotated[tuple[Signature, ...], Field(min_length=1, max_length=50)]

    @property
    def sheet(self) -> Sheet:
        """Return the sheet that it says."""
        return Sheet(self.place, self.signed_on, self.text, self.document_sha256, self.signatures)


@router.post("/kredsraad", status_code=201)
async def establish_kredsraad(body: KredsraadBody, call: Call) -> Response:
    """Establish the kredsraad of the police district."""
    call.require(Role.SECRETARY)
    return await call.run(lambda tx: _establish_kredsraad(tx, body, call.principal))


@router.post("/lokalraad", status_code=201)
async def establish_lokalraad(body: LokalraadBody, call: Call) -> Response:
    """Establish the lokalraad of one municipality."""
    call.require(Role.SECRETARY)
    return await call.run(lambda tx: _establish_lokalraad(tx, body, call.principal))


@router.post("/plans", status_code=201)
async def draft_plan(body: PlanBody, call: Call) -> Response:
    """Begin the plan of a year."""
    call.require(Role.SECRETARY)
    return await call.run(lambda tx: _draft_plan(tx, body, call.principal))


@router.put("/plans/{year}/document")
async def revise_plan(year: Year, document: Document, call: Call) -> Response:
    """Replace the text of a draft."""

    async def revise(tx: Tx, plan: Samarbejdsplan, _: datetime) -> Answer:
        version = await planning.revise(tx, plan, document)
        await mandatory.assign_for_year(tx, plan.year)
        return _answer(samarbejdsplan.revise(plan, document), version)

    return await _change(year, call, revise)


@router.post("/plans/{year}/discussion")
async def discuss_plan(year: Year, call: Call) -> Response:
    """Record that the kredsraad has discussed the plan: each proposal is answered, and each chair was heard."""

    async def discuss(tx: Tx, plan: Samarbejdsplan, _: datetime) -> Answer:
        return _answer(plan, await planning.discuss(tx, plan))

    return await _change(year, call, discuss)


@router.post("/plans/{year}/signatures")
async def sign_plan(year: Year, body: SheetBody, call: Call) -> Response:
    """Enter the names under a plan from paper, in one step: a plan for a year that had passed when it was begun."""

    async def sign(tx: Tx, plan: Samarbejdsplan, _: datetime) -> Answer:
        require_history(plan)
        council = await _council(tx, call.principal, body.signed_on)
        return _answer(plan, await signing.add_names(tx, plan, council, body.sheet, "history"))

    return await _change(year, call, sign)


@router.post("/plans/{year}/publication")
async def publish_plan(year: Year, call: Call) -> Response:
    """Publish a signed plan: from now on everyone may read it, and nobody may change it."""
    return await _change(year, call, _publish)


async def _establish_kredsraad(tx: Tx, body: KredsraadBody, principal: Principal) -> Answer:
    existing = await councils.lock_district(tx, body.district)
    at = await clock.now(tx)
    new = Kredsraad(new_id(), body.district, body.in_service, body.seats)
    event = kredsraad.establish(new, existing, principal.authority)
    await councils.add_kredsraad(tx, new, at)
    await kept.add(tx, bodies.of_kredsraad(new))
    await seats.watch_ends(tx, new.kredsraad_id)
    await local_planning.await_plans(tx, new.kredsraad_id, (await planning.today(tx)).year + 1)
    await years.begin(tx, bodies.of_kredsraad(new))
    await expect_account(tx, bodies.of_kredsraad(new))
    return await _told(tx, event, new.kredsraad_id, at)


async def _establish_lokalraad(tx: Tx, body: LokalraadBody, principal: Principal) -> Answer:
    council = await _council(tx, principal, None)
    at = await clock.now(tx)
    new = Lokalraad(new_id(), council.kredsraad_id, body.kommunekode, body.in_service, body.seats)
    event = lokalraad.establish(new, await councils.lokalraad_of(tx, body.kommunekode), council.police)
    await councils.add_lokalraad(tx, new, at)
    await kept.add(tx, bodies.of_lokalraad(new))
    await years.begin(tx, bodies.of_lokalraad(new))
    await catch_up(tx)
    return await _told(tx, event, council.kredsraad_id, at)


async def _draft_plan(tx: Tx, body: PlanBody, principal: Principal) -> Answer:
    council = await _council(tx, principal, None)
    # A plan for a year that has passed comes from paper: nobody is asked about it any more.
    is_history = body.year < (await planning.today(tx)).year
    proposed = Samarbejdsplan(new_id(), council.kredsraad_id, body.year, body.document, history=is_history)
    plan = samarbejdsplan.draft(proposed, await plans.plan_of(tx, body.year))
    await planning.begin(tx, plan)
    await mandatory.assign_for_year(tx, plan.year)
    return _answer(plan, plan.version, status=201)


async def _publish(tx: Tx, plan: Samarbejdsplan, at: datetime) -> Answer:
    council = await councils.kredsraad(tx, None)
    if council is not None:
        require_signed(plan, council)
    signed = await plans.signed(tx, plan)
    edition = await plans.next_edition(tx, plan.year)
    published, event = samarbejdsplan.publish(plan, edition, signed["signed_on"])
    version = await plans.save_plan(tx, published)
    await mandatory.assign_for_year(tx, plan.year)
    content = {"document": as_data(published.document), "signed": signed}
    new = plans.Edition(plan.year, edition, event.document_sha256, at, content)
    await plans.add_edition(tx, published, new)
    await publishing.expect(tx, plan, edition, event.document_sha256)
    # Only editions are told, so the domain topic's versions count them: 1, 2, 3… without gaps.
    await append(tx, event, version=edition, correlation_id=plan.samarbejdsplan_id, time=at)
    return _answer(published, version)


async def _change(year: int, call: Command, work: Work) -> Response:
    """Run a change of a year's plan: the kredsraad's own secretariat only, with the plan's row locked."""
    call.require(Role.SECRETARY)

    async def change(tx: Tx) -> Answer:
        await _council(tx, call.principal, None)
        plan = await plans.lock_plan(tx, year)
        if plan is None:
            raise NotFound
        return await work(tx, plan, await clock.now(tx))

    return await call.run(change)


async def _council(tx: Tx, principal: Principal, on: date | None) -> Kredsraad:
    """Return the kredsraad, locked, for its own secretariat."""
    council = await councils.lock_kredsraad(tx, on)
    if council is None:
        raise KredsraadMissing
    kredsraad.require_secretariat(council, principal.authority)
    return council


async def _told(tx: Tx, event: Event, case: UUID, at: datetime) -> Answer:
    """Tell that a council was established; the first and, so far, only fact about it."""
    await append(tx, event, version=1, correlation_id=case, time=at)
    return Answer(status=201, ids={f"{event.aggregate}_id": event.aggregate_id}, version=1)


def _answer(plan: Samarbejdsplan, version: int, status: int = 200) -> Answer:
    return Answer(
        status=status,
        ids={"samarbejdsplan_id": plan.samarbejdsplan_id, "document_sha256": sha256_of(plan.document)},
        version=version,
    )
