"""One step of a course, in one transaction: the row is locked, the definition decides, the clock is set, it is told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.outbox import append
from contracts.event import Event
from contracts.hverdage import DANISH_TIME, hverdage_after
from contracts.referrals.v1 import CourseEnded, CourseOpened, CourseOverdue, CourseStepTaken
from services.referrals.domain.course import Course, ended, interrupted
from services.referrals.domain.course_refusals import CourseThere
from services.referrals.domain.course_said import code_of
from services.referrals.domain.courses import Closing, CourseEnd
from services.referrals.domain.programmes import Clock, Unit
from services.referrals.domain.referral import Details
from services.referrals.domain.states import TAKEN, UNDER_WAY, Action, Side, State
from services.referrals.handlers.acting import act
from services.referrals.handlers.forgetting import let_go
from services.referrals.handlers.telling import grounds
from services.referrals.store import counted, courses, referrals
from services.referrals.store.courses import NewCourse, StoredCourse

COURSE_DUE = "course_due"
"""The deadline of whoever owes the next step."""
COURSE_MOVED = "course_moved"
"""The deadline, due at once, under which the referral follows its course: most parties cannot act on it themselves."""
COURSE_STOPPED = "course_stopped"
"""The deadline, due at once, under which a course ends whose referral has: the database sets it."""
COURSE_FORGOTTEN = "course_forgotten"
"""The deadline after which an ended course says nothing about anybody."""


async def open_course(tx: Tx, new: NewCourse) -> None:
    """Save a new course, set its clock and tell it.

    Raises:
        CourseThere: there is one.
    """
    if not await courses.add(tx, new):
        raise CourseThere
    stored = await courses.found(tx, new.course.id)
    if stored is None:
        raise CourseThere
    if stored.referral_id:
        await counted.began_as(tx, stored.referral_id)
    await _keep_time(tx, stored, new.course)
    await _tell(tx, stored, CourseOpened(**_said(stored, new.course, stored.parties)), new.course.version)


async def carry_on(
    tx: Tx, stored: StoredCourse, after: Course, parties: tuple[str, ...], text_ids: Mapping[str, str]
) -> None:
    """Save a course after a step, and all that follows."""
    of, entry = stored.definition, after.taken[-1]
    await courses.save(tx, stored, after, parties, text_ids)
    await _keep_time(tx, stored, after)
    step = of.steps[entry.step]
    end = ended(of, after)
    said = _said(stored, after, parties)
    code = code_of(step.fields, entry.said) or None
    version = after.version - (1 if end else 0)
    await _tell(tx, stored, CourseStepTaken(**said, step=step.id, code=code), version)
    if end:
        await _end(tx, stored, after, end, said)
    if stored.referral_id and (step.contact or (end and end.closes)):
        await set_deadline(
            tx,
            kind=COURSE_MOVED,
            subject=after.id,
            due_at=stored.now,
            correlation_id=stored.case_id,
            at_once=True,
        )


async def _end(tx: Tx, stored: StoredCourse, after: Course, end: CourseEnd, said: Mapping[str, Any]) -> None:
    await _tell(tx, stored, CourseEnded(**said, code=after.code or None), after.version)
    if end.forget:
        at = _later(stored.now, end.forget)
        await set_deadline(tx, kind=COURSE_FORGOTTEN, subject=after.id, due_at=at, correlation_id=stored.case_id)


def _later(now: datetime, clock: Clock) -> datetime:
    if clock.unit is Unit.DAYS:
        return now + timedelta(days=clock.days)
    today = now.astimezone(DANISH_TIME).date()
    return now + (hverdage_after(today, clock.days) - today)


async def _keep_time(tx: Tx, stored: StoredCourse, after: Course) -> None:
    if after.due is None:
        await cancel_deadline(tx, kind=COURSE_DUE, subject=after.id)
    else:
        await set_deadline(tx, kind=COURSE_DUE, subject=after.id, due_at=after.due, correlation_id=stored.case_id)


def _said(stored: StoredCourse, course: Course, parties: tuple[str, ...]) -> dict[str, Any]:
    return grounds(stored.definition.programme) | {
        "course_id": course.id,
        "kind": course.kind,
        "referral_id": stored.referral_id,
        "parties": parties,
        "state": course.state,
        "due": course.due,
    }


async def _tell(tx: Tx, stored: StoredCourse, event: Event, version: int) -> None:
    await append(tx, event, version=version, correlation_id=stored.case_id, time=stored.now)


@due(COURSE_DUE)
async def somebody_owes_a_step(course_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell all parties that nobody took the next step in time; the course stays where it is, and stands as late."""
    stored = await courses.locked(tx, course_id)
    if stored is None or stored.ended_at or stored.course.stopped:
        return
    version = stored.course.version + 1
    await courses.count_up(tx, stored)
    await _tell(tx, stored, CourseOverdue(**_said(stored, stored.course, stored.parties)), version)


@due(COURSE_MOVED)
async def the_referral_follows(course_id: UUID, _: datetime, tx: Tx) -> None:
    """Let a referral be in progress after the first contact, and end as its course did, by the machine's own acts."""
    course = await courses.found(tx, course_id)
    stored = await referrals.locked(tx, course.referral_id) if course and course.referral_id else None
    if course is None or stored is None:
        return
    steps = course.definition.steps
    contact = any(one.step in steps and steps[one.step].contact for one in course.course.taken)
    if contact and stored.referral.state is State.ACCEPTED:
        after = await act(tx, stored, Action.BEGIN, Side.RECEIVER)
        stored = await referrals.locked(tx, after.id) or stored
    if (end := ended(course.definition, course.course)) and end.closes:
        await _close(tx, stored, end)


async def _close(tx: Tx, stored: referrals.Stored, end: CourseEnd) -> None:
    action, from_ = {Closing.COMPLETE: (Action.COMPLETE, UNDER_WAY), Closing.FAIL: (Action.FAIL, TAKEN)}[
        end.closes or Closing.FAIL
    ]
    # Somebody may have ended it meanwhile: then it stays as they left it.
    if stored.referral.state in from_:
        await act(tx, stored, action, Side.RECEIVER, Details(text=end.name, code=end.code))


@due(COURSE_STOPPED)
async def the_referral_has_ended(course_id: UUID, _: datetime, tx: Tx) -> None:
    """End a course whose referral has ended, by whomever."""
    stored = await courses.locked(tx, course_id)
    if stored is None or stored.ended_at or stored.referral_id is None:
        return
    referral = await referrals.found(tx, stored.referral_id)
    after = interrupted(stored.course, referral.referral.state.value if referral else "")
    await courses.save(tx, stored, after, stored.parties, {})
    await _keep_time(tx, stored, after)
    said = _said(stored, after, stored.parties)
    await _tell(tx, stored, CourseEnded(**said, code=after.code or None), after.version)


@due(COURSE_FORGOTTEN)
async def nobody_is_named_any_more(course_id: UUID, _: datetime, tx: Tx) -> None:
    """Forget whom an ended course was about, and tell persons where nothing else here names them."""
    stored = await courses.locked(tx, course_id)
    if stored is None:
        return
    await courses.forget(tx, course_id)
    for person in {*stored.persons, *([stored.sealed_under] if stored.sealed_under else [])}:
        await let_go(tx, person, stored.now)
