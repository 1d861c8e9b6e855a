"""Targets that police and municipality own together, looked at every year (O-4.2-02), and joint efforts (O-4.1-09)."""

from datetime import datetime
from uuid import UUID, uuid5

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.http import Answer
from contracts.councils.v1.actions import (
    JointEffortEnded,
    JointEffortStarted,
    TargetReviewed,
    TargetReviewMissing,
    TargetSet,
)
from contracts.hverdage import DANISH_TIME
from services.councils.domain.actions import (
    UNREVIEWED,
    EffortIsRunning,
    EffortSaid,
    Ending,
    NotAssessed,
    Review,
    ReviewedAlready,
    TargetSaid,
    check_sides,
)
from services.councils.domain.bodies import Body
from services.councils.domain.following import WrongStep, missed, year_is_over
from services.councils.handlers.following import begin, bring_up, council, require_decision, step
from services.councils.store import areas, matters, rows
from services.councils.store.rows import EFFORT, TARGET, Row

REVIEW_DUE = "target_review_due"
"""The deadline at the end of each year in which a target is to be looked at."""

SUITED = "egnet"
"""What people have assessed an area to be, where a joint effort may begin."""


async def set_target(tx: Tx, body: Body, said: TargetSaid) -> Answer:
    """Set a target that police and municipality own together."""
    check_sides(said.owners)
    answer = await begin(tx, body, TARGET, TargetSet, said.model_dump() | {"owners": list(said.owners)})
    await _keep_time(tx, UUID(str(answer.ids["joint_target_id"])), said.first_year)
    return answer


async def review(tx: Tx, body: Body, row: Row, said: Review) -> Answer:
    """Look at a target for a year; the year that was flagged is so no more."""
    failed = missed(said.measured, row["value"], lower_is_better=row["lower_is_better"])
    facts = said.model_dump(exclude={"version"}) | {"missed": failed, "body_id": body.id}
    if not await rows.add(tx, "target_review", {"joint_target_id": row["joint_target_id"]} | facts):
        raise ReviewedAlready
    await matters.withdraw(tx, UNREVIEWED, uuid5(row["joint_target_id"], str(said.year)))
    flagged = None if row["missing_year"] == said.year else row["missing_year"]
    told = {"year": said.year, "missed": failed}
    return await step(tx, body, TARGET, row, TargetReviewed, {"missing_year": flagged}, **told)


@due(REVIEW_DUE)
async def review_due(subject: UUID, at: datetime, tx: Tx) -> None:
    """Flag a target that nobody looked at in the year that is over, and wait for the next year's end."""
    year = at.astimezone(DANISH_TIME).year - 1
    row = await rows.locked(tx, TARGET, subject)
    if row is None:
        return
    await _keep_time(tx, subject, year + 1)
    if not await rows.where(tx, "target_review", "year", joint_target_id=subject, year=year):
        body = await council(tx, row)
        await bring_up(
            tx, body, UNREVIEWED, uuid5(subject, str(year)), f"Ikke gennemgået i {year}: {row['indicator']}", "4.2"
        )
        await step(tx, body, TARGET, row, TargetReviewMissing, {"missing_year": year}, year=year)


async def _keep_time(tx: Tx, subject: UUID, year: int) -> None:
    at = year_is_over(year)
    await set_deadline(tx, kind=REVIEW_DUE, subject=subject, due_at=at, correlation_id=subject)


# --- joint efforts ----------------------------------------------------------------------------------------------------


async def start_effort(tx: Tx, body: Body, said: EffortSaid) -> Answer:
    """Begin a joint effort of police, municipality and others in an area that is assessed as suited."""
    check_sides(said.parties)
    await _require_suited(tx, said.area_id, body)
    if said.decision_id:
        await require_decision(tx, said.decision_id, body)
    if await rows.where(tx, "joint_effort", "title", body_id=body.id, area_id=said.area_id, state="running"):
        raise EffortIsRunning
    facts = said.model_dump() | {"parties": list(said.parties), "others": list(said.others)}
    return await begin(tx, body, EFFORT, JointEffortStarted, facts, between=said.parties)


async def _require_suited(tx: Tx, area_id: UUID, body: Body) -> None:
    area = await areas.found(tx, area_id)
    if area is None or area.kommunekode not in {None, *body.municipalities}:
        raise NotAssessed
    if await areas.assessed(tx, area_id) != SUITED:
        raise NotAssessed


async def end_effort(tx: Tx, body: Body, row: Row, said: Ending) -> Answer:
    """End a joint effort with what came of it."""
    if row["state"] != "running":
        raise WrongStep(state=row["state"])
    return await step(tx, body, EFFORT, row, JointEffortEnded, {"state": "ended", "ending": said.note})
