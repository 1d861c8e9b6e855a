"""What members do for a case over HTTP: share or not, tell and ask each other, finish tasks."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden
from chassis.openapi import refusing
from contracts.disclosure import Necessity
from contracts.form import Moment
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import Body, Call
from services.referrals.api.grouping import (
    SeatNamed,
    Version,
    Words,
    kept,
    locked,
    opened,
    record,
    require_member,
    seat_of,
)
from services.referrals.domain.group_refusals import (
    AlreadyDone,
    CaseEnded,
    MeetingInThePast,
    NecessityMissing,
    NotAParticipant,
    ReasonMissing,
)
from services.referrals.domain.group_words import NECESSITIES, Profession
from services.referrals.domain.sharing import AlreadyShared
from services.referrals.handlers import group_working, meeting_day
from services.referrals.store import group_work

router = APIRouter(tags=["gruppesag"])


class Contributing(Body):
    """What the own authority shares: out of which profession, and why that is necessary, as a code and in words."""

    version: Version
    """That of the own office's answer, as `answer_version` of the case; 0 where nothing was said yet."""
    profession: Profession
    necessity: Necessity | None = None
    why: Words = ""
    text: Words


class Declining(Body):
    """That nothing is shared; more is not asked."""

    version: Version
    """That of the own office's answer, as `answer_version` of the case; 0 where nothing was said yet."""


class Saying(Body):
    """Words about a case."""

    text: Words


class Nothing(Body):
    """Nothing more is said, and nothing more is asked."""


class AskingOne(Saying):
    """Whom a question is for, and by when an answer is hoped for."""

    to: SeatNamed
    answer_by: Moment


@router.post(
    "/group-cases/{group_case_id}/contributions",
    status_code=201,
    dependencies=[Depends(accessing("group_case.contribute", "group_case_id"))],
    responses=refusing(NecessityMissing, CaseEnded, StaleVersion),
)
async def contribute(group_case_id: UUID, body: Contributing, request: Request, call: Call) -> Response:
    """Share something with the circle of a case, under the own profession and with why that is necessary."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    if body.necessity not in NECESSITIES or not body.why.strip() or not body.text.strip():
        raise NecessityMissing(codes=", ".join(NECESSITIES))
    why, text = await kept(service, case, body.why), await kept(service, case, body.text)
    if why is None or text is None:
        raise CaseEnded
    shared = group_working.Contribution(body.profession, body.necessity, why, text)

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        contribution_id, version = await group_working.contribute(tx, one, shared, body.version)
        await record(tx, one, "group_case.contribute")
        return Answer(201, {"contribution_id": contribution_id}, version)

    return await call.run(work)


@router.post(
    "/group-cases/{group_case_id}/not-shared",
    dependencies=[Depends(accessing("group_case.not_shared", "group_case_id"))],
    responses=refusing(AlreadyShared, CaseEnded, StaleVersion),
)
async def not_shared(group_case_id: UUID, body: Declining, request: Request, call: Call) -> Response:
    """Answer »deler ikke«: it needs no reason, and may be changed (§ 115, stk. 4)."""
    case = await opened(service_of(request), call.principal, group_case_id)

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        version = await group_working.decline(tx, one, body.version)
        await record(tx, one, "group_case.not_shared")
        return Answer(200, {"group_case_id": case.id}, version)

    return await call.run(work)


@router.post(
    "/group-cases/{group_case_id}/updates",
    status_code=201,
    dependencies=[Depends(accessing("group_case.update", "group_case_id"))],
    responses=refusing(CaseEnded, ReasonMissing),
)
async def update(group_case_id: UUID, body: Saying, request: Request, call: Call) -> Response:
    """Tell the circle of a case something between two meetings."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    text_id = await kept(service, case, body.text)
    if text_id is None:
        raise ReasonMissing

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        update_id, version = await group_working.post(tx, one, text_id)
        await record(tx, one, "group_case.update")
        return Answer(201, {"update_id": update_id}, version)

    return await call.run(work)


@router.post(
    "/group-cases/{group_case_id}/questions",
    status_code=201,
    dependencies=[Depends(accessing("group_case.ask", "group_case_id"))],
    responses=refusing(CaseEnded, NotAParticipant, MeetingInThePast, ReasonMissing),
)
async def ask(group_case_id: UUID, body: AskingOne, request: Request, call: Call) -> Response:
    """Ask another member of the circle; an answer is hoped for and never demanded."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    text_id = await kept(service, case, body.text)
    if text_id is None:
        raise ReasonMissing

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        question_id, version = await group_working.ask(tx, one, body.to, text_id, body.answer_by)
        await record(tx, one, "group_case.ask")
        return Answer(201, {"question_id": question_id}, version)

    return await call.run(work)


@router.post(
    "/group-questions/{question_id}/answer",
    dependencies=[Depends(accessing("group_case.reply", "question_id"))],
    responses=refusing(AlreadyDone, ReasonMissing),
)
async def reply(question_id: UUID, body: Saying, request: Request, call: Call) -> Response:
    """Answer another member, late or not."""
    service = service_of(request)
    require_member(call.principal)
    async with service.database.tx(call.principal) as tx:
        question = await group_work.question(tx, question_id)
    if question is None or question.asked != seat_of(call.principal):
        raise NotFound
    case = await opened(service, call.principal, question.case)
    text_id = await kept(service, case, body.text)
    if text_id is None:
        raise ReasonMissing

    async def work(tx: Tx) -> Answer:
        one, now = await locked(tx, case.id), await group_work.question(tx, question_id)
        if now is None:
            raise NotFound
        version = await group_working.reply(tx, one, now, text_id)
        await record(tx, one, "group_case.reply")
        return Answer(200, {"question_id": question_id}, version)

    return await call.run(work)


@router.post(
    "/group-tasks/{task_id}/done",
    dependencies=[Depends(accessing("group_case.task_done", "task_id"))],
    responses=refusing(AlreadyDone),
)
async def done(task_id: UUID, body: Nothing, request: Request, call: Call) -> Response:
    """Say that a task is done, as the authority that has it."""
    del body
    service = service_of(request)
    require_member(call.principal)
    async with service.database.tx(call.principal) as tx:
        task = await group_work.task(tx, task_id)
    if task is None or task.given_at is None:
        raise NotFound
    case = await opened(service, call.principal, task.case)
    if task.owner != seat_of(call.principal):
        raise Forbidden

    async def work(tx: Tx) -> Answer:
        one, now = await locked(tx, case.id), await group_work.task(tx, task_id)
        if now is None:
            raise NotFound
        version = await meeting_day.finish(tx, now)
        await record(tx, one, "group_case.task_done")
        return Answer(200, {"task_id": task_id}, version)

    return await call.run(work)
