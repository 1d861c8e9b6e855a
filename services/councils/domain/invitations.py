"""Invitations as iTIP (RFC 5546): REQUEST, change and CANCEL to one recipient each, a public feed, and answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event, Timezone, vCalAddress

from contracts.hverdage import DANISH_TIME
from services.councils.domain.meeting_refusals import NotAReply, ReplyOutdated
from services.councils.domain.meetings import Meeting, State

DOMAIN = "@samvirke.example"
NO_AUTHORITY = "Demonstration, ikke en myndighed"
EXERCISE = "ØVELSE: "
LARGEST = 65_536
"""Bytes of an answer; a calendar's own is a few hundred."""

ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every calendar of a council says of it."""

    council: str
    now: datetime
    demonstration: bool = False
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What one attendee answered."""

    meeting_id: UUID
    address: str
    answer: str
    sequence: int
    stamped_at: datetime
    name: str = ""
    """Whose answer it is, where the calendar says so: two may be reached at one address."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom one invitation is for."""

    address: str
    name: str = ""
    """The member's; nobody in particular on the council's list."""
    withdrawn: bool = False
    """They are moved out of the meeting, which is held without them."""


def invitation(meeting: Meeting, organizer: str, guest: Guest, points: Sequence[str], frame: Frame) -> bytes:
    """Return the invitation, its change or its cancellation for one recipient; nobody else stands in it.

    `points` are the open points of the agenda; a closed one is never handed in. Whoever is moved out of the meeting
    gets a CANCEL without STATUS, for the meeting itself is held (RFC 5546 3.2.5).
    """
    event = _event(meeting, points, frame)
    event.add("organizer", _party(organizer, {"CN": frame.council}))
    asked = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    named = {"CN": guest.name.replace('"', "'")} if guest.name else {}
    event.add("attendee", _party(guest.address, named | asked))
    if guest.withdrawn:
        del event["status"]
    is_off = guest.withdrawn or meeting.state is State.CANCELLED
    return _calendar("CANCEL" if is_off else "REQUEST", [meeting], [event], frame)


def whose(reply: Reply, reached: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """Return for whom an answer counts, of those who are reached at its address, each with the name.

    Where the calendar does not say whose it is, a mailbox that several share answers for all of them.
    """
    said = address_of(reply.name)
    return [one for one, name in reached if name and address_of(name) == said] or [one for one, _ in reached]


def feed(meetings: Sequence[Meeting], frame: Frame) -> bytes:
    """Return a council's meetings for everyone's calendar, without organizer or attendee (RFC 5546 3.2.1)."""
    return _calendar("PUBLISH", meetings, [_event(one, (), frame) for one in meetings], frame)


def read(body: bytes) -> Reply:
    """Return what an attendee's calendar answered.

    Raises:
        NotAReply: it is no REPLY of one attendee to one of our meetings.
    """
    if len(body) > LARGEST:
        raise NotAReply
    try:
        return _reply(Calendar.from_ical(body.decode("utf-8")))
    # The package raises what its values raise: none of it is more than a file that is no answer.
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise NotAReply from error


def require_current(reply: Reply, meeting: Meeting, last: datetime | None) -> None:
    """Refuse an answer to an earlier invitation, one older than the last, and one to what was never sent."""
    if reply.sequence > meeting.sequence:
        raise NotAReply
    if reply.sequence < meeting.answers_from or (last is not None and reply.stamped_at < last):
        raise ReplyOutdated(sequence=meeting.sequence)


def _reply(calendar: Any) -> Reply:  # noqa: ANN401  icalendar's components have no narrower type
    events = calendar.walk("VEVENT")
    if str(calendar["method"]).upper() != "REPLY" or len(events) != 1:
        raise NotAReply
    event = events[0]
    attendee = event["attendee"]
    if isinstance(attendee, list):
        raise NotAReply
    answer = str(attendee.params["PARTSTAT"]).upper()
    uid, at, domain = str(event["uid"]).rpartition("@")
    stamped_at = event["dtstamp"].dt
    if answer not in ANSWERS or at + domain != DOMAIN or not isinstance(stamped_at, datetime):
        raise NotAReply
    aware = stamped_at if stamped_at.tzinfo else stamped_at.replace(tzinfo=UTC)
    sequence, name = int(event.get("sequence", 0)), str(attendee.params.get("CN", ""))
    return Reply(UUID(uid), address_of(str(attendee)), answer, sequence, aware, name)


def address_of(written: str) -> str:
    """Return an address as it is compared: without `mailto:`, in small letters."""
    return written.strip().lower().removeprefix("mailto:")


def _event(meeting: Meeting, points: Iterable[str], frame: Frame) -> Event:
    event = Event()
    event.add("uid", f"{meeting.id}{DOMAIN}")
    event.add("dtstamp", frame.now.astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _local(meeting.starts_at))
    event.add("dtend", _local(meeting.ends_at))
    kind = "møde" if meeting.ordinary else "ekstraordinært møde"
    event.add("summary", f"{EXERCISE if frame.exercise else ''}{frame.council}: {kind}")
    event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.state is State.CANCELLED else "CONFIRMED")
    lines = [*([NO_AUTHORITY] if frame.demonstration else []), *points]
    if lines:
        event.add("description", "\n".join(lines))
    return event


def _calendar(method: str, meetings: Sequence[Meeting], events: Iterable[Event], frame: Frame) -> bytes:
    found = Calendar()
    found.add("prodid", "-//Samvirke//Raad//DA")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", method)
    if method == "PUBLISH":
        found.add("x-wr-calname", frame.council)
    found.add_component(_timezone([one.day for one in meetings] or [frame.now.date()]))
    for event in events:
        found.add_component(event)
    written: bytes = found.to_ical()
    return written


def _timezone(days: Sequence[date]) -> Timezone:
    around = timedelta(400)
    return Timezone.from_tzinfo(DANISH_TIME, first_date=min(days) - around, last_date=max(days) + around)


def _party(address: str, params: dict[str, str]) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    for name, value in params.items():
        found.params[name] = value
    return found


def _local(moment: datetime) -> datetime:
    """Return a moment in Danish time; in universal time where Danish time says the same hour twice."""
    local = moment.astimezone(DANISH_TIME)
    return moment.astimezone(UTC) if local.fold else local
