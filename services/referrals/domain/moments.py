"""Moments as pages say and ask them: in Danish, by the time in Denmark."""

from datetime import date, datetime, time, timedelta

from contracts.hverdage import DANISH_TIME
from services.referrals.domain.ages import MONTHS_IN_YEAR, age
from services.referrals.domain.capacity import in_danish

FIELD, DAY_FIELD = "%Y-%m-%dT%H:%M", "%Y-%m-%d"
"""How a browser's fields write a moment and a day."""
USUAL_DAYS = 28
"""What is proposed between two meetings of a group that meets as needed."""
USUAL_HOUR = 9
END_OF_DAY = time(23, 59)
NEAR = {-1: "i går", 0: "i dag", 1: "i morgen"}
"""The days that have a name of their own."""
MIDNIGHT = "kl. 00.00"


def moment(at: datetime) -> str:
    """Return a moment as a sentence says it: `28. november 2026 kl. 14.32`."""
    return f"{day_of(at)} kl. {at.astimezone(DANISH_TIME):%H.%M}"


def day_of(at: datetime) -> str:
    """Return the day of a moment: `28. november 2026`."""
    return in_danish(at.astimezone(DANISH_TIME).date())


def born_words(born: date, now: datetime) -> str:
    """Return when somebody was born and how old they are: `født 1984, 42 år`."""
    today = now.astimezone(DANISH_TIME).date()
    years = age(born, today).months // MONTHS_IN_YEAR if born <= today else 0
    return f"født {born.year}, {years} år"


def when(at: datetime, now: datetime) -> str:
    """Return a deadline in words: `i morgen kl. 14.00`, `om 6 dage, den 4. maj 2026`; midnight ends its eve."""
    last = at.astimezone(DANISH_TIME) - timedelta(microseconds=1)
    days = (last.date() - now.astimezone(DANISH_TIME).date()).days
    if days in NEAR:
        hour = f"{at.astimezone(DANISH_TIME):kl. %H.%M}"
        return f"{NEAR[days]} {hour if hour != MIDNIGHT else 'inden midnat'}"
    far = f"om {days} dage" if days > 0 else f"for {-days} dage siden"
    return f"{far}, den {in_danish(last.date())}"


def field(at: datetime) -> str:
    """Return a moment as a browser's field has it."""
    return at.astimezone(DANISH_TIME).strftime(FIELD)


def from_field(text: str) -> datetime | None:
    """Return the moment that a browser's field says; None where it says none."""
    return _read(text, FIELD)


def from_day(text: str) -> datetime | None:
    """Return the end of the day that a browser's field says; None where it says none."""
    day = _read(text, DAY_FIELD)
    return day and datetime.combine(day, END_OF_DAY, DANISH_TIME)


def _read(text: str, form: str) -> datetime | None:
    try:
        # Some browsers send seconds.
        return datetime.strptime(text[:16], form).replace(tzinfo=DANISH_TIME)
    except ValueError:
        return None


def proposed(last: datetime | None, days: int | None, now: datetime) -> datetime:
    """Return when a group would meet next: at the last one's hour, so many days later, and ahead."""
    here = now.astimezone(DANISH_TIME)
    if last is None:
        return (here + timedelta(days=7)).replace(hour=USUAL_HOUR, minute=0, second=0, microsecond=0)
    # In Danish time, so that the hour stays when the clocks change.
    found = last.astimezone(DANISH_TIME) + timedelta(days=days or USUAL_DAYS)
    while found <= here:
        found += timedelta(days=7)
    return found
