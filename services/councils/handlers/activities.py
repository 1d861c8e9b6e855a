"""Training, prevention meetings and verdicts on topics of the plan (O-4.2-04, O-4.3-04, O-4.4-02)."""

from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from chassis.ids import new_id
from contracts.councils.v1.activities import (
    AssessmentRecorded,
    PreventionMeetingCancelled,
    PreventionMeetingHeld,
    PreventionMeetingPlanned,
    TrainingConceptCreated,
    TrainingSessionHeld,
)
from services.councils.domain.activities import (
    ConceptSaid,
    Conclusion,
    MeetingReport,
    MeetingSaid,
    SessionSaid,
    VerdictSaid,
    check_over,
)
from services.councils.domain.bodies import Body
from services.councils.domain.following import WrongStep, day_of
from services.councils.handlers.following import begin, step
from services.councils.store import clock, rows
from services.councils.store.rows import ASSESSMENT, PREVENTION_MEETING, TRAINING, Row


async def make_concept(tx: Tx, body: Body, said: ConceptSaid) -> Answer:
    """Make a training concept for those who work where people go out."""
    return await begin(tx, body, TRAINING, TrainingConceptCreated, said.model_dump())


async def hold_session(tx: Tx, body: Body, row: Row, said: SessionSaid) -> Answer:
    """Note that a training was held, and how many came."""
    check_over(said.held_on, day_of(await clock.now(tx)))
    new: Row = {"session_id": new_id(), "training_concept_id": row["training_concept_id"], "body_id": body.id}
    facts = said.model_dump(exclude={"version"})
    await rows.add(tx, "training_session", new | facts)
    answer = await step(tx, body, TRAINING, row, TrainingSessionHeld, **facts)
    return Answer(201, answer.ids | {"session_id": UUID(str(new["session_id"]))}, answer.version)


async def plan_meeting(tx: Tx, body: Body, said: MeetingSaid) -> Answer:
    """Plan a prevention meeting with an organisation."""
    facts = said.model_dump() | {"tags": list(said.tags)}
    return await begin(tx, body, PREVENTION_MEETING, PreventionMeetingPlanned, facts, held_on=said.planned_on)


async def report_meeting(tx: Tx, body: Body, row: Row, said: MeetingReport) -> Answer:
    """Report a prevention meeting that was held."""
    _require_planned(row)
    check_over(row["planned_on"], day_of(await clock.now(tx)))
    changed = said.model_dump(exclude={"version"}) | {"state": "held"}
    return await step(tx, body, PREVENTION_MEETING, row, PreventionMeetingHeld, changed, held_on=row["planned_on"])


async def cancel_meeting(tx: Tx, body: Body, row: Row) -> Answer:
    """Call a prevention meeting off."""
    _require_planned(row)
    changed, on = {"state": "cancelled"}, row["planned_on"]
    return await step(tx, body, PREVENTION_MEETING, row, PreventionMeetingCancelled, changed, held_on=on)


async def judge(tx: Tx, body: Body, said: VerdictSaid) -> Answer:
    """Record how a council judges a topic; what was said before stays beside it."""
    check_over(said.assessed_on, day_of(await clock.now(tx)))
    return await begin(tx, body, ASSESSMENT, AssessmentRecorded, said.model_dump(), theme=said.topic)


def _require_planned(row: Row) -> None:
    if row["state"] != "planned":
        raise WrongStep(state=row["state"])


async def judge_found(tx: Tx, body: Body, topic: str, said: Conclusion) -> None:
    """Record what a lokalråd's investigation found as its verdict, beside the district's."""
    today = day_of(await clock.now(tx))
    facts = {"topic": topic, "verdict": said.found, "words": said.words, "assessed_by": tx.principal.authority}
    await begin(tx, body, ASSESSMENT, AssessmentRecorded, facts | {"assessed_on": today}, theme=topic)
