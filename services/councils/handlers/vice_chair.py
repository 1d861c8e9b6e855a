"""The kredsraad elects its vice chair, and a vacant place comes on the agenda by itself (O-1-05)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from contracts.councils.v1.seats import Vacated, ViceChairElected, ViceChairVacated
from contracts.refusal import Refusal
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.election import PARAGRAPH, elect
from services.councils.domain.matters import Matter, Treated
from services.councils.domain.seating import Member, NotTheKredsraad
from services.councils.handlers.matters import raise_matter, when_treated
from services.councils.handlers.telling import tell
from services.councils.store import bodies, clock, decisions, matters, seats, vice_chairs
from services.councils.store.vice_chairs import ViceChair

VACANT = "vice_chair_vacant"
STILL_VACANT = "vice_chair_still_vacant"
ENTERED_WITHIN = timedelta(days=14)
"""How soon after the meeting the election is entered; then the point comes again."""


class DecisionDoesNotElect(Refusal):
    """An election is recorded as a decision that the kredsraad has made, and each decision elects once."""

    slug = "decision-does-not-elect"
    status = 422
    title = "Valget hviler på en beslutning, som kredsrådet har truffet, og som ikke har valgt nogen før."
    todo = "Brug beslutningen fra det møde, hvor næstformanden blev valgt."


@dataclass(frozen=True, slots=True)
class Ballot:
    """How the council voted: votes for each municipality's mayor, and on whom the lot fell where there was a tie."""

    decision_id: UUID
    votes: Mapping[str, int]
    lot: str | None = None


async def elect_one(tx: Tx, body: Body, ballot: Ballot) -> tuple[ViceChair, Body]:
    """Record whom the kredsraad elected as its vice chair; whoever was it before is no more.

    Raises:
        NotTheKredsraad, DecisionDoesNotElect, and what `domain/election.py elect` refuses.
    """
    if body.kind is not BodyKind.KREDSRAAD:
        raise NotTheKredsraad
    today = await seats.today(tx)
    elected = elect(ballot.votes, ballot.lot, await seats.of_body(tx, body.id), today)
    await _require_decision(tx, body, ballot.decision_id)
    before = await vice_chairs.sitting(tx, body.id)
    if before is not None:
        body = await _vacate(tx, body, before, today, Vacated.REPLACED)
    member = elected.member
    new = ViceChair(
        *(new_id(), body.id, member.authority, member.id, ballot.decision_id, dict(ballot.votes)),
        *(elected.by_lot, today),
    )
    await vice_chairs.add(tx, new)
    await _take_back(tx, body)
    told = ViceChairElected(
        body_id=body.id,
        parties=body.parties,
        vice_chair_id=new.id,
        authority=new.authority,
        decision_id=new.decision_id,
        votes=elected.votes,
        by_lot=new.by_lot,
    )
    return new, await tell(tx, body, told)


async def vacate_with(tx: Tx, body: Body, member: Member, today: date) -> Body:
    """Vacate the vice chair's place with the mayor's term, and put the election on the next agenda."""
    sitting = await vice_chairs.sitting(tx, body.id)
    if sitting is None or sitting.member_id != member.id:
        return body
    body = await _vacate(tx, body, sitting, today, Vacated.TERM_ENDED)
    await _ask(tx, body, sitting.id)
    return body


async def ask_where_vacant(tx: Tx, body: Body) -> None:
    """Put the election on the next agenda of a kredsraad that has never had a vice chair."""
    if not await vice_chairs.every(tx, body.id):
        await _ask(tx, body, body.id)


async def _ask(tx: Tx, body: Body, subject: UUID) -> None:
    title = "Valg af næstformand blandt borgmestrene"
    await raise_matter(
        tx, Matter(new_id(), body.id, VACANT, subject, title, paragraph=PARAGRAPH, mandatory=False, must_decide=True)
    )


@when_treated(VACANT)
async def _treated(tx: Tx, _: Matter, treated: Treated) -> None:
    """Look again whether the election was entered: a place is not filled by having stood on an agenda."""
    at = await clock.now(tx) + ENTERED_WITHIN
    await set_deadline(tx, kind=STILL_VACANT, subject=treated.meeting_id, due_at=at)


@due(STILL_VACANT)
async def _look_again(meeting_id: UUID, _: datetime, tx: Tx) -> None:
    body = await bodies.the_kredsraad(tx)
    if body is not None and await vice_chairs.sitting(tx, body.id) is None:
        await _ask(tx, body, meeting_id)


async def _require_decision(tx: Tx, body: Body, decision_id: UUID) -> None:
    decision = await decisions.found(tx, decision_id)
    if decision is None or decision.body_id != body.id or decision.outcome != "decided":
        raise DecisionDoesNotElect
    if await vice_chairs.of_decision(tx, decision_id) is not None:
        raise DecisionDoesNotElect


async def _vacate(tx: Tx, body: Body, sitting: ViceChair, today: date, because: Vacated) -> Body:
    await vice_chairs.vacate(tx, sitting.id, today, because)
    told = ViceChairVacated(
        body_id=body.id,
        parties=body.parties,
        vice_chair_id=sitting.id,
        authority=sitting.authority,
        because=because,
    )
    return await tell(tx, body, told)


async def _take_back(tx: Tx, body: Body) -> None:
    """Take the election from the points that wait: it is done."""
    for matter in await matters.waiting(tx, body.id):
        if matter.kind == VACANT:
            await matters.withdraw(tx, VACANT, matter.subject)
