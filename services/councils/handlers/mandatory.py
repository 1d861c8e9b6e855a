"""Mandatory points of plan §4: assigned from the plan and the ministry's list, answered, treated, or breached."""

from datetime import date, datetime, time
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.ids import new_id
from chassis.outbox import append
from contracts.councils.v1.areas import (
    ChecklistAnswered,
    MandatoryItemAssigned,
    MandatoryItemBreached,
    MandatoryItemTreated,
    _OfMandatoryItem,
)
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound
from services.councils.domain import mandatory as rules
from services.councils.domain.bodies import Body
from services.councils.domain.mandatory import Item, ItemIsClosed, PaperNotEntered, Said, Wanted
from services.councils.domain.matters import Matter, Treated
from services.councils.handlers.matters import closes_when, raise_matter, when_treated
from services.councils.store import areas, bodies, clock, decisions, mandatory, matters, papers

YEAR_START = "mandatory_item_year_start"
YEAR_END = "mandatory_item_year_end"
AREAS = "4.1"


async def assign_for_year(tx: Tx, year: int) -> list[UUID]:
    """Give each responsible lokalraad the points of a year, as plan and list say now; twice is harmless.

    Call it in the transaction in which a plan is drafted, revised or published; lists call it themselves. What the plan
    or the list no longer asks for is withdrawn while it waits.
    """
    wanted = await _wanted(tx, year)
    councils = {body.kommunekode: body for body in await bodies.every(tx) if body.kommunekode is not None}
    assigned = []
    for one in wanted:
        body = councils.get(one.kommunekode)
        if body is not None and (item := await _assign(tx, body, year, one)) is not None:
            assigned.append(item.id)
    await _withdraw(tx, year, councils, wanted)
    return assigned


async def _wanted(tx: Tx, year: int) -> list[Wanted]:
    found: list[Wanted] = []
    for section, title, lokalraad in await mandatory.sections_of_plan(tx, year):
        if section == AREAS:
            found += await _wanted_areas(tx, year)
        else:
            found += [Wanted(code, section, title) for code in lokalraad]
    return found


async def _wanted_areas(tx: Tx, year: int) -> list[Wanted]:
    """Return a point for each area on the list of the year before, which was published on 1 December."""
    return [
        Wanted(area.kommunekode, AREAS, f"Særligt udpeget område: {area.title}", area.id)
        for area in await areas.meeting_crime_criterion(tx, year - 1)
        if area.kommunekode is not None
    ]


async def _assign(tx: Tx, body: Body, year: int, wanted: Wanted) -> Item | None:
    today = (await clock.now(tx)).astimezone(DANISH_TIME).date()
    history = rules.is_history(year, today, body.in_service)
    item = await mandatory.add(tx, body.id, year, wanted, "history" if history else "open")
    if item is None:
        return None
    if not history:
        await set_deadline(tx, kind=YEAR_END, subject=item.id, due_at=_day_start(date(year + 1, 1, 1)))
        await _wait_for_the_year(tx, item, today)
    await _tell(tx, item, MandatoryItemAssigned, body, area_id=item.area_id)
    return item


async def _wait_for_the_year(tx: Tx, item: Item, today: date) -> None:
    """Put a point on an agenda of its own year: a plan is drafted in the autumn before."""
    if today.year >= item.year:
        await _put_on_an_agenda(tx, item)
    else:
        await set_deadline(tx, kind=YEAR_START, subject=item.id, due_at=_day_start(date(item.year, 1, 1)))


async def _put_on_an_agenda(tx: Tx, item: Item) -> None:
    decides = item.kind == rules.DESIGNATED_AREA
    matter = Matter(
        new_id(), item.body_id, item.kind, item.id, item.title, item.paragraph, mandatory=True, must_decide=decides
    )
    if await raise_matter(tx, matter):
        await mandatory.stands_on(tx, item.id, matter.id)
    elif item.matter_id is not None:
        await mandatory.waits_again(tx, item.matter_id)


@due(YEAR_START)
async def year_start(subject: UUID, due_at: datetime, tx: Tx) -> None:
    """Put a point on the next agenda: its year has begun."""
    del due_at
    item = await mandatory.locked(tx, subject)
    if item is not None and item.state == "open":
        await _put_on_an_agenda(tx, item)


async def _withdraw(tx: Tx, year: int, councils: dict[str, Body], wanted: list[Wanted]) -> None:
    """Take back what is no longer asked for and has not been treated: the list was corrected, the draft revised."""
    asked = {
        (councils[one.kommunekode].id, one.paragraph, one.area_id) for one in wanted if one.kommunekode in councils
    }
    for item in await mandatory.withdrawable(tx, year):
        if (item.body_id, item.paragraph, item.area_id) not in asked:
            await mandatory.set_state(tx, item.id, "withdrawn")
            await matters.withdraw(tx, item.kind, item.id)
            for kind in (YEAR_START, YEAR_END):
                await cancel_deadline(tx, kind=kind, subject=item.id)


async def answer(tx: Tx, item: Item, body: Body, said: Said) -> tuple[int, list[str]]:
    """Save an answer to a question that the plan puts on the point; return version and what is still to be noticed.

    Raises:
        QuestionNotAsked: the plan does not ask it on this point.
        WalkthroughMissing, PartiesMissing, ReasonMissing, YesOrNoMissing: it is no answer.
        ItemIsClosed: the point was treated, or is history.
        PaperNotEntered: it points to a paper that the lokalraad does not have.
    """
    rules.check_answer(item.kind, said)
    if item.state not in {"open", "put_off", "breached"}:
        raise ItemIsClosed(state=item.state)
    if said.paper_sha256 is not None and not await papers.is_entered(tx, item.body_id, said.paper_sha256):
        raise PaperNotEntered
    await mandatory.answer(tx, item.id, said)
    version = await _tell(tx, item, ChecklistAnswered, body, question=said.question)
    return version, rules.warnings(item.kind, await mandatory.answers(tx, item.id))


async def kept_item(tx: Tx, item_id: UUID) -> tuple[Item, Body]:
    """Return a point, locked, and its council, for a secretary who keeps its papers; NotFound for anybody else."""
    item = await mandatory.locked(tx, item_id)
    body = None if item is None else await bodies.found(tx, item.body_id)
    if item is None or body is None or tx.principal.authority not in body.secretariats:
        raise NotFound
    return item, body


async def _missing(tx: Tx, matter: Matter, treated: Treated) -> list[str]:
    if treated.outcome == "put_off":
        return []
    return rules.missing(matter.kind, await mandatory.answers(tx, matter.subject))


closes_when(rules.DESIGNATED_AREA)(_missing)
closes_when(rules.NIGHTLIFE_VIOLENCE)(_missing)


async def _treated(tx: Tx, matter: Matter, treated: Treated) -> None:
    """Save how the lokalraad treated it; put off to a day it comes again, and is due by then."""
    item = await mandatory.locked(tx, matter.subject)
    body = None if item is None else await bodies.found(tx, item.body_id)
    if item is None or body is None:
        return
    put_off_to = await _put_off_to(tx, treated)
    await mandatory.treated(tx, item.id, treated.outcome or "discussed", treated.decision_id, put_off_to)
    if put_off_to is None:
        await cancel_deadline(tx, kind=YEAR_END, subject=item.id)
    else:
        await mandatory.waits_again(tx, matter.id)
        await set_deadline(tx, kind=YEAR_END, subject=item.id, due_at=_day_start(put_off_to))
    outcome = treated.outcome or "discussed"
    await _tell(tx, item, MandatoryItemTreated, body, outcome=outcome, decision_id=treated.decision_id)


for _kind in (*rules.KINDS.values(), rules.PRIMARY_AREA):
    when_treated(_kind)(_treated)


async def _put_off_to(tx: Tx, treated: Treated) -> date | None:
    decision = None if treated.decision_id is None else await decisions.found(tx, treated.decision_id)
    return None if decision is None else decision.put_off_to


@due(YEAR_END)
async def year_end(subject: UUID, due_at: datetime, tx: Tx) -> None:
    """Say that the year, or the day to which it was put off, has passed and the point was not treated (O-4.1-10)."""
    del due_at
    item = await mandatory.locked(tx, subject)
    body = None if item is None else await bodies.found(tx, item.body_id)
    if item is None or body is None or item.state not in {"open", "put_off"}:
        return
    await mandatory.breached(tx, item.id)
    await _tell(tx, item, MandatoryItemBreached, body)


def _day_start(day: date) -> datetime:
    return datetime.combine(day, time(), DANISH_TIME)


async def _tell(tx: Tx, item: Item, kind: type[_OfMandatoryItem], body: Body, **said: object) -> int:
    version = await mandatory.told(tx, item.id)
    about = {"mandatory_item_id": item.id, "year": item.year, "paragraph": item.paragraph}
    event = kind.model_validate({"body_id": body.id, "parties": body.parties} | about | said)
    await append(tx, event, version=version, correlation_id=item.id, time=await clock.now(tx))
    return version
