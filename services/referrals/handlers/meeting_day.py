"""The day of a meeting: who is in the room, what is decided case by case, and what is out when it closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from contracts.referrals.v1.groups import (
    CaseDecided,
    EscalationAnswered,
    GroupTaskDone,
    GroupTaskGiven,
    GroupTaskOverdue,
    MeetingHeld,
)
from contracts.refusal import NotFound
from services.referrals.domain.group_cases import GroupCase, check_not_done
from services.referrals.domain.group_refusals import MeetingInThePast
from services.referrals.domain.group_words import Decision, TaskKind
from services.referrals.domain.groups import REMIND_AGAIN, check_seats
from services.referrals.domain.meetings import Meeting, check_shown, closed, in_the_room, opened
from services.referrals.handlers.group_deadlines import TASK_DUE
from services.referrals.handlers.group_following import keep_time
from services.referrals.handlers.group_telling import known, tell_case, tell_meeting
from services.referrals.store import clock, escalations, forums, group_cases, group_work, meetings
from services.referrals.store.group_work import Task


async def open_it(tx: Tx, meeting: Meeting, present: Sequence[str], expected: int) -> Meeting:
    """Begin a meeting; what a local group has taken up since it was called goes on the agenda too."""
    if not meeting.of.district:
        cases = await group_cases.open_of(tx, meeting.programme, meeting.kommune)
        await meetings.put_on_agenda(tx, meeting.id, [case.id for case in cases])
    after = opened(meeting, present, await meetings.guests(tx, meeting.id), expected)
    await meetings.save(tx, meeting, after)
    return after


async def enter(tx: Tx, meeting: Meeting, present: Sequence[str], expected: int) -> Meeting:
    """Say who is in the room now."""
    after = in_the_room(meeting, present, await meetings.guests(tx, meeting.id), expected)
    await meetings.save(tx, meeting, after)
    return after


async def may_be_shown(tx: Tx, meeting: Meeting, case: GroupCase) -> None:
    """Refuse to show a case unless all who are in the room belong to its own circle."""
    drawn_in = await group_cases.circle_with_actors(tx, case)
    check_shown(meeting, drawn_in, on_agenda=await meetings.is_on_agenda(tx, meeting.id, case.id))


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a meeting asks somebody to do: its words persons keeps already."""

    owner: str
    code: TaskKind
    text_id: UUID | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a meeting decides in a case."""

    code: Decision
    text_id: UUID | None
    review_at: datetime | None
    tasks: tuple[NewTask, ...] = ()


async def decide(tx: Tx, meeting: Meeting, case: GroupCase, deciding: Deciding, expected: int) -> tuple[UUID, int]:
    """Take a decision back to its case; returns its id and the case's version. Its tasks wait for the meeting's end."""
    case.check_open(expected)
    await may_be_shown(tx, meeting, case)
    now = await clock.now(tx)
    check_seats([task.owner for task in deciding.tasks], case.circle)
    if any(at <= now for at in [*(task.due_at for task in deciding.tasks), deciding.review_at] if at):
        raise MeetingInThePast
    if deciding.review_at:
        await group_cases.put_review(tx, case, deciding.review_at)
    decision_id = new_id()
    await group_work.decide(tx, decision_id, case.id, meeting.id, deciding.code, deciding.text_id)
    for task in deciding.tasks:
        words = (task.owner, task.code, task.text_id, task.due_at)
        await group_work.add_task(tx, Task(new_id(), case.id, meeting.id, *words))
    version = await tell_case(
        tx,
        case,
        CaseDecided,
        meeting_id=meeting.id,
        decision_id=decision_id,
        code=deciding.code.value,
        review_at=deciding.review_at or case.review_at,
    )
    await _answer_below(tx, case, deciding)
    return decision_id, version


async def _answer_below(tx: Tx, case: GroupCase, deciding: Deciding) -> None:
    """Let what the district's group decides go back to the operativgruppe that asked."""
    escalation = await escalations.to(tx, case.referral)
    below = await group_cases.locked(tx, escalation.from_case) if escalation else None
    if escalation and below:
        await escalations.answered(tx, escalation, deciding.code, deciding.text_id)
        await tell_case(tx, below, EscalationAnswered, escalation_id=escalation.id, code=deciding.code.value)


async def close(tx: Tx, meeting: Meeting, expected: int) -> Meeting:
    """End a meeting: its tasks are out, its group's clock begins anew, and whoever was missing is recorded."""
    after = closed(meeting, expected)
    await meetings.save(tx, meeting, after)
    for task in await group_work.tasks_of(tx, meeting.id):
        await _give(tx, task)
    await group_work.given(tx, meeting.id)
    if forum := await forums.locked_by_id(tx, meeting.forum):
        await forums.held(tx, forum.id)
        await keep_time(tx, forum, forum.now, forum.interval_days)
    await tell_meeting(tx, after, MeetingHeld, told=known(after), quorate=after.quorate)
    return after


async def _give(tx: Tx, task: Task) -> None:
    case = await group_cases.locked(tx, task.case)
    if case is None:
        return
    await set_deadline(tx, kind=TASK_DUE, subject=task.id, due_at=task.due_at, correlation_id=case.case_id)
    await tell_case(tx, case, GroupTaskGiven, task_id=task.id, owner=task.owner, code=task.code, due_at=task.due_at)


async def finish(tx: Tx, task: Task) -> int:
    """Say that a task is done, once; returns the case's version, which is told too whoever comes second."""
    case = await group_cases.locked(tx, task.case)
    if case is None:
        raise NotFound
    check_not_done(task.done_at, case.version)
    await group_work.done(tx, task.id)
    return await tell_case(tx, case, GroupTaskDone, task_id=task.id, owner=task.owner)


@due(TASK_DUE)
async def somebody_has_not_done_it(task_id: UUID, _: datetime, tx: Tx) -> None:
    """Remind whoever has a task that is not done, and again each week until it is or the case ends."""
    task = await group_work.task(tx, task_id)
    case = await group_cases.locked(tx, task.case) if task else None
    task = await group_work.task(tx, task_id)
    if task is None or case is None or task.done_at or case.ended_at:
        return
    await group_work.reminded(tx, task_id)
    await tell_case(tx, case, GroupTaskOverdue, task_id=task_id, owner=task.owner, due_at=task.due_at)
    again = await clock.now(tx) + REMIND_AGAIN
    await set_deadline(tx, kind=TASK_DUE, subject=task_id, due_at=again, correlation_id=case.case_id)
