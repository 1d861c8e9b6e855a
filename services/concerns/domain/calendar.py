"""Weeks, months, birthdays and Danish weekdays as the law and the conventions reckon them."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")
MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
SATURDAY, SUNDAY = 5, 6
LAST_STORE_BEDEDAG = 2023
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


@cache
def easter_sunday(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the Danish public holidays of a year; store bededag was one up to 2023."""
    easter = easter_sunday(year)
    movable = [-3, -2, 0, 1, 39, 49, 50, *([26] if year <= LAST_STORE_BEDEDAG else [])]
    fixed = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(fixed | {easter + timedelta(days) for days in movable})


def is_hverdag(day: date, *, saturdays: bool = False) -> bool:
    """Say whether a day is a hverdag: Monday to Friday outside public holidays, or with Saturdays where so set."""
    last = SATURDAY if saturdays else SATURDAY - 1
    return day.weekday() <= last and day not in public_holidays(day.year)


def hverdage_after(day: date, count: int, *, saturdays: bool = False) -> date:
    """Return the hverdag that many after a day; the day itself is not counted."""
    while count:
        day += timedelta(1)
        count -= is_hverdag(day, saturdays=saturdays)
    return day


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
