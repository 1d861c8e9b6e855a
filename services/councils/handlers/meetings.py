"""Planning, convening, moving, calling off and holding a council's meetings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from chassis.outbox import append
from contracts.councils.v1.meetings import (
    CouncilMeetingCancelled,
    CouncilMeetingConvened,
    CouncilMeetingHeld,
    CouncilMeetingMoved,
    CouncilMeetingNoticed,
    CouncilMeetingPlanned,
)
from contracts.event import Event
from contracts.refusal import NotFound
from services.councils.domain import aarshjul, agendas, meetings
from services.councils.domain.agendas import Item, ItemState
from services.councils.domain.attendance import Attendance, missing_for_quorum, require_carried
from services.councils.domain.bodies import Body
from services.councils.domain.meeting_refusals import AgendaMissing
from services.councils.domain.meetings import Meeting
from services.councils.handlers import mailing
from services.councils.handlers.years import look_again, wheel
from services.councils.store import agendas as kept
from services.councils.store import clock, matters
from services.councils.store import meetings as store


@dataclass(frozen=True, slots=True)
class Proposed:
    """A meeting that somebody wants to plan."""

    starts_at: datetime
    ends_at: datetime
    place: str
    ordinary: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """Who was in the room."""

    seats: tuple[Attendance, ...]
    led_by: str
    guests: tuple[tuple[str, str], ...] = ()
    """Outsiders, each with the insight for which they were there (L-29)."""


async def tell(tx: Tx, body: Body, meeting_id: UUID, event: type[Event], **said: object) -> None:
    """Tell something of a locked meeting; it is a case of its own."""
    about = {"body_id": body.id, "parties": body.parties, "meeting_id": meeting_id}
    version = await store.tell(tx, meeting_id)
    await append(tx, event(**about | said), version=version, correlation_id=meeting_id, time=await clock.now(tx))


async def locked(tx: Tx, meeting_id: UUID) -> Meeting:
    """Return a meeting of a locked council, locked."""
    meeting = await store.locked(tx, meeting_id)
    if meeting is None:
        raise NotFound
    return meeting


async def plan(tx: Tx, body: Body, wanted: Proposed) -> Meeting:
    """Plan a meeting of a locked council.

    Raises:
        TimeNotAhead: it has been, or ends before it begins.
        ReasonNeeded: it is extraordinary and says not why.
    """
    meeting = _new(body, wanted, await clock.now(tx))
    await _add(tx, body, meeting)
    await look_again(tx, body)
    return meeting


async def plan_year(tx: Tx, body: Body, year: int, wanted: Sequence[Proposed]) -> list[Meeting]:
    """Plan the meetings of a whole year of a locked council (O-2-07, L-29).

    Raises:
        TooFewMeetings: with these the year has fewer ordinary meetings than its rule asks for.
        OutsideTheYear: one lies in another year.
    """
    now = await clock.now(tx)
    new = [_new(body, one, now) for one in wanted]
    aarshjul.require_enough(await wheel(tx, body, year), new)
    for meeting in new:
        await _add(tx, body, meeting)
    await look_again(tx, body)
    return new


async def send_notice(tx: Tx, body: Body, meeting: Meeting, expected: int) -> Meeting:
    """Send the notice: an invitation goes to whoever sits on the council, by mail and for a calendar."""
    after = meetings.noticed(meeting, await clock.now(tx), expected)
    await store.save(tx, meeting, after)
    await tell(tx, body, meeting.id, CouncilMeetingNoticed, starts_at=meeting.starts_at)
    await mailing.invite(tx, body, after)
    return after


async def send_agenda(tx: Tx, body: Body, meeting: Meeting, expected: int) -> Meeting:
    """Send the agenda: the meeting is convened.

    Raises:
        AgendaMissing: it has no points.
        MandatoryPointMissing: a mandatory point waits beside it; it names the paragraph.
    """
    items = [one for one in await kept.of_meeting(tx, meeting.id) if one.state is ItemState.PLACED]
    after = meetings.agenda_sent(meeting, await clock.now(tx), expected)
    if not items:
        raise AgendaMissing
    agendas.require_mandatory(await matters.waiting(tx, body.id, meeting.day))
    await store.save(tx, meeting, after)
    counts = {"items": len(items), "mandatory": sum(one.mandatory for one in items)}
    await tell(tx, body, meeting.id, CouncilMeetingConvened, starts_at=meeting.starts_at, **counts)
    await mailing.send_agenda(tx, body, after)
    return after


async def move(tx: Tx, body: Body, meeting: Meeting, to: Proposed, expected: int) -> Meeting:
    """Move a meeting in time or to another place; whoever is invited gets a change."""
    meetings.require_version(expected, meeting.version)
    after = meetings.moved(meeting, to.starts_at, to.ends_at, to.place, await clock.now(tx))
    await store.save(tx, meeting, after)
    when = {"starts_at": after.starts_at, "ends_at": after.ends_at}
    await tell(tx, body, meeting.id, CouncilMeetingMoved, **when, sequence=after.sequence)
    await mailing.invite(tx, body, after)
    await look_again(tx, body)
    return after


async def call_off(tx: Tx, body: Body, meeting: Meeting, why: str, expected: int) -> Meeting:
    """Call a meeting off: what the council must treat waits for the next one."""
    after = meetings.cancelled(meeting, why, expected)
    await store.save(tx, meeting, after)
    for item in await kept.of_meeting(tx, meeting.id):
        await wait_again(tx, item)
    await tell(tx, body, meeting.id, CouncilMeetingCancelled, starts_at=meeting.starts_at)
    await mailing.call_off(tx, body, after)
    await look_again(tx, body)
    return after


async def wait_again(tx: Tx, item: Item) -> None:
    """Let the matter of a point that is not treated wait for the next agenda."""
    if item.matter_id is not None and item.state is ItemState.PLACED:
        await matters.wait_again(tx, item.matter_id)


async def hold(tx: Tx, body: Body, meeting: Meeting, room: Room, expected: int) -> Meeting:
    """Record that a meeting has been held, who was there, and whether it could decide.

    Raises:
        NotConvened: notice and agenda were not both sent (O-2-07).
        NotASeat: somebody is named who has no seat.
    """
    number = await store.next_number(tx, meeting)
    after = meetings.held(meeting, await clock.now(tx), expected, number)
    seats = await store.seats(tx, body, meeting.day)
    lacking = missing_for_quorum(body.kind, seats, room.seats, room.led_by)
    after = replace(after, quorate=not lacking, lacking=lacking)
    await store.save(tx, meeting, after)
    await store.add_attendance(tx, meeting, room.seats, room.led_by)
    for guest, insight in room.guests:
        await store.add_guest(tx, meeting, guest, insight)
    counts = {"present": sum(one.there for one in room.seats), "seats": len(seats)}
    what = {"year": after.year, "number": number, "ordinary": after.ordinary, "quorate": not lacking}
    await tell(tx, body, meeting.id, CouncilMeetingHeld, **what, **counts)
    await look_again(tx, body)
    return after


async def open_to_public(
    tx: Tx, body: Body, meeting: Meeting, in_favour: int, expected: int, *, chair_assents: bool
) -> Meeting:
    """Record that a meeting is opened to the public (L-29).

    Raises:
        PublicAccessNotCarried: a majority of the seats, or the chair's assent, is missing.
    """
    after = meetings.touched(meeting, expected, meetings.State.PLANNED, meetings.State.CONVENED)
    require_carried(in_favour, len(await store.seats(tx, body, meeting.day)), chair_assents=chair_assents)
    after = replace(after, open_to_public=True)
    await store.save(tx, meeting, after)
    return after


def _new(body: Body, wanted: Proposed, now: datetime) -> Meeting:
    when = (wanted.starts_at, wanted.ends_at, wanted.place, wanted.reason)
    return meetings.planned(Meeting(new_id(), body.id, body.kind, wanted.ordinary, *when), now)


async def _add(tx: Tx, body: Body, meeting: Meeting) -> None:
    await store.add(tx, meeting)
    when = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    await tell(tx, body, meeting.id, CouncilMeetingPlanned, **when, ordinary=meeting.ordinary)
