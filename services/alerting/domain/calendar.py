"""A roster as a calendar (RFC 5545) that a phone or Outlook follows: who has the duty, and no way to reach them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, Timezone

from contracts.hverdage import DANISH_TIME
from services.alerting.domain.rosters import Roster
from services.alerting.domain.shifts import Shift, shifts

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
"""What of a roster stands in its calendar."""

NO_AUTHORITY = "Demonstration, ikke en myndighed"
EXERCISE = "ØVELSE: "
NOBODY = "INGEN PÅ VAGT"


@dataclass(frozen=True, slots=True)
class Told:
    """What a calendar says of its roster."""

    name: str
    version: int
    changed_at: datetime
    exercise: bool
    demonstration: bool


def calendar(roster: Roster, names: Mapping[UUID, str], told: Told, now: datetime) -> bytes:
    """Return a roster as iCalendar; the same roster, on the same day, is the same bytes."""
    day = now.astimezone(DANISH_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Calendar()
    found.add("prodid", "-//Samvirke//Vagtplan//DA")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("name", _framed(told.name, told))
    found.add("x-wr-calname", _framed(told.name, told))
    found.add("x-wr-timezone", DANISH_TIME.key)
    found.add_component(
        Timezone.from_tzinfo(DANISH_TIME, first_date=(day - BACK).date(), last_date=(day + AHEAD).date())
    )
    for event in _events(roster, shifts(roster, day - BACK, day + AHEAD), names, told):
        found.add_component(event)
    written: bytes = found.to_ical()
    return written


def _events(roster: Roster, found: Iterable[Shift], names: Mapping[UUID, str], told: Told) -> Iterable[Event]:
    for shift in found:
        if shift.is_left_free:
            continue
        event = Event()
        event.add("uid", f"{roster.roster_id}-{shift.starts_at:%Y%m%dT%H%M%SZ}@samvirke.example")
        event.add("dtstamp", told.changed_at.astimezone(UTC))
        event.add("sequence", told.version)
        event.add("dtstart", _local(shift.starts_at))
        event.add("dtend", _local(shift.ends_at))
        event.add("summary", _framed(f"{told.name}: {_who(shift, names)}", told))
        # A duty must not make somebody look busy to those who plan meetings.
        event.add("transp", "TRANSPARENT")
        if told.demonstration:
            event.add("description", NO_AUTHORITY)
        yield event


def _framed(text: str, told: Told) -> str:
    return EXERCISE + text if told.exercise else text


def _who(shift: Shift, names: Mapping[UUID, str]) -> str:
    return ", ".join(names.get(one, "?") for one in shift.staff) or NOBODY


def _local(moment: datetime) -> datetime:
    """Return a moment in Danish time; in universal time where Danish time says the same hour twice."""
    local = moment.astimezone(DANISH_TIME)
    return moment.astimezone(UTC) if local.fold else local
