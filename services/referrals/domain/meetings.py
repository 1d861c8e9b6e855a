"""A meeting of a group: convened, opened with who is in the room, held case by case, closed with what was decided."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.refusal import StaleVersion
from services.referrals.domain.group_refusals import MeetingInThePast, MeetingNotThere, NotOnTheAgenda, OutsideTheCircle
from services.referrals.domain.groups import Group, check_seats, group, kind_of, seats_of


class Place(StrEnum):
    """How a meeting is held."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    TELEPHONE = "telephone"


class State(StrEnum):
    """How far a meeting is."""

    CONVENED = "convened"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting."""

    id: UUID
    forum: UUID
    programme: str
    kommune: str
    convener: str
    """The seat that convenes, leads and closes it."""
    starts_at: datetime
    circle: tuple[str, ...]
    state: State
    version: int
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """The kinds of authority without which it was not quorate."""

    @property
    def of(self) -> Group:
        """Return its group."""
        return group(self.programme)

    @property
    def quorate(self) -> bool:
        """Say whether no side was missing."""
        return not self.missing


def check_ahead(starts_at: datetime, now: datetime) -> None:
    """Refuse to call anybody to what has been.

    Raises:
        MeetingInThePast: it has.
    """
    if starts_at <= now:
        raise MeetingInThePast


def opened(meeting: Meeting, present: Collection[str], guests: Iterable[str], expected: int) -> Meeting:
    """Return a meeting that has begun, with who is in the room."""
    _check(meeting, expected, State.CONVENED)
    return _with(meeting, present, guests, State.OPEN)


def in_the_room(meeting: Meeting, present: Collection[str], guests: Iterable[str], expected: int) -> Meeting:
    """Return a meeting after somebody has come or gone."""
    _check(meeting, expected, State.OPEN)
    return _with(meeting, present, guests, State.OPEN)


def closed(meeting: Meeting, expected: int) -> Meeting:
    """Return a meeting that is over; a side that was missing is recorded, and nothing is refused (O-6.1-07)."""
    _check(meeting, expected, State.OPEN)
    there = {kind_of(seat) for seat in meeting.present}
    needed = seats_of(meeting.of, meeting.kommune) if meeting.of.needs_all else ()
    missing = tuple(dict.fromkeys(kind_of(seat).value for seat in needed if kind_of(seat) not in there))
    return replace(meeting, state=State.HELD, missing=missing, version=meeting.version + 1)


def cancelled(meeting: Meeting, expected: int) -> Meeting:
    """Return a meeting that will not be."""
    _check(meeting, expected, State.CONVENED)
    return replace(meeting, state=State.CANCELLED, version=meeting.version + 1)


def check_shown(meeting: Meeting, circle: Collection[str], *, on_agenda: bool) -> None:
    """Refuse to show a case while somebody is in the room who does not belong to its own circle.

    Raises:
        MeetingNotThere: the meeting is not open.
        NotOnTheAgenda: it is not this meeting's.
        OutsideTheCircle: somebody in the room may not hear it; an empty room hears nothing either.
    """
    if meeting.state is not State.OPEN:
        raise MeetingNotThere(state=meeting.state.value)
    if not on_agenda:
        raise NotOnTheAgenda
    if not meeting.present or set(meeting.present) - set(circle):
        raise OutsideTheCircle


def _check(meeting: Meeting, expected: int, state: State) -> None:
    if expected != meeting.version:
        raise StaleVersion(version=meeting.version)
    if meeting.state is not state:
        raise MeetingNotThere(state=meeting.state.value)


def _with(meeting: Meeting, present: Collection[str], guests: Iterable[str], state: State) -> Meeting:
    check_seats(present, [*meeting.circle, *guests])
    return replace(meeting, present=tuple(dict.fromkeys(present)), state=state, version=meeting.version + 1)
