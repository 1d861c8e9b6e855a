"""The political agreement: entered once, followed year by year (O-4-01..04, O-4.3-02)."""

from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from chassis.ids import new_id
from contracts.councils.v1.agreements import AgreementChanged, AgreementInitiativeStatusChanged, AgreementRegistered
from contracts.refusal import NotFound
from services.councils.domain.agreement import (
    AgreementInitiativeSaid,
    AgreementKnown,
    AgreementSaid,
    AreaSaid,
    OutsideThePeriod,
    PlansSaid,
    StatusSaid,
)
from services.councils.domain.bodies import Body
from services.councils.handlers.following import begin, step
from services.councils.store import agreements, rows
from services.councils.store.rows import AGREEMENT, AGREEMENT_INITIATIVE, Row


async def register(tx: Tx, body: Body, said: AgreementSaid) -> Answer:
    """Enter a political agreement with its marks, areas and initiatives."""
    whole = said.complete()
    if await rows.where(tx, "agreement", "title", first_year=whole.first_year, last_year=whole.last_year):
        raise AgreementKnown
    facts = whole.model_dump(exclude={"areas", "initiatives"})
    lists = {name: list(facts[name]) for name in ("purposes", "marks", "plan_years")}
    counts = {"marks": len(whole.marks), "areas": len(whole.areas)}
    answer = await begin(tx, body, AGREEMENT, AgreementRegistered, facts | lists, **counts)
    its_id = UUID(str(answer.ids["agreement_id"]))
    for place, title in enumerate(whole.areas, 1):
        area = {"agreement_id": its_id, "place": place, "body_id": body.id, "title": title}
        await rows.add(tx, "agreement_area", area)
    ids = [await _initiative(tx, body, its_id, one) for one in whole.initiatives]
    return Answer(201, answer.ids | {"initiatives": [str(one) for one in ids]}, answer.version)


async def _initiative(tx: Tx, body: Body, its_id: UUID, said: AgreementInitiativeSaid) -> UUID:
    new = {"agreement_initiative_id": new_id(), "agreement_id": its_id, "body_id": body.id}
    await rows.add(tx, "agreement_initiative", new | said.model_dump())
    return UUID(str(new["agreement_initiative_id"]))


async def set_area(tx: Tx, body: Body, row: Row, place: int, said: AreaSaid) -> Answer:
    """Say what an area is called, and whether the district chose it."""
    if not await agreements.set_area(tx, row["agreement_id"], place, said.title, chosen=said.chosen):
        raise NotFound
    return await step(tx, body, AGREEMENT, row, AgreementChanged)


async def set_plans(tx: Tx, body: Body, row: Row, said: PlansSaid) -> Answer:
    """Say which years' plans lead to an agreement."""
    return await step(tx, body, AGREEMENT, row, AgreementChanged, {"plan_years": sorted(set(said.plan_years))})


async def set_status(tx: Tx, body: Body, row: Row, said: StatusSaid) -> Answer:
    """Say how far an initiative is in a year; of initiatives that others carry out this is all there is."""
    its = await rows.found(tx, AGREEMENT, row["agreement_id"])
    if its is None or not its["first_year"] <= said.year <= its["last_year"]:
        raise OutsideThePeriod
    facts = {"agreement_initiative_id": row["agreement_initiative_id"], "body_id": body.id}
    await agreements.set_status(tx, facts | said.model_dump(exclude={"version"}))
    told: Row = {"year": said.year, "status": said.status}
    return await step(tx, body, AGREEMENT_INITIATIVE, row, AgreementInitiativeStatusChanged, **told)
