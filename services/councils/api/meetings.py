"""The year wheel and the meetings over HTTP: planned, convened with notice and agenda, held or called off."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator, Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import WHOLE, Moment, Truth
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer, kept_body
from services.councils.api.meeting_common import (
    EVERYONE,
    Versioned,
    change,
    for_everyone,
    seated_body,
    seated_meeting,
    shown,
)
from services.councils.api.public import as_public_json
from services.councils.api.public_views import MeetingsView
from services.councils.domain import meeting_refusals as refusals
from services.councils.domain.aarshjul import Wheel, fixed_points
from services.councils.domain.attendance import Attendance, Status
from services.councils.domain.bodies import Body
from services.councils.domain.meetings import Meeting
from services.councils.domain.practice import PARAGRAPH, RULE, setting, source
from services.councils.domain.wording import Line, Text
from services.councils.handlers import meetings as acts
from services.councils.handlers import requests
from services.councils.handlers.meetings import Proposed, Room
from services.councils.handlers.years import wheel
from services.councils.store import bodies
from services.councils.store import meetings as store

router = APIRouter(tags=["møder"])

FIRST_YEAR, LAST_YEAR = 2000, 2998
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
SeatKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}\.[a-z0-9_-]{1,60}$")]
"""A seat by its authority and office: `kommune-0657.borgmester`."""


def _in_the_calendar(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise refusals.TimeNotAhead
    return moment


Time = Annotated[Moment, AfterValidator(_in_the_calendar)]
"""A moment in a year that a year wheel can have."""


class MeetingSaid(Sent):
    """When and where a council meets; an extraordinary meeting says why it cannot wait."""

    starts_at: Time
    ends_at: Time
    place: Line
    ordinary: Truth = True
    reason: Text | None = None
    request_id: UUID | None = None
    """The request of a member which an extraordinary meeting answers (L-29); its words are the reason."""

    @property
    def proposed(self) -> Proposed:
        """Return the meeting that is wanted."""
        return Proposed(self.starts_at, self.ends_at, self.place, self.ordinary, self.reason or "")


class YearSaid(Sent):
    """The meetings of a whole year."""

    meetings: Annotated[tuple[MeetingSaid, ...], Field(min_length=1, max_length=24)]


class Moved(Versioned):
    """Another time and place."""

    starts_at: Time
    ends_at: Time
    place: Line


class CalledOff(Versioned):
    """Why a meeting is called off."""

    reason: Text


class SeatSaid(Sent):
    """What became of a seat; a deputy is named by office or function."""

    seat: SeatKey
    status: Status
    deputy: Line | None = None


class GuestSaid(Sent):
    """An outsider and the insight for which they were there (L-29)."""

    guest: Line
    insight: Line


class HeldSaid(Versioned):
    """Who was there, and who led."""

    attendance: Annotated[tuple[SeatSaid, ...], Field(min_length=1, max_length=60)]
    led_by: SeatKey
    guests: Annotated[tuple[GuestSaid, ...], Field(max_length=50)] = ()

    @property
    def room(self) -> Room:
        """Return who was in the room."""
        seats = tuple(Attendance(one.seat, one.status, one.deputy or "") for one in self.attendance)
        return Room(seats, self.led_by, tuple((one.guest, one.insight) for one in self.guests))


class PublicAccess(Versioned):
    """A vote on opening a meeting, and whether the chair assents."""

    in_favour: Annotated[int, Field(ge=0, le=60), WHOLE]
    chair_assents: Truth


@router.get("/bodies/{body_id}/aarshjul/{year}")
async def read_year(body_id: UUID, year: Year, request: Request, principal: Asking) -> Response:
    """Return the year wheel: fixed points, planned meetings, what is missing and by when, and what was breached."""
    async with service_of(request).database.tx(principal) as tx:
        body = await seated_body(tx, body_id)
        found = await wheel(tx, body, year)
    return answer(_wheel(body, found))


@router.post(
    "/bodies/{body_id}/aarshjul/{year}",
    status_code=201,
    responses=refusing(refusals.TooFewMeetings, refusals.OutsideTheYear, refusals.TimeNotAhead),
)
async def plan_year(body_id: UUID, year: Year, body: YearSaid, call: Call) -> Response:
    """Plan the meetings of a whole year at once; fewer than four ordinary ones are refused (O-2-07, L-29)."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        council = await kept_body(tx, body_id)
        new = await acts.plan_year(tx, council, year, [one.proposed for one in body.meetings])
        return Answer(201, {"meeting_ids": [str(one.id) for one in new]})

    return await call.run(work)


@router.post(
    "/bodies/{body_id}/meetings",
    status_code=201,
    responses=refusing(refusals.TimeNotAhead, refusals.ReasonNeeded, requests.RequestIsMet, NotFound),
)
async def plan(body_id: UUID, body: MeetingSaid, call: Call) -> Response:
    """Plan one meeting; an extraordinary one does not count in the year."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        council = await kept_body(tx, body_id)
        if body.request_id is not None:
            meeting = await requests.plan(tx, council, body.request_id, body.proposed)
        else:
            meeting = await acts.plan(tx, council, body.proposed)
        return Answer(201, {"meeting_id": meeting.id}, meeting.version)

    return await call.run(work)


@router.get("/bodies/{body_id}/meetings", response_model=MeetingsView)
async def listed(body_id: UUID, request: Request, year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)]) -> Response:
    """Return a council's meetings of a year to everyone: when, where, and under which number they were held."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        if await bodies.found(tx, body_id) is None:
            raise NotFound
        found = await store.of_body(tx, body_id, year)
    return as_public_json(request, [for_everyone(one) for one in found])


@router.get("/meetings/{meeting_id}")
async def read(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Return a meeting with who was there, for whoever sits on the council or keeps its papers."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await seated_meeting(tx, meeting_id)
        room = {"attendance": await store.attendance(tx, meeting_id), "guests": await store.guests(tx, meeting_id)}
        seats = [one.key for one in await store.seats(tx, body, meeting.day)]
    return answer(shown(meeting) | {"council": body.title, "seats": seats} | room)


@router.post("/meetings/{meeting_id}/notice", responses=refusing(refusals.NoticeTooLate, StaleVersion))
async def notice(meeting_id: UUID, body: Versioned, call: Call) -> Response:
    """Record that the notice goes out; an ordinary meeting's goes 14 days before."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.send_notice(tx, council, meeting, body.version)

    return await change(call, meeting_id, work)


@router.post(
    "/meetings/{meeting_id}/agenda/sending",
    responses=refusing(
        refusals.AgendaTooLate,
        refusals.AgendaMissing,
        refusals.MandatoryPointMissing,
        refusals.NotConvened,
        StaleVersion,
    ),
)
async def send_agenda(meeting_id: UUID, body: Versioned, call: Call) -> Response:
    """Record that agenda and papers go out, 7 days before an ordinary meeting; the meeting is convened."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.send_agenda(tx, council, meeting, body.version)

    return await change(call, meeting_id, work)


@router.post("/meetings/{meeting_id}/moving", responses=refusing(refusals.NoticeTooLate, StaleVersion))
async def move(meeting_id: UUID, body: Moved, call: Call) -> Response:
    """Move a meeting; the invitation is sent again with the same UID and a higher SEQUENCE."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        to = Proposed(body.starts_at, body.ends_at, body.place)
        return await acts.move(tx, council, meeting, to, body.version)

    return await change(call, meeting_id, work)


@router.post("/meetings/{meeting_id}/cancellation", responses=refusing(refusals.MeetingNotInThisState, StaleVersion))
async def call_off(meeting_id: UUID, body: CalledOff, call: Call) -> Response:
    """Call a meeting off; it does not count, and what must be treated waits for the next one."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.call_off(tx, council, meeting, body.reason, body.version)

    return await change(call, meeting_id, work)


@router.post(
    "/meetings/{meeting_id}/holding",
    responses=refusing(refusals.NotConvened, refusals.NotBegun, refusals.NotASeat, StaleVersion),
)
async def hold(meeting_id: UUID, body: HeldSaid, call: Call) -> Response:
    """Record that a meeting has been held, who was there, and whether it could decide."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.hold(tx, council, meeting, body.room, body.version)

    return await change(call, meeting_id, work)


@router.post("/meetings/{meeting_id}/public-access", responses=refusing(refusals.PublicAccessNotCarried, StaleVersion))
async def open_to_public(meeting_id: UUID, body: PublicAccess, call: Call) -> Response:
    """Record that a majority and the chair open a meeting to the public (L-29)."""

    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        return await acts.open_to_public(
            *(tx, council, meeting, body.in_favour, body.version), chair_assents=body.chair_assents
        )

    return await change(call, meeting_id, work)


def _wheel(body: Body, found: Wheel) -> dict[str, object]:
    needs = {"rule": RULE[body.kind], "paragraph": PARAGRAPH[body.kind], "required": found.required}
    counts = {"planned": found.planned, "held": found.held, "missing": found.missing, "act_by": found.act_by}
    settings = {code: {"value": setting(code), "source": source(code)} for code in ("notice_days", "agenda_days")}
    return {
        "body_id": body.id,
        "council": body.title,
        "year": found.year,
        "in_service": body.in_service,
        **needs,
        **counts,
        "warnings": [{"code": code, "rule": needs["rule"], "paragraph": needs["paragraph"]} for code in found.warnings],
        "breaches": found.breaches,
        "topics_untreated": found.untreated,
        "fixed_points": fixed_points(body.kind, found.year),
        "meetings": [shown(one) | {"counts": one.counts} for one in found.meetings],
        "settings": settings,
    }
