"""Meetings over HTTP: called in a moment after the last one, opened, led case by case and closed."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden, Principal
from chassis.openapi import refusing
from contracts.form import Moment
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import Asking, Body, Call, answer
from services.referrals.api.forums import OfForum
from services.referrals.api.grouping import (
    SeatNamed,
    Version,
    require_convener,
    require_member,
    require_usable,
    seat_of,
)
from services.referrals.domain.group_cases import GroupCase, without_owner
from services.referrals.domain.group_refusals import (
    MeetingInThePast,
    MeetingNotThere,
    NotAParticipant,
    NotOnTheAgenda,
)
from services.referrals.domain.groups import known_to
from services.referrals.domain.meetings import Meeting, Place, State
from services.referrals.handlers import convening, meeting_day
from services.referrals.store import clock, group_cases, group_work, meetings

router = APIRouter(tags=["gruppemøde"])

MOST_LISTED = 500
Changed = Callable[[Tx, Meeting], Awaitable[Meeting]]


class Convening(OfForum):
    """When a group meets, and how; `like` takes over the circle of the last one."""

    starts_at: Moment
    place: Place
    place_note: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    like: UUID | None = None
    cases: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    also: Annotated[tuple[SeatNamed, ...], Field(max_length=50)] = ()


class Seen(Body):
    """The version that somebody has seen."""

    version: Version


class InTheRoom(Seen):
    """Who is in the room."""

    present: Annotated[tuple[SeatNamed, ...], Field(max_length=100)]


@router.post("/meetings", status_code=201, responses=refusing(MeetingInThePast, NotOnTheAgenda, NotAParticipant))
async def convene(body: Convening, call: Call) -> Response:
    """Call a group together, as its convener; everybody who is invited is told, and nobody's case."""
    require_member(call.principal)
    of, kommune = body.where
    calling = convening.Calling(body.starts_at, body.place, body.place_note, body.cases, body.like, body.also)

    async def work(tx: Tx) -> Answer:
        await require_convener(tx, of, kommune)
        meeting = await convening.convene(tx, of, kommune, calling)
        return Answer(201, {"meeting_id": meeting.id}, meeting.version)

    return await call.run(work)


@router.get("/meetings")
async def listed(
    request: Request, principal: Asking, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100
) -> Response:
    """List the meetings to which the own office is called, the latest first."""
    require_member(principal)
    async with service_of(request).database.tx(principal) as tx:
        return answer(await meetings.listed(tx, limit))


@router.get("/meetings/{meeting_id}")
async def read(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Show a meeting with its agenda, and, when it is over, its minutes: ids and codes of the reader's own cases."""
    require_member(principal)
    async with service_of(request).database.tx(principal) as tx:
        meeting, shown = await told(tx, meeting_id)
        return answer(shown | (await minutes(tx, meeting) if meeting.state is State.HELD else {}))


async def told(tx: Tx, meeting_id: UUID) -> tuple[Meeting, dict[str, Any]]:
    """Return a meeting to which the caller is called, and what they are told of it."""
    meeting = await meetings.found(tx, meeting_id)
    if meeting is None:
        raise NotFound
    require_usable(tx.principal, meeting.of.of)
    shown = _shown(meeting, tx.principal) | await meetings.details(tx, meeting.id)
    return meeting, shown | {"agenda": await agenda(tx, meeting)}


def _shown(meeting: Meeting, principal: Principal) -> dict[str, Any]:
    reader, secret = seat_of(principal), meeting.of.of.confidential
    return {
        "meeting_id": meeting.id,
        "programme": meeting.programme,
        "kommune": meeting.kommune or None,
        "state": meeting.state,
        "starts_at": meeting.starts_at,
        "convener": meeting.convener,
        "participants": known_to(reader, meeting.circle, meeting.convener, secret=secret),
        "present": known_to(reader, meeting.present, meeting.convener, secret=secret),
        "version": meeting.version,
    }


async def agenda(tx: Tx, meeting: Meeting) -> list[dict[str, Any]]:
    """Return a meeting's cases in their order, as far as the reader belongs to them; nothing says who it is."""
    cases = await group_cases.on_agenda(tx, meeting.id)
    return await on_list(tx, cases)


async def on_list(tx: Tx, cases: list[GroupCase]) -> list[dict[str, Any]]:
    """Return cases as a list shows them, with what is missing in each."""
    owners, now = await group_cases.owners(tx, [case.id for case in cases]), await clock.now(tx)
    return [
        {
            "group_case_id": case.id,
            "referral_id": case.referral,
            "programme": case.programme,
            "kommune": case.kommune,
            "grey_zone": case.grey_zone,
            "circle": case.circle,
            "owners": owners[case.id],
            "without_owner": without_owner(case.circle, owners[case.id]),
            "review_at": case.review_at,
            "review_missing": case.review_at is None,
            "review_late": case.review_at is not None and case.review_at < now,
            "version": case.version,
        }
        for case in cases
    ]


async def minutes(tx: Tx, meeting: Meeting) -> dict[str, Any]:
    """Return what a meeting decided and asked for, in codes, in the reader's own cases."""
    given = await group_work.tasks_of(tx, meeting.id)
    return {
        "quorate": meeting.quorate,
        "missing": meeting.missing,
        "decisions": await meetings.decisions(tx, meeting.id),
        "tasks": [
            {"task_id": one.id, "group_case_id": one.case, "owner": one.owner, "code": one.code, "due_at": one.due_at}
            for one in given
        ],
    }


@router.post("/meetings/{meeting_id}/open", responses=refusing(StaleVersion, MeetingNotThere, NotAParticipant))
async def open_it(meeting_id: UUID, body: InTheRoom, call: Call) -> Response:
    """Begin a meeting, with who is in the room."""
    return await _change(meeting_id, call, lambda tx, one: meeting_day.open_it(tx, one, body.present, body.version))


@router.post("/meetings/{meeting_id}/room", responses=refusing(StaleVersion, MeetingNotThere, NotAParticipant))
async def enter(meeting_id: UUID, body: InTheRoom, call: Call) -> Response:
    """Say who is in the room now."""
    return await _change(meeting_id, call, lambda tx, one: meeting_day.enter(tx, one, body.present, body.version))


@router.post("/meetings/{meeting_id}/close", responses=refusing(StaleVersion, MeetingNotThere))
async def close(meeting_id: UUID, body: Seen, call: Call) -> Response:
    """End a meeting: its minutes and tasks are out at once."""
    return await _change(meeting_id, call, lambda tx, one: meeting_day.close(tx, one, body.version))


@router.post("/meetings/{meeting_id}/call-off", responses=refusing(StaleVersion, MeetingNotThere))
async def call_off(meeting_id: UUID, body: Seen, call: Call) -> Response:
    """Call a meeting off that has not begun."""
    return await _change(meeting_id, call, lambda tx, one: convening.call_off(tx, one, body.version))


async def led(tx: Tx, meeting_id: UUID) -> Meeting:
    """Lock a meeting that the caller leads; to others who are called it is not theirs to lead."""
    meeting = await meetings.found(tx, meeting_id)
    if meeting is None:
        raise NotFound
    require_usable(tx.principal, meeting.of.of)
    await require_convener(tx, meeting.of, meeting.kommune)
    locked = await meetings.locked(tx, meeting_id)
    if locked is None:
        raise Forbidden
    return locked


async def _change(meeting_id: UUID, call: Call, change: Changed) -> Response:
    require_member(call.principal)

    async def work(tx: Tx) -> Answer:
        after = await change(tx, await led(tx, meeting_id))
        return Answer(200, {"meeting_id": meeting_id}, after.version)

    return await call.run(work)
