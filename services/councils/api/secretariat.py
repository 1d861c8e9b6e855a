"""What the secretariat does: councils are established, a plan goes from draft to published."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.database import Tx
from chassis.http import Answer, Command, command
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.codes import Kommunekode, Role
from contracts.event import Event
from contracts.form import Day
from contracts.refusal import NotFound, Refusal
from services.councils import store
from services.councils.domain import kredsraad, lokalraad, samarbejdsplan
from services.councils.domain.document import Document, as_data, sha256_of
from services.councils.domain.kredsraad import District, Kredsraad, Seat
from services.councils.domain.lokalraad import Lokalraad, LokalraadSeat
from services.councils.domain.samarbejdsplan import Samarbejdsplan, Sheet, Signature

router = APIRouter(tags=["sekretariat"])

Call = Annotated[Command, Depends(command)]
Year = Annotated[int, Path(ge=2000, le=2999)]
Work = Callable[[Tx, Samarbejdsplan, datetime], Awaitable[Answer]]


class KredsraadMissing(Refusal):
    """Local councils and plans belong to a kredsraad, which must be established first."""

    slug = "kredsraad-missing"
    title = "Kredsrådet er ikke oprettet."
    todo = "Opret kredsrådet først."


class Body(BaseModel):
    """What a command carries: nothing else than its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KredsraadBody(Body):
    """The kredsraad of the district with its seats by office."""

    district: District
    in_service: Day
    seats: Annotated[tuple[Seat, ...], Field(max_length=50)]


class LokalraadBody(Body):
    """The lokalraad of one municipality."""

    kommunekode: Kommunekode
    in_service: Day
    seats: Annotated[tuple[LokalraadSeat, ...], Field(max_length=50)]


class PlanBody(Body):
    """The plan of one year with its text."""

    year: Annotated[int, Field(ge=2000, le=2999)]
    document: Document


class SheetBody(Body):
    """A signed sheet."""

    place: Annotated[str, Field(min_length=1, max_length=100)]
    signed_on: Day
    text: Annotated[str, Field(min_length=1, max_length=200)]
    document_sha256: str
    signatures: Annotated[tuple[Signature, ...], Field(min_length=1, max_length=50)]


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
        return await _saved(tx, samarbejdsplan.revise(plan, document))

    return await _change(year, call, revise)


@router.post("/plans/{year}/discussion")
async def discuss_plan(year: Year, call: Call) -> Response:
    """Record that the kredsraad has discussed the plan."""

    async def discuss(tx: Tx, plan: Samarbejdsplan, _: datetime) -> Answer:
        return await _saved(tx, samarbejdsplan.discuss(plan))

    return await _change(year, call, discuss)


@router.post("/plans/{year}/signatures")
async def sign_plan(year: Year, body: SheetBody, call: Call) -> Response:
    """Record the names on a signed sheet."""
    sheet = Sheet(body.place, body.signed_on, body.text, body.document_sha256, body.signatures)

    async def sign(tx: Tx, plan: Samarbejdsplan, at: datetime) -> Answer:
        council = await _council(tx, call.principal, sheet.signed_on)
        signed = samarbejdsplan.sign(plan, council, sheet)
        await store.add_signatures(tx, signed, sheet, call.principal.subject, at)
        return await _saved(tx, signed)

    return await _change(year, call, sign)


@router.post("/plans/{year}/publication")
async def publish_plan(year: Year, call: Call) -> Response:
    """Publish a signed plan: from now on everyone may read it, and nobody may change it."""
    return await _change(year, call, _publish)


async def _establish_kredsraad(tx: Tx, body: KredsraadBody, principal: Principal) -> Answer:
    existing = await store.lock_district(tx, body.district)
    at = await store.now(tx)
    new = Kredsraad(new_id(), body.district, body.in_service, body.seats)
    event = kredsraad.establish(new, existing, principal.authority)
    await store.add_kredsraad(tx, new, at)
    return await _told(tx, event, new.kredsraad_id, at)


async def _establish_lokalraad(tx: Tx, body: LokalraadBody, principal: Principal) -> Answer:
    council = await _council(tx, principal, None)
    at = await store.now(tx)
    new = Lokalraad(new_id(), council.kredsraad_id, body.kommunekode, body.in_service, body.seats)
    event = lokalraad.establish(new, await store.lokalraad_of(tx, body.kommunekode), council.police)
    await store.add_lokalraad(tx, new, at)
    return await _told(tx, event, council.kredsraad_id, at)


async def _draft_plan(tx: Tx, body: PlanBody, principal: Principal) -> Answer:
    council = await _council(tx, principal, None)
    at = await store.now(tx)
    proposed = Samarbejdsplan(new_id(), council.kredsraad_id, body.year, body.document)
    plan = samarbejdsplan.draft(proposed, await store.plan_of(tx, body.year))
    await store.add_plan(tx, plan, at)
    return _answer(plan, plan.version, status=201)


async def _publish(tx: Tx, plan: Samarbejdsplan, at: datetime) -> Answer:
    signed = await store.signed(tx, plan)
    edition = await store.next_edition(tx, plan.year)
    published, event = samarbejdsplan.publish(plan, edition, signed["signed_on"])
    version = await store.save_plan(tx, published)
    content = {"document": as_data(published.document), "signed": signed}
    new = store.Edition(plan.year, edition, event.document_sha256, at, content)
    await store.add_edition(tx, published, new)
    # Only editions are told, so the domain topic's versions count them: 1, 2, 3… without gaps.
    await append(tx, event, version=edition, correlation_id=plan.samarbejdsplan_id, time=at)
    return _answer(published, version)


async def _change(year: int, call: Command, work: Work) -> Response:
    """Run a change of a year's plan: the kredsraad's own secretariat only, with the plan's row locked."""
    call.require(Role.SECRETARY)

    async def change(tx: Tx) -> Answer:
        await _council(tx, call.principal, None)
        plan = await store.lock_plan(tx, year)
        if plan is None:
            raise NotFound
        return await work(tx, plan, await store.now(tx))

    return await call.run(change)


async def _council(tx: Tx, principal: Principal, on: date | None) -> Kredsraad:
    """Return the kredsraad, locked, for its own secretariat."""
    council = await store.lock_kredsraad(tx, on)
    if council is None:
        raise KredsraadMissing
    kredsraad.require_secretariat(council, principal.authority)
    return council


async def _saved(tx: Tx, plan: Samarbejdsplan) -> Answer:
    return _answer(plan, await store.save_plan(tx, plan))


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
