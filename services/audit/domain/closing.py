"""What a service says it told in a day, beside what the log holds of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

GRACE = timedelta(hours=1)
"""How long after the end of a day, by the clock, its closing and its last records may be under way."""

SILENT_AFTER = timedelta(days=3)
"""A service that has closed days before and closes none for so long is asked about."""

NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Tally:
    """A day of a service: how many accesses and refusals, and the digest over them."""

    records: int = 0
    refusals: int = 0
    digest: str = NOTHING


@dataclass(frozen=True, slots=True)
class Closing:
    """The newest closing of a day, and which day was closed before it."""

    tally: Tally
    previous: date | None


class Fault(StrEnum):
    """What can be wrong with a day."""

    DIFFERS = "differs"
    """The service says other than the log holds."""
    MISSING = "missing"
    """The log holds records of a day, or a later closing names the day, and no closing of it has come."""
    SILENT = "silent"
    """The service has stopped closing its days."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One day of one service that does not add up."""

    service: str
    day: date
    fault: Fault
    held: Tally
    told: Tally | None

    def __str__(self) -> str:
        """Return it in words."""
        said = f"{self.told.records} + {self.told.refusals}" if self.told else "nothing"
        return (
            f"day {self.day} of {self.service} {self.fault}: it said {said},"
            f" the log holds {self.held.records} + {self.held.refusals} accesses and refusals"
        )


Day = tuple[str, date]


def compare(held: Mapping[Day, Tally], told: Mapping[Day, Closing], since: date, now: datetime) -> list[Finding]:
    """Return what does not add up since a day; days that ended within the grace are left alone."""
    over = {day for day in {*held, *told, *_named(told)} if day[1] >= since and _is_over(day[1], now)}
    found = [_judged(day, held.get(day, Tally()), told.get(day)) for day in over]
    return sorted([one for one in found if one] + _silent(told, now), key=lambda one: (one.day, one.service))


def _is_over(day: date, now: datetime) -> bool:
    return now - GRACE >= datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(days=1)


def _named(told: Mapping[Day, Closing]) -> set[Day]:
    """Return the days that closings say were closed before them."""
    return {(service, closing.previous) for (service, _), closing in told.items() if closing.previous}


def _judged(day: Day, held: Tally, closing: Closing | None) -> Finding | None:
    if closing is None:
        return Finding(*day, Fault.MISSING, held, None)
    return None if closing.tally == held else Finding(*day, Fault.DIFFERS, held, closing.tally)


def _silent(told: Mapping[Day, Closing], now: datetime) -> list[Finding]:
    last: dict[str, date] = {}
    for service, day in told:
        last[service] = max(day, last.get(service, day))
    return [
        Finding(service, day, Fault.SILENT, Tally(), None)
        for service, day in last.items()
        if now.date() - day > SILENT_AFTER
    ]
