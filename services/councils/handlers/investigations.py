"""Each lokalråd looks into how things are at its schools, and police and school act together (O-4.4-03, O-4.4-04)."""

from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from contracts.councils.v1.actions import SchoolActionStarted
from contracts.councils.v1.activities import InvestigationConcluded, InvestigationOpened
from services.councils.domain.actions import check_ahead
from services.councils.domain.activities import (
    Conclusion,
    OpeningSaid,
    SchoolActionSaid,
    check_conclusion,
    check_school,
    missing_of,
)
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.following import WrongStep, day_of
from services.councils.domain.mandatory import DRUG_SALE
from services.councils.domain.matters import Matter, Treated
from services.councils.handlers.actions import keep_time
from services.councils.handlers.activities import judge_found
from services.councils.handlers.following import begin, step
from services.councils.handlers.matters import closes_when
from services.councils.store import bodies, clock, mandatory, rows
from services.councils.store.rows import ACTION, INVESTIGATION, Row


async def open_everywhere(tx: Tx, _: Body, said: OpeningSaid) -> Answer:
    """Let each lokalråd look into a topic in a year: one investigation each, however often it is asked for."""
    there = {row["body_id"] for row in await rows.where(tx, "investigation", "body_id", **said.model_dump())}
    for body in await bodies.every(tx):
        if body.kind is BodyKind.LOKALRAAD and body.id not in there:
            await begin(tx, body, INVESTIGATION, InvestigationOpened, said.model_dump(), theme=said.topic)
    found = await rows.where(tx, "investigation", "body_id", **said.model_dump())
    return Answer(201, {"investigations": [str(row["investigation_id"]) for row in found]})


async def conclude(tx: Tx, body: Body, row: Row, said: Conclusion) -> Answer:
    """Say what an investigation found; the verdict stands beside the district's own."""
    if row["state"] != "open":
        raise WrongStep(state=row["state"])
    check_conclusion(said)
    changed = said.model_dump(exclude={"version"}) | {"schools": list(said.schools), "state": "concluded"}
    told = {"theme": row["topic"], "finding": said.found, "schools": len(said.schools)}
    await judge_found(tx, body, row["topic"], said)
    return await step(tx, body, INVESTIGATION, row, InvestigationConcluded, changed, **told)


async def act_at_school(tx: Tx, body: Body, row: Row, said: SchoolActionSaid) -> Answer:
    """Let police and a school act together against the problem that was found."""
    its_id = check_school(said, row)
    check_ahead(said.due_on, day_of(await clock.now(tx)))
    facts = said.model_dump(exclude={"version"}) | {"owner": said.police, "investigation_id": its_id}
    answer = await begin(tx, body, ACTION, SchoolActionStarted, facts)
    await keep_time(tx, UUID(str(answer.ids["action_id"])), said.due_on)
    return answer


@closes_when(DRUG_SALE)
async def looked_into(tx: Tx, matter: Matter, treated: Treated) -> list[str]:
    """Say what the point about schools still lacks: the lokalråd's investigation of its year decides, or the newest."""
    if treated.put_off_to is not None:
        return []
    item = await mandatory.found(tx, matter.subject)
    wanted = {"body_id": matter.body_id, "topic": DRUG_SALE, "year": item.year if item else None}
    found = await rows.where(tx, "investigation", "year desc", **wanted)
    newest = found[0] if found else None
    its = newest and newest["investigation_id"]
    actions = await rows.where(tx, "action", "due_on", investigation_id=its) if its else []
    return missing_of(newest, len(actions))
