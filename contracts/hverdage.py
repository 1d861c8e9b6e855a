"""Danish time, public holidays and weekdays (hverdage), by which clocks of law and duty rosters reckon."""

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")
SATURDAY, SUNDAY = 5, 6
LAST_STORE_BEDEDAG = 2023


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
