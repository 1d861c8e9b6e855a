"""Moments as pages say and ask them: in Danish, by the time in Denmark."""

from datetime import date, datetime

from contracts.hverdage import DANISH_TIME

FIELD = "%Y-%m-%dT%H:%M"
"""How a browser's fields write a moment."""

_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


def day(at: date | datetime | str) -> str:
    """Return a day as a sentence says it: `28. november 2026`; of a moment, its Danish day."""
    found = _read(at) if isinstance(at, str) else at
    on = found.astimezone(DANISH_TIME).date() if isinstance(found, datetime) else found
    return f"{on.day}. {_MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime | str) -> str:
    """Return a moment as a sentence says it: `28. november 2026 kl. 14.32`."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{day(found)} kl. {found.astimezone(DANISH_TIME):%H.%M}"


def field(at: datetime | str) -> str:
    """Return a moment as a browser's field has it."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.astimezone(DANISH_TIME).strftime(FIELD)


def from_field(text: str) -> datetime | None:
    """Return the moment that a browser's field says; None where it says none."""
    try:
        # Some browsers send seconds.
        return datetime.strptime(text[:16], FIELD).replace(tzinfo=DANISH_TIME)
    except ValueError:
        return None


def _read(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == len("2026-11-28") else datetime.fromisoformat(text)
