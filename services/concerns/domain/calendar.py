"""Weeks, months and birthdays as the law and the conventions reckon them."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from contracts.hverdage import DANISH_TIME

MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MAJORITY = 18


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week, Monday to Sunday in Danish time (C1); week 53 is a week."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read `2026-W53`; a ValueError says that it is no week."""
        found = re.fullmatch(r"(\d{4})-W(\d{2})", text)
        if found is None:
            message = "a week is written 2026-W53"
            raise ValueError(message)
        week = cls(int(found[1]), int(found[2]))
        date.fromisocalendar(week.year, week.number, 1)
        return week

    @classmethod
    def of(cls, day: date) -> "Week":
        """Return the week that a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        """Return its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Return its last day."""
        return self.monday + timedelta(6)

    @property
    def searched_at(self) -> datetime:
        """Return when its run is due: the Monday after it at 06:00 Danish time (C2), in UTC."""
        local = datetime.combine(self.monday + timedelta(7), time(6), DANISH_TIME)
        return local.astimezone(UTC)

    def next(self) -> "Week":
        """Return the week after it."""
        return Week.of(self.monday + timedelta(7))

    def previous(self) -> "Week":
        """Return the week before it."""
        return Week.of(self.monday - timedelta(7))

    def __str__(self) -> str:
        """Write it as `2026-W53`."""
        return f"{self.year:04d}-W{self.number:02d}"


def danish_day(moment: datetime) -> date:
    """Return the Danish date of a moment."""
    return moment.astimezone(DANISH_TIME).date()


def add_months(day: date, months: int) -> date:
    """Add months and keep the day of the month, or take the month's last day (C17)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def eighteen_on(born: date) -> date:
    """Return the 18th birthday; one born on 29 February has it on 1 March in a common year (C8)."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:
        return date(born.year + MAJORITY, 3, 1)


def end_of_day(day: date) -> datetime:
    """Return the moment when a Danish day has passed, in UTC."""
    return datetime.combine(day + timedelta(1), time(0), DANISH_TIME).astimezone(UTC)


def in_words(day: date) -> str:
    """Write a date as a Dane reads it: `24. marts 2026`."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """Write a moment as a Dane reads it: `søndag den 29. marts 2026 kl. 13.00`."""
    local = moment.astimezone(DANISH_TIME)
    return f"{WEEKDAYS[local.weekday()]} den {in_words(local.date())} kl. {local:%H.%M}"
