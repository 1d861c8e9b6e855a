"""The planning forum: what was held and learned is recorded, and a lesson is followed to done; nobody is called in."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.beredskabsstab.v1 import (
    ExerciseHeld,
    LessonOverdue,
    LessonRecorded,
    LessonResolved,
    PlanningMeetingHeld,
)
from contracts.refusal import NotFound
from services.beredskabsstab.domain.evaluation import AlreadyDone, require_to_come
from services.beredskabsstab.domain.forum import Held, require_held
from services.beredskabsstab.store import forum, plans

OVERDUE = "lesson-overdue"
"""The deadline by which a lesson is to be followed up."""

TOLD = {Held.MEETING: PlanningMeetingHeld, Held.EXERCISE: ExerciseHeld}


async def hold(tx: Tx, kind: Held, said: dict[str, object], authorities: tuple[str, ...], by: str) -> UUID:
    """Record a meeting or an exercise that was held; returns its id."""
    now, planning_id = await plans.now(tx), new_id()
    held_at, plan_id = said["held_at"], said["framework_plan_id"]
    assert isinstance(held_at, datetime)  # noqa: S101  of the route's body
    require_held(held_at, now)
    if isinstance(plan_id, UUID) and await plans.lock(tx, plan_id) is None:
        raise NotFound
    row = said | {"planning_id": planning_id, "kind": kind, "authorities": list(authorities), "by": by, "at": now}
    await forum.add(tx, row)
    event = TOLD[kind](planning_id=planning_id, authorities=authorities)
    await append(tx, event, version=1, correlation_id=planning_id, time=now)
    return planning_id


async def learn(tx: Tx, learned_at: UUID, words: str, owner: str, due_at: datetime, by: str) -> UUID:
    """Record a lesson of a meeting or an exercise, with its owner and time; returns its id."""
    now, planning_id = await plans.now(tx), new_id()
    if await forum.find(tx, learned_at) is None:
        raise NotFound
    require_to_come(due_at, now)
    row = {"planning_id": planning_id, "learned_at": learned_at, "words": words, "owner": owner, "due_at": due_at}
    await forum.add_lesson(tx, row | {"by": by, "at": now})
    await set_deadline(tx, kind=OVERDUE, subject=planning_id, due_at=due_at, correlation_id=learned_at)
    event = LessonRecorded(planning_id=planning_id, owner=owner, due_at=due_at)
    await append(tx, event, version=1, correlation_id=learned_at, time=now)
    return planning_id


async def resolve(tx: Tx, planning_id: UUID, words: str, who: Principal, *, leads: bool) -> int:
    """Say that a lesson is followed up, and how: its owner does, or the chair. Returns its version."""
    row = await forum.lesson(tx, planning_id)
    if row is None:
        raise NotFound
    if not leads and row["owner"] != who.authority:
        raise Forbidden
    now = await plans.now(tx)
    version = await forum.resolve(tx, planning_id, who.subject, words, now)
    if version is None:
        raise AlreadyDone
    await cancel_deadline(tx, kind=OVERDUE, subject=planning_id)
    event = LessonResolved(planning_id=planning_id, owner=row["owner"])
    await append(tx, event, version=version, correlation_id=row["learned_at"], time=now)
    return version


@due(OVERDUE)
async def overdue(planning_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell that a lesson should have been followed up by now."""
    row = await forum.lesson(tx, planning_id)
    if row is None or row["state"] == "done":
        return
    now = await plans.now(tx)
    version = await forum.overdue(tx, planning_id, now)
    event = LessonOverdue(planning_id=planning_id, owner=row["owner"])
    await append(tx, event, version=version, correlation_id=row["learned_at"], time=now)
