"""A meeting of a council: planned, convened with notice and agenda, held, its minutes drafted, approved and closed."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.hverdage import DANISH_TIME
from contracts.refusal import StaleVersion
from services.councils.domain.bodies import BodyKind
from services.councils.domain.meeting_refusals import (
    AgendaTooLate,
    MeetingNotInThisState,
    NotBegun,
    NotConvened,
    NoticeTooLate,
    ReasonNeeded,
    TimeNotAhead,
)
from services.councils.domain.practice import PARAGRAPH, RULE, setting, source

LONGEST = timedelta(hours=16)


class State(StrEnum):
    """How far a meeting is."""

    PLANNED = "planned"
    CONVENED = "convened"
    HELD = "held"
    MINUTES_DRAFTED = "minutes_drafted"
    MINUTES_APPROVED = "minutes_approved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


BEEN = frozenset({State.HELD, State.MINUTES_DRAFTED, State.MINUTES_APPROVED, State.CLOSED})
"""The states of a meeting that has been held."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting."""

    id: UUID
    body_id: UUID
    of: BodyKind
    ordinary: bool
    starts_at: datetime
    ends_at: datetime
    place: str
    reason: str = ""
    """Why an extraordinary one cannot wait."""
    state: State = State.PLANNED
    version: int = 1
    told: int = 0
    """How many events tell of it."""
    noticed_at: datetime | None = None
    agenda_sent_at: datetime | None = None
    sequence: int = 0
    """The invitation's edition: the organizer alone counts it up (RFC 5546)."""
    answers_from: int = 0
    """The edition that last said another time or place: older answers are to another meeting."""
    number: int | None = None
    quorate: bool | None = None
    lacking: str = ""
    """What kept it from a quorum, in Danish."""
    open_to_public: bool = False
    called_off: str = ""

    @property
    def day(self) -> date:
        """Return its Danish day."""
        return day_of(self.starts_at)

    @property
    def year(self) -> int:
        """Return the calendar year in which it counts."""
        return self.day.year

    @property
    def counts(self) -> bool:
        """Say whether it is one of the year's meetings: an extraordinary or a cancelled one is not (O-2-07)."""
        return self.ordinary and self.state is not State.CANCELLED

    @property
    def title(self) -> str:
        """Return how its minutes are numbered (R72): `møde nr. 2/2027`."""
        return f"møde nr. {self.number}/{self.year}" if self.number else ""


def day_of(moment: datetime) -> date:
    """Return the Danish day of a moment."""
    return moment.astimezone(DANISH_TIME).date()


def planned(meeting: Meeting, now: datetime) -> Meeting:
    """Return a new meeting.

    Raises:
        TimeNotAhead: it has been, or ends before it begins or long after.
        ReasonNeeded: it is extraordinary and says not why.
    """
    _check_time(meeting.starts_at, meeting.ends_at, now)
    if not meeting.ordinary and not meeting.reason:
        raise ReasonNeeded
    return meeting


def noticed(meeting: Meeting, now: datetime, expected: int) -> Meeting:
    """Return a meeting whose notice is sent."""
    _check(meeting, expected, State.PLANNED)
    if meeting.noticed_at is not None:
        raise MeetingNotInThisState(state="noticed")
    _check_time(meeting.starts_at, meeting.ends_at, now)
    _check_notice(meeting, now)
    return _next(replace(meeting, noticed_at=now))


def agenda_sent(meeting: Meeting, now: datetime, expected: int) -> Meeting:
    """Return a meeting that is convened: notice and agenda are sent.

    Raises:
        NotConvened: the notice is not sent.
        AgendaTooLate: an ordinary meeting's agenda comes later than the practice allows.
    """
    _check(meeting, expected, State.PLANNED)
    if meeting.noticed_at is None:
        raise NotConvened(missing="indkaldelse")
    _check_time(meeting.starts_at, meeting.ends_at, now)
    days = setting("agenda_days")
    if meeting.ordinary and day_of(now) + timedelta(days) > meeting.day:
        raise AgendaTooLate(**_named(meeting, "agenda_days"), latest=str(meeting.day - timedelta(days)))
    return _next(replace(meeting, agenda_sent_at=now, state=State.CONVENED))


def moved(meeting: Meeting, starts_at: datetime, ends_at: datetime, place: str, now: datetime) -> Meeting:
    """Return a meeting at another time or place; who is invited already gets a change, with the notice kept."""
    if meeting.state not in {State.PLANNED, State.CONVENED}:
        raise MeetingNotInThisState(state=meeting.state.value)
    _check_time(starts_at, ends_at, now)
    after = replace(meeting, starts_at=starts_at, ends_at=ends_at, place=place)
    if meeting.noticed_at is not None and starts_at != meeting.starts_at:
        _check_notice(after, now)
    return _next(_changed(after))


def cancelled(meeting: Meeting, why: str, expected: int) -> Meeting:
    """Return a meeting that is called off before it was held."""
    _check(meeting, expected, State.PLANNED, State.CONVENED)
    return _next(_changed(replace(meeting, state=State.CANCELLED, called_off=why)))


def withdrawn(meeting: Meeting) -> tuple[Meeting, int]:
    """Return a meeting out of which somebody is moved, and the edition that says so to them.

    What is sent to others afterwards has a higher one: they may be reached at the same address, or be asked back.
    """
    edition = meeting.sequence + 1
    return replace(meeting, sequence=edition + 1), edition


def held(meeting: Meeting, now: datetime, expected: int, number: int) -> Meeting:
    """Return a meeting that has been held, under its number of the year.

    Raises:
        NotConvened: notice and agenda were not both sent before it (O-2-07).
        NotBegun: it lies ahead.
    """
    if meeting.state is State.PLANNED:
        require_version(expected, meeting.version)
        raise NotConvened(missing="dagsorden" if meeting.noticed_at else "indkaldelse, dagsorden")
    _check(meeting, expected, State.CONVENED)
    if now < meeting.starts_at:
        raise NotBegun
    return _next(replace(meeting, state=State.HELD, number=number))


def minuted(meeting: Meeting, expected: int) -> Meeting:
    """Return a meeting whose minutes are drafted."""
    _check(meeting, expected, State.HELD)
    return _next(replace(meeting, state=State.MINUTES_DRAFTED))


def approved(meeting: Meeting) -> Meeting:
    """Return a meeting whose minutes are approved."""
    _check(meeting, meeting.version, State.MINUTES_DRAFTED)
    return _next(replace(meeting, state=State.MINUTES_APPROVED))


def closed(meeting: Meeting, expected: int) -> Meeting:
    """Return a meeting on which nothing more is done."""
    _check(meeting, expected, State.MINUTES_APPROVED)
    return _next(replace(meeting, state=State.CLOSED))


def touched(meeting: Meeting, expected: int, *states: State) -> Meeting:
    """Return a meeting of which a part was changed: agenda, outcome or minutes."""
    _check(meeting, expected, *states)
    return _next(meeting)


def require_version(expected: int, current: int) -> None:
    """Refuse a change of what somebody else has changed meanwhile."""
    if expected != current:
        raise StaleVersion(version=current)


def _check(meeting: Meeting, expected: int, *states: State) -> None:
    require_version(expected, meeting.version)
    if meeting.state not in states:
        raise MeetingNotInThisState(state=meeting.state.value)


def _check_time(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if starts_at <= now or not starts_at < ends_at <= starts_at + LONGEST:
        raise TimeNotAhead


def _check_notice(meeting: Meeting, now: datetime) -> None:
    earliest = day_of(now) + timedelta(setting("notice_days"))
    if meeting.ordinary and meeting.day < earliest:
        raise NoticeTooLate(**_named(meeting, "notice_days"), earliest=str(earliest))


def _named(meeting: Meeting, code: str) -> dict[str, str | int]:
    return {
        "rule": RULE[meeting.of],
        "paragraph": PARAGRAPH[meeting.of],
        "days": setting(code),
        "source": source(code),
    }


def _changed(meeting: Meeting) -> Meeting:
    if meeting.noticed_at is None:
        return meeting
    sequence = meeting.sequence + 1
    return replace(meeting, sequence=sequence, answers_from=sequence)


def _next(meeting: Meeting) -> Meeting:
    return replace(meeting, version=meeting.version + 1)
