"""Who is on duty: rotations, what somebody else takes over, office hours and outside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from contracts.hverdage import DANISH_TIME, is_hverdag

OFFICE_HOURS = (time(8), time(15))
"""Danish time, on hverdage; outside them a døgnvagt has the duty."""

DAYS_A_TURN = {"daily": 1, "weekly": 7}


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a roster's duty goes round, from one day on until the next rotation begins."""

    starts_on: date
    kind: str
    """`fixed`: all members have the duty together; `daily` and `weekly`: one after the other."""
    turn_at: time
    """When the duty is handed over, in Danish time, whatever summer time does."""
    members: tuple[UUID, ...]

    def on_duty(self, day: date) -> tuple[UUID, ...]:
        """Return who has the duty that began on a day."""
        if self.kind == "fixed":
            return self.members
        turn = (day - self.starts_on).days // DAYS_A_TURN[self.kind]
        return (self.members[turn % len(self.members)],)

    def turn(self, day: date) -> datetime:
        """Return when the duty is handed over on a day; a time that summer time leaves out comes an hour later."""
        return datetime.combine(day, self.turn_at, DANISH_TIME).astimezone(UTC)

    def turn_of(self, day: date) -> date:
        """Return the first day of the turn that a day belongs to."""
        into = (day - self.starts_on).days % DAYS_A_TURN.get(self.kind, 1)
        return day - timedelta(days=into)


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else has the duty between two moments; nobody, where a hole is meant."""

    starts_at: datetime
    ends_at: datetime
    staff_id: UUID | None
    override_id: UUID | None = None
    swap_id: UUID | None = None
    """Where a colleague took it over by a swap."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """One line of duty of an office and role."""

    roster_id: UUID
    hours: str
    """`office_hours`, `outside` or `always`."""
    line: int
    in_service: date
    rotations: tuple[Rotation, ...]
    """By their first day."""
    overrides: tuple[Override, ...] = ()
    """As they were made: the last one that covers a moment decides."""
    ended_on: date | None = None
    """The first day on which it has no duty any more."""
    ended: Mapping[UUID, datetime] = field(default_factory=dict)
    """Members who are on the staff no more, and since when: their turns are holes."""

    def covers(self, at: datetime) -> bool:
        """Say whether this roster has the duty at all at a moment."""
        return self.hours == "always" or (self.hours == "office_hours") == in_office_hours(at)

    def on_duty(self, at: datetime) -> tuple[UUID, ...]:
        """Return who has the duty at a moment; nobody where the roster has a hole or does not cover it."""
        return tuple(one for one in self._meant(at) if one not in self.ended or at < self.ended[one])

    def override_at(self, at: datetime) -> Override | None:
        """Return what decides a moment instead of the rotation."""
        return next((one for one in reversed(self.overrides) if one.starts_at <= at < one.ends_at), None)

    def duty_day(self, at: datetime) -> date | None:
        """Return the day on which the duty of a moment began; None while the roster is not in service."""
        local = at.astimezone(DANISH_TIME).date()
        rotation = self.rotation(local)
        before_turn = rotation is not None and at < rotation.turn(local)
        day = local - timedelta(days=before_turn)
        return day if day >= self.in_service and (self.ended_on is None or local < self.ended_on) else None

    def rotation(self, day: date) -> Rotation | None:
        """Return the rotation that decides who has the duty that begins on a day."""
        return next((one for one in reversed(self.rotations) if one.starts_on <= day), None)

    def _meant(self, at: datetime) -> tuple[UUID, ...]:
        day = self.duty_day(at)
        if not self.covers(at) or day is None:
            return ()
        override = self.override_at(at)
        if override is not None:
            return (override.staff_id,) if override.staff_id else ()
        rotation = self.rotation(day)
        return rotation.on_duty(day) if rotation else ()


def in_office_hours(at: datetime) -> bool:
    """Say whether a moment lies in the office hours of a hverdag."""
    local = at.astimezone(DANISH_TIME)
    return is_hverdag(local.date()) and OFFICE_HOURS[0] <= local.time() < OFFICE_HOURS[1]


def on_duty(rosters: Sequence[Roster], line: int, at: datetime) -> Iterator[UUID]:
    """Yield who has the duty on a line at a moment, each once."""
    found = (who for roster in rosters if roster.line == line for who in roster.on_duty(at))
    yield from dict.fromkeys(found)
