"""Calendar invitations over HTTP (iTIP): they go out by mail, are downloaded, answers read back, and a public feed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.openapi import refusing
from contracts.codes import Mode, Role
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer, kept_body, require_version
from services.councils.api.meeting_common import EVERYONE, Version, kept_meeting
from services.councils.api.meetings import SeatKey
from services.councils.domain import invitations
from services.councils.domain import meeting_refusals as refusals
from services.councils.domain.bodies import Body
from services.councils.domain.invitations import Frame, Guest
from services.councils.handlers.mail_writing import open_points
from services.councils.handlers.mailing import follow_people, invited_to
from services.councils.store import bodies, clock, meetings
from services.councils.store import invitations as store

router = APIRouter(tags=["kalender"])

CALENDAR = "text/calendar"
AS_CALENDAR = {
    "required": True,
    "content": {CALENDAR: {"schema": {"type": "string", "description": "METHOD:REPLY (RFC 5546)"}}},
}
BACK_DAYS = 90
"""How long a meeting stays in the public feed."""

Address = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$")
]
"""A mail address."""


class Invited(Sent):
    """Where one member gets invitations."""

    address: Address
    seat: SeatKey | None = None


class CalendarSaid(Sent):
    """Who sends a council's invitations, and all who get them."""

    version: Version
    organizer: Address
    invitees: Annotated[tuple[Invited, ...], Field(min_length=1, max_length=100)]


@router.get("/bodies/{body_id}/calendar")
async def read_calendar(body_id: UUID, request: Request, principal: Asking) -> Response:
    """Return who sends a council's invitations, for its secretary."""
    async with service_of(request).database.tx(principal) as tx:
        await kept_body(tx, body_id)
        organizer, version = await store.organizer(tx, body_id)
    return answer({"body_id": body_id, "organizer": organizer, "version": version})


@router.put("/bodies/{body_id}/calendar", responses=refusing(StaleVersion))
async def keep_calendar(body_id: UUID, body: CalendarSaid, call: Call) -> Response:
    """Say who sends a council's invitations and who gets them."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await kept_body(tx, body_id)
        _, version = await store.organizer(tx, body_id)
        require_version(body.version, version)
        invitees = {invitations.address_of(one.address): one.seat or "" for one in body.invitees}
        await store.keep(tx, body_id, invitations.address_of(body.organizer), invitees)
        await follow_people(tx, body_id)
        return Answer(200, {"body_id": body_id}, version + 1)

    return await call.run(work)


@router.get("/bodies/{body_id}/calendar.ics", response_class=Response)
async def feed(body_id: UUID, request: Request) -> Response:
    """Return a council's meetings as a calendar that everyone may follow; nobody's address stands in it."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        body = await bodies.found(tx, body_id)
        if body is None:
            raise NotFound
        found = await meetings.around(tx, body_id, back_days=BACK_DAYS)
        frame = await _frame(tx, request, body)
    return _calendar(invitations.feed(found, frame), "PUBLISH", "public, max-age=300")


@router.get("/meetings/{meeting_id}/invitations")
async def invited(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Return who is invited, each one's answer to the newest invitation, and where that is downloaded to be sent."""
    async with service_of(request).database.tx(principal) as tx:
        _, meeting = await kept_meeting(tx, meeting_id)
        found = await invited_to(tx, meeting)
    links = [one | {"invitation": f"/meetings/{meeting_id}/invitations/{one['invitee_id']}.ics"} for one in found]
    return answer({"meeting_id": meeting_id, "sequence": meeting.sequence, "invitees": links})


@router.get(
    "/meetings/{meeting_id}/invitations/{invitee_id}.ics",
    response_class=Response,
    responses=refusing(refusals.NoCalendar),
)
async def invitation(meeting_id: UUID, invitee_id: UUID, request: Request, principal: Asking) -> Response:
    """Return the invitation for one recipient, its change, or its cancellation, for who wants to send it by hand."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await kept_meeting(tx, meeting_id)
        organizer, _ = await store.organizer(tx, body.id)
        guest = next((one for one in await invited_to(tx, meeting) if one["invitee_id"] == invitee_id), None)
        if guest is None:
            raise NotFound
        if meeting.noticed_at is None:
            raise refusals.NoCalendar
        points = await open_points(tx, meeting)
        frame, to = await _frame(tx, request, body), Guest(guest["address"], guest["name"])
    method = "CANCEL" if meeting.state.value == "cancelled" else "REQUEST"
    return _calendar(invitations.invitation(meeting, organizer, to, points, frame), method, "no-store")


@router.post(
    "/calendar-replies",
    openapi_extra={"requestBody": AS_CALENDAR},
    responses=refusing(refusals.NotAReply, refusals.UnknownAttendee, refusals.ReplyOutdated),
)
async def reply(request: Request, call: Call) -> Response:
    """Read an answer back: matched by UID and attendee; to an earlier invitation, or from a stranger, it is refused."""
    call.require(Role.SECRETARY)
    read = invitations.read(await request.body())
    return await _take_in(call, read)


async def _take_in(call: Command, read: invitations.Reply) -> Response:
    async def work(tx: Tx) -> Answer:
        _, meeting = await kept_meeting(tx, read.meeting_id)
        there = [one for one in await invited_to(tx, meeting) if one["address"] == read.address]
        answering = invitations.whose(read, [(one["invitee_id"], one["name"]) for one in there])
        if not answering:
            raise refusals.UnknownAttendee
        for invitee_id in answering:
            invitations.require_current(read, meeting, await store.last_reply(tx, meeting, invitee_id))
            await store.answered(tx, meeting, invitee_id, read)
        return Answer(200, {"meeting_id": meeting.id, "invitee_id": answering[0], "answer": read.answer})

    return await call.run(work)


async def _frame(tx: Tx, request: Request, body: Body) -> Frame:
    settings = service_of(request).settings
    exercise = settings.mode is not Mode.LIVE
    return Frame(body.title, await clock.now(tx), settings.demonstration, exercise)


def _calendar(body: bytes, method: str, keep: str) -> Response:
    return Response(body, headers={"Cache-Control": keep}, media_type=f"{CALENDAR}; charset=utf-8; method={method}")
