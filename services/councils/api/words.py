"""How pages say what the data say by code: seats, outcomes, sides and moments, in Danish."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from contracts.codes import authorities, municipalities
from contracts.hverdage import DANISH_TIME
from services.councils.api.page import danish_day

_OFFICES = {"borgmester": "borgmesteren", "politidirektoer": "politidirektøren"}
_HELD = {"borgmester": "Borgmester", "politidirektoer": "Politidirektør, formand"}
_STATES = {
    "planned": "planlagt",
    "convened": "indkaldt",
    "held": "afholdt",
    "minutes_drafted": "afholdt",
    "minutes_approved": "afholdt",
    "closed": "afholdt",
    "cancelled": "aflyst",
}
_ATTENDANCE = {
    "present": "til stede",
    "deputy": "ved stedfortræder",
    "apology": "afbud",
    "absent": "ikke til stede",
}
_OUTCOMES = {
    "noted": "Taget til efterretning",
    "approved": "Godkendt",
    "discussed": "Drøftet",
    "decided": "Besluttet",
    "start": "Besluttet: sættes i gang",
    "not_start": "Besluttet: sættes ikke i gang",
    "put_off": "Udsat",
    "carried": "Samme punkt på næste møde",
}
_KINDS = {"orientering": "Orientering", "droeftelse": "Drøftelse", "beslutning": "Beslutning"}
_SIDES = {"politi": "Politiet", "kommune": "Kommunen", "police": "Politiet", "school": "Skolen"}
_TYPES = {"grundskole": "Grundskole", "ungdomsuddannelse": "Ungdomsuddannelse"}
_VERDICTS = {"egnet": "Egnet til en fælles indsats", "ikke_egnet": "Ikke egnet til en fælles indsats"}


def moment(at: str | datetime) -> str:
    """Return a moment as a sentence says it: `28. november 2026 kl. 14.32`."""
    when = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(DANISH_TIME)
    return f"{danish_day(when)} kl. {when:%H.%M}"


def day(at: str | date) -> str:
    """Return a day: `28. november 2026`."""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    if isinstance(when, datetime) and when.tzinfo is not None:
        return danish_day(when)
    return danish_day(datetime(when.year, when.month, when.day, 12, tzinfo=DANISH_TIME))


def year(at: str) -> int:
    """Return the Danish year of a moment."""
    return datetime.fromisoformat(at).astimezone(DANISH_TIME).year


def clock(at: str | datetime) -> str:
    """Return the time of day: `14.32`."""
    when = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(DANISH_TIME)
    return f"{when:%H.%M}"


def seat(key: str) -> str:
    """Return who a seat is for: `kommune-0657.borgmester` is the mayor of Herning Kommune."""
    authority, _, office = key.partition(".")
    known = authorities().get(authority)
    return f"{known.name if known else authority}, {_OFFICES.get(office, office.replace('_', ' '))}"


def office(code: str) -> str:
    """Return an office or function, as somebody holds it."""
    return _HELD.get(code, code)


def owner(key: str) -> str:
    """Return an authority's name; what is none stays as it is."""
    known = authorities().get(key)
    return known.name if known else key


def _by(words: dict[str, str]) -> Callable[[Any], str]:
    return lambda code: words.get(str(code), str(code))


WORDS: dict[str, Callable[..., Any]] = {
    "moment": moment,
    "day": day,
    "clock": clock,
    "year": year,
    "seat": seat,
    "office": office,
    "owner": owner,
    "municipality": lambda code: municipalities()[code].name,
    "meeting_state": _by(_STATES),
    "attendance": _by(_ATTENDANCE),
    "outcome": _by(_OUTCOMES),
    "item_kind": _by(_KINDS),
    "side": _by(_SIDES),
    "school_type": _by(_TYPES),
    "verdict": _by(_VERDICTS),
}
