"""A roster laid out over time: its shifts, the holes in it, and who takes over from whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from contracts.hverdage import DANISH_TIME, is_hverdag
from services.alerting.domain.rosters import OFFICE_HOURS, Override, Roster

LOOK_AHEAD = timedelta(days=14)
"""How far the daily look for holes sees."""

MOST_DAYS = 400
"""As much of a roster as is laid out at a time."""

BEYOND = timedelta(days=9)
"""A shift lasts a week and, once a year, an hour: so much to both sides shows the outer ones whole."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A piece of time with the same people on duty, in one turn."""

    starts_at: datetime
    ends_at: datetime
    staff: tuple[UUID, ...]
    """Nobody, where the roster has a hole."""
    turn: date
    """The first day of the turn it belongs to."""
    override: Override | None = None

    @property
    def is_gap(self) -> bool:
        """Say whether nobody has the duty, though nobody said so on purpose."""
        return not self.staff and not self.is_left_free

    @property
    def is_left_free(self) -> bool:
        """Say whether nobody has the duty on purpose."""
        return self.override is not None and self.override.staff_id is None


def shifts(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """Return the shifts that touch a span of time, whole and in order; what the roster does not cover is in none."""
    pieces = (_piece(roster, *span) for span in pairwise(_edges(roster, start - BEYOND, end + BEYOND)))
    whole = _joined(piece for piece in pieces if piece is not None)
    return [one for one in whole if one.ends_at > start and one.starts_at < end]


def gaps(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """Return the holes within a span of time; one that goes through several turns is one."""
    found = (one for one in shifts(roster, start, end) if one.is_gap)
    cut = (replace(one, starts_at=max(one.starts_at, start), ends_at=min(one.ends_at, end)) for one in found)
    return list(_joined(replace(one, turn=date.min, override=None) for one in cut))


def following(roster: Roster, at: datetime) -> Shift | None:
    """Return the next shift that begins after a moment, of whoever does not have the duty then; None within a month."""
    now = roster.on_duty(at)
    later = (one for one in shifts(roster, at, at + timedelta(days=31)) if one.starts_at > at)
    return next((one for one in later if one.staff and one.staff != now), None)


def until(roster: Roster, at: datetime) -> datetime | None:
    """Return when the shift of a moment ends."""
    return next((one.ends_at for one in shifts(roster, at, at + timedelta(seconds=1))), None)


def own(roster: Roster, staff_id: UUID, start: datetime, end: datetime) -> bool:
    """Say whether somebody alone has the duty whenever the roster covers a span, and it covers some of it."""
    within = shifts(roster, start, end)
    return bool(within) and all(one.staff == (staff_id,) for one in within)


def is_busy(rosters: Sequence[Roster], staff_id: UUID, start: datetime, end: datetime) -> bool:
    """Say whether somebody has a duty within a span."""
    return any(staff_id in one.staff for roster in rosters for one in shifts(roster, start, end))


def _piece(roster: Roster, start: datetime, end: datetime) -> Shift | None:
    day = roster.duty_day(start)
    if day is None or not roster.covers(start):
        return None
    rotation = roster.rotation(day)
    turn = rotation.turn_of(day) if rotation else day
    return Shift(start, end, roster.on_duty(start), turn, roster.override_at(start))


def _joined(pieces: Iterable[Shift]) -> Iterator[Shift]:
    last: Shift | None = None
    for piece in pieces:
        if (
            last
            and replace(last, ends_at=piece.ends_at) == replace(piece, starts_at=last.starts_at)
            and (last.ends_at == piece.starts_at)
        ):
            last = replace(last, ends_at=piece.ends_at)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _edges(roster: Roster, start: datetime, end: datetime) -> list[datetime]:
    """Return, in order, every moment between two at which who has the duty may change."""
    found = {start, end, *roster.ended.values()}
    for one in roster.overrides:
        found |= {one.starts_at, one.ends_at}
    day, last = start.astimezone(DANISH_TIME).date(), end.astimezone(DANISH_TIME).date()
    while day <= last:
        found |= _edges_of_day(roster, day)
        day += timedelta(days=1)
    return sorted(edge.astimezone(UTC) for edge in found if start <= edge <= end)


def _edges_of_day(roster: Roster, day: date) -> set[datetime]:
    rotation = roster.rotation(day)
    turn = {rotation.turn(day)} if rotation else set()
    hours = OFFICE_HOURS if roster.hours != "always" and is_hverdag(day) else ()
    return turn | {datetime.combine(day, each, DANISH_TIME).astimezone(UTC) for each in (time(0), *hours)}
