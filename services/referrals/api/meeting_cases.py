"""A case on the day of a meeting: shown only while all in the room belong to its circle, and decided there."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from chassis.service import Service
from contracts.disclosure import LogKind
from contracts.form import Moment
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import Asking, Body, Call, answer
from services.referrals.api.group_view import facts, worded
from services.referrals.api.grouping import SeatNamed, Version, Words, kept, locked, opened, record
from services.referrals.api.meeting_names import is_told, named, record_named
from services.referrals.api.meetings import led
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.group_refusals import (
    CaseEnded,
    MeetingInThePast,
    MeetingNotThere,
    NotAParticipant,
    NotOnTheAgenda,
    OutsideTheCircle,
)
from services.referrals.domain.group_words import Decision, TaskKind
from services.referrals.domain.meetings import Meeting
from services.referrals.handlers import meeting_day
from services.referrals.store import meetings

router = APIRouter(tags=["gruppemøde"])

REFUSED = refusing(MeetingNotThere, NotOnTheAgenda, OutsideTheCircle)


class TaskSaid(Body):
    """What somebody is asked to do, and by when."""

    owner: SeatNamed
    code: TaskKind
    text: Words = ""
    due_at: Moment


class Deciding(Body):
    """What a meeting decides in a case: a code and words, when it is looked at again, and what is to be done."""

    version: Version
    code: Decision
    text: Words = ""
    review_at: Moment | None = None
    tasks: Annotated[tuple[TaskSaid, ...], Field(max_length=30)] = ()


@router.get(
    "/meetings/{meeting_id}/cases/{group_case_id}",
    dependencies=[Depends(accessing("group_case.show", "group_case_id"))],
    responses=REFUSED,
)
async def show(meeting_id: UUID, group_case_id: UUID, request: Request, principal: Asking) -> Response:
    """Show a case in the room, with what was contributed: only while everybody there belongs to its own circle."""
    return answer(await in_the_room(service_of(request), principal, meeting_id, group_case_id))


async def in_the_room(service: Service, principal: Principal, meeting_id: UUID, group_case_id: UUID) -> dict[str, Any]:
    """Return a case as the room may see it, with its words, and to whoever is there with who it is about."""
    case = await opened(service, principal, group_case_id)
    async with service.database.tx(principal) as tx:
        meeting = await _shown_in(tx, meeting_id, case)
        shown = await facts(tx, case)
    said = await worded(service, principal, case, shown)
    about = await named(service, principal, case) if is_told(meeting, case, principal) else None
    async with service.database.tx(principal) as tx:
        # Somebody may have come in, or the meeting have ended, while persons was asked.
        meeting = await _shown_in(tx, meeting_id, case)
        about = about if is_told(meeting, case, principal) else None
        await record(tx, case, "group_case.read", LogKind.CONSULTATION)
        if about:
            await record_named(tx, meeting, case)
    return said | {"about": about and {"name": about.name, "born": about.born}}


async def _shown_in(tx: Tx, meeting_id: UUID, case: GroupCase) -> Meeting:
    meeting = await meetings.found(tx, meeting_id)
    if meeting is None:
        raise NotFound
    await meeting_day.may_be_shown(tx, meeting, case)
    return meeting


@router.post(
    "/meetings/{meeting_id}/cases/{group_case_id}/decide",
    status_code=201,
    dependencies=[Depends(accessing("group_case.decide", "group_case_id"))],
    responses=REFUSED | refusing(StaleVersion, CaseEnded, MeetingInThePast, NotAParticipant),
)
async def decide(meeting_id: UUID, group_case_id: UUID, body: Deciding, request: Request, call: Call) -> Response:
    """Take a decision back to its case, with its tasks; they are out when the meeting closes."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    await _may(service, call.principal, meeting_id, case)
    deciding = await _worded(service, case, body)

    async def work(tx: Tx) -> Answer:
        meeting, one = await led(tx, meeting_id), await locked(tx, case.id)
        decision_id, version = await meeting_day.decide(tx, meeting, one, deciding, body.version)
        await record(tx, one, "group_case.decide")
        return Answer(201, {"decision_id": decision_id}, version)

    return await call.run(work)


async def _may(service: Service, principal: Principal, meeting_id: UUID, case: GroupCase) -> None:
    """Look whether somebody may decide, before persons keeps any words."""
    async with service.database.tx(principal) as tx:
        await meeting_day.may_be_shown(tx, await led(tx, meeting_id), case)


async def _worded(service: Service, case: GroupCase, body: Deciding) -> meeting_day.Deciding:
    tasks = [
        meeting_day.NewTask(task.owner, task.code, await kept(service, case, task.text), task.due_at)
        for task in body.tasks
    ]
    return meeting_day.Deciding(body.code, await kept(service, case, body.text), body.review_at, tuple(tasks))
