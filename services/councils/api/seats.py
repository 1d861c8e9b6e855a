"""The secretariat's commands about who sits on a council: entered in one form or as a list, left, chaired, elected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.councils.v1.seats import SeatKind
from contracts.form import WHOLE
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Call, Sent, is_of_council_office, kept_body, require_version
from services.councils.domain import naming, seating
from services.councils.domain.bodies import BodyKind
from services.councils.domain.kredsraad import ChairIsNotThePolitidirektoer, NotYourCouncil
from services.councils.domain.lokalraad import SeatOfAnotherAuthority, SideMissing
from services.councils.domain.seating import DEPUTY, Account, Email, Entry, SomeDay
from services.councils.domain.wording import Line
from services.councils.handlers import seats as acts
from services.councils.handlers.mailing import follow_people
from services.councils.store import bodies, seats

router = APIRouter(tags=["råd"])

BodyId = Annotated[UUID, Path()]
MemberId = Annotated[UUID, Path()]
Version = Annotated[int, Field(ge=0, le=2**31), WHOLE]
SEATING = (
    seating.ThirteenthSeat,
    seating.TermTaken,
    seating.TermBackwards,
    seating.SitsAlready,
    seating.ChairIsTaken,
    seating.ChairOfNoSide,
    ChairIsNotThePolitidirektoer,
    SeatOfAnotherAuthority,
    NotYourCouncil,
)
SPELLING = (naming.NameChangedMeanwhile, naming.NameIsTheSame, naming.AnotherPerson, NotYourCouncil)


class MembersBody(Sent):
    """Those who are to sit on the council, each by a place of their own."""

    members: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=100)]


class DeputyBody(Sent):
    """A mayor's deputy, as the municipality has chosen them."""

    holder: Line
    valid_from: SomeDay
    valid_to: SomeDay | None = None
    email: Email | None = None
    subject: Account | None = None


class LeavingBody(Sent):
    """The last day of somebody's time on a council."""

    last_day: SomeDay


class ReachBody(Sent):
    """How a member is reached from now on."""

    email: Email | None = None
    subject: Account | None = None


class ChairBody(Sent):
    """Who chairs a lokalraad from a day on."""

    member_id: UUID
    valid_from: SomeDay


class NameBody(Sent):
    """How a name is spelt, beside how it stands, and why that is wrong."""

    was: Line
    holder: Line
    reason: Line


class WorkBody(Sent):
    """The version that a change is based on."""

    version: Version


@router.post("/bodies/{body_id}/members", status_code=201, responses=refusing(*SEATING))
async def seat(body_id: BodyId, body: MembersBody, call: Call) -> Response:
    """Seat members in one form, all or none: a new mayor takes the place on that very day, and history is kept."""
    call.require(Role.SECRETARY)
    return await call.run(lambda tx: _seated(tx, body_id, body.members))


@router.post("/bodies/{body_id}/deputies", status_code=201, responses=refusing(seating.TermTaken, NotYourCouncil))
async def deputy(body_id: BodyId, body: DeputyBody, call: Call) -> Response:
    """Enter who stands in for the mayor of the own municipality, whose council has chosen them."""
    call.require(Role.SECRETARY)
    entry = Entry(
        call.principal.authority,
        DEPUTY,
        *(body.holder, body.valid_from, body.valid_to),
        email=body.email,
        subject=body.subject,
    )

    async def work(tx: Tx) -> Answer:
        found = await bodies.found(tx, body_id)
        if found is None:
            raise NotFound
        if found.kind is not BodyKind.KREDSRAAD:
            raise seating.NotTheKredsraad
        if not is_of_council_office(tx.principal, found):
            raise NotYourCouncil
        member = await acts.seat(tx, found, entry)
        await follow_people(tx, found.id)
        return Answer(201, {"member_id": member.id})

    return await call.run(work)


@router.post(
    "/bodies/{body_id}/members/{member_id}/leave", responses=refusing(seating.TermIsOver, seating.TermBackwards)
)
async def leave(body_id: BodyId, member_id: MemberId, body: LeavingBody, call: Call) -> Response:
    """End somebody's time on a council with a day; a municipality's secretary that of the own deputy too."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await _kept_or_own_deputy(tx, body_id, member_id)
        member = await acts.leave(tx, body_id, member_id, body.last_day)
        await follow_people(tx, body_id)
        return Answer(200, {"member_id": member.id})

    return await call.run(work)


@router.post("/bodies/{body_id}/members/{member_id}/name", responses=refusing(*SPELLING))
async def spell(body_id: BodyId, member_id: MemberId, body: NameBody, call: Call) -> Response:
    """Put a misspelt name right, of who sits or sat on the council: the same person, and what stood there is kept."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await _kept_or_own_deputy(tx, body_id, member_id)
        made = await acts.spell(tx, body_id, member_id, body.was, body.holder, body.reason)
        return Answer(200, {"member_id": member_id, "correction_id": made.id})

    return await call.run(work)


@router.put("/bodies/{body_id}/members/{member_id}/contact")
async def reach(body_id: BodyId, member_id: MemberId, body: ReachBody, call: Call) -> Response:
    """Say how a member is reached from now on; it stands nowhere else, and is deleted when they leave."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await _kept_or_own_deputy(tx, body_id, member_id)
        member = await acts.member_of(tx, body_id, member_id)
        await seats.change_reach(tx, member, body.email, body.subject)
        await follow_people(tx, body_id)
        return Answer(200, {"member_id": member_id})

    return await call.run(work)


@router.post(
    "/bodies/{body_id}/chair", responses=refusing(seating.ChairIsTaken, seating.ChairOfNoSide, seating.NotALokalraad)
)
async def chair(body_id: BodyId, body: ChairBody, call: Call) -> Response:
    """Let a member chair the lokalraad from a day on; whoever chairs it stays a member."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        kept = await kept_body(tx, body_id)
        member = await acts.member_of(tx, kept.id, body.member_id)
        await acts.take_chair(tx, member, body.valid_from)
        return Answer(200, {"member_id": member.id})

    return await call.run(work)


@router.post(
    "/bodies/{body_id}/deactivate", responses=refusing(seating.NotALokalraad, seating.ActiveAlready, StaleVersion)
)
async def deactivate(body_id: BodyId, body: WorkBody, call: Call) -> Response:
    """Put a lokalraad out of work, as the kredsraad's secretariat: its municipality counts as without one."""
    return await _work(body_id, body, call, active=False)


@router.post(
    "/bodies/{body_id}/activate", responses=refusing(seating.NotALokalraad, seating.ActiveAlready, SideMissing)
)
async def activate(body_id: BodyId, body: WorkBody, call: Call) -> Response:
    """Take a lokalraad up again, which both sides sit on (O-2-01)."""
    return await _work(body_id, body, call, active=True)


async def _work(body_id: UUID, body: WorkBody, call: Call, *, active: bool) -> Response:
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        kept, kredsraad = await kept_body(tx, body_id), await bodies.the_kredsraad(tx)
        if kredsraad is None or tx.principal.authority not in kredsraad.secretariats:
            raise NotYourCouncil
        require_version(body.version, kept.version)
        changed = await acts.work(tx, kept, active=active)
        return Answer(200, {"body_id": kept.id}, changed.version)

    return await call.run(work)


async def _seated(tx: Tx, body_id: UUID, entries: tuple[Entry, ...]) -> Answer:
    kept = await kept_body(tx, body_id)
    members = [await acts.seat(tx, kept, entry) for entry in entries]
    await follow_people(tx, kept.id)
    return Answer(201, {"member_ids": [str(one.id) for one in members]})


async def _kept_or_own_deputy(tx: Tx, body_id: UUID, member_id: UUID) -> None:
    """Refuse whoever neither keeps the council's papers nor is the municipality whose deputy it is."""
    member = await seats.found(tx, member_id)
    is_own = member is not None and member.kind is SeatKind.DEPUTY and member.authority == tx.principal.authority
    if not is_own:
        await kept_body(tx, body_id)
