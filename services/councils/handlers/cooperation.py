"""The samarbejdsmodel: begun, measured against what is required from outside, adopted within its year (O-3-04)."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.http import Answer
from chassis.ids import new_id
from contracts.councils.v1.agreements import (
    CooperationModelBegun,
    CooperationModelOverdue,
    CooperationModelVersionAdopted,
    RequirementAnswered,
    RequirementRegistered,
)
from contracts.refusal import NotFound
from services.councils.domain.bodies import Body
from services.councils.domain.cooperation import (
    MODEL_OVERDUE,
    Adoption,
    AnsweredAlready,
    ModelKnown,
    ModelSaid,
    RequirementAnswer,
    RequirementSaid,
    check_adoption,
    check_answer,
    check_types,
)
from services.councils.domain.following import year_is_over
from services.councils.handlers.following import begin, bring_up, council, step
from services.councils.store import agreements, matters, rows
from services.councils.store.rows import MODEL, Row

MODEL_DUE = "cooperation_model_due"
"""The deadline at the end of the year within which a samarbejdsmodel is to be adopted."""


async def begin_model(tx: Tx, body: Body, said: ModelSaid) -> Answer:
    """Begin a samarbejdsmodel that municipality, police and region own together."""
    check_types(said.owners)
    if await rows.where(tx, "cooperation_model", "title", body_id=body.id, year=said.year, title=said.title):
        raise ModelKnown
    answer = await begin(tx, body, MODEL, CooperationModelBegun, said.model_dump() | {"owners": list(said.owners)})
    its_id = UUID(str(answer.ids["cooperation_model_id"]))
    at = year_is_over(said.year)
    await set_deadline(tx, kind=MODEL_DUE, subject=its_id, due_at=at, correlation_id=its_id)
    return answer


async def register_requirement(tx: Tx, body: Body, row: Row, said: RequirementSaid) -> Answer:
    """Enter something that is required of the model from outside; it is open until it is answered."""
    new = {"requirement_id": new_id(), "cooperation_model_id": row["cooperation_model_id"], "body_id": body.id}
    await rows.add(tx, "external_requirement", new | said.model_dump(exclude={"version"}))
    answer = await step(tx, body, MODEL, row, RequirementRegistered, requirement_id=new["requirement_id"])
    return Answer(201, answer.ids | {"requirement_id": new["requirement_id"]}, answer.version)


async def answer_requirement(tx: Tx, body: Body, row: Row, said: RequirementAnswer) -> Answer:
    """Say that a requirement was worked in, or why it is not relevant."""
    check_answer(said)
    its = {"cooperation_model_id": row["cooperation_model_id"], "requirement_id": said.requirement_id}
    found = await rows.where(tx, "external_requirement", "title", **its)
    if not found:
        raise NotFound
    if found[0]["state"] != "open":
        raise AnsweredAlready
    await agreements.answer(tx, said.requirement_id, said.state, said.reason)
    told: Row = {"requirement_id": said.requirement_id, "answer": said.state}
    return await step(tx, body, MODEL, row, RequirementAnswered, **told)


async def adopt(tx: Tx, body: Body, row: Row, said: Adoption) -> Answer:
    """Adopt a version of the model, by all three types of parties."""
    its = {"cooperation_model_id": row["cooperation_model_id"]}
    still_open = len(await rows.where(tx, "external_requirement", "title", **its, state="open"))
    check_adoption(said, still_open)
    number = row["adopted"] + 1
    facts = said.model_dump(exclude={"version"}) | {"parties": list(said.parties)}
    await rows.add(tx, "model_edition", its | facts | {"number": number, "body_id": body.id})
    await matters.withdraw(tx, MODEL_OVERDUE, row["cooperation_model_id"])
    changed = {"adopted": number, "overdue": False}
    told = {"edition": number, "overridden": still_open > 0}
    return await step(tx, body, MODEL, row, CooperationModelVersionAdopted, changed, **told)


@due(MODEL_DUE)
async def model_due(subject: UUID, _: datetime, tx: Tx) -> None:
    """Bring a samarbejdsmodel of which no version was adopted within its year to the next agenda."""
    row = await rows.locked(tx, MODEL, subject)
    if row is None or row["adopted"]:
        return
    body = await council(tx, row)
    await bring_up(tx, body, MODEL_OVERDUE, subject, f"Ikke vedtaget i {row['year']}: {row['title']}", "3")
    await step(tx, body, MODEL, row, CooperationModelOverdue, {"overdue": True})
