"""A roster as a calendar: local times over both clock changes, a steady name, and no way to reach anybody."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar, Event, Timezone

from contracts.hverdage import DANISH_TIME
from services.alerting.domain.calendar import EXERCISE, NO_AUTHORITY, Told, calendar
from services.alerting.domain.rosters import Override, Roster
from tests.unit.alerting.test_shifts import AUTUMN, SPRING, A, B, at, daily, roster

NAMES = {A: "Rikke Holt", B: "Jens Krog"}
PLAIN = Told("Døgnvagt", 7, at("2026-01-06T12:00"), exercise=False, demonstration=True)


def events(one: Roster, now: datetime, told: Told = PLAIN) -> dict[date, Event]:
    """Return the events of a calendar by the Danish day on which they begin."""
    found = Calendar.from_ical(calendar(one, NAMES, told, now))
    return {
        event.decoded("dtstart").astimezone(DANISH_TIME).date(): event
        for event in found.walk("VEVENT")
        if isinstance(event, Event)
    }


@pytest.mark.parametrize(
    ("day", "hours", "begins", "ends"),
    [(SPRING, 23, "+01:00", "+02:00"), (AUTUMN, 25, "+02:00", "+01:00")],
)
def test_local_times_stay_over_a_clock_change(day: date, hours: int, begins: str, ends: str) -> None:
    eve = day - timedelta(days=1)
    event = events(roster(daily(A, B)), at(f"{eve}T12:00"))[eve]
    start, end = event.decoded("dtstart"), event.decoded("dtend")
    assert start.isoformat() == f"{eve}T08:00:00{begins}"
    assert end.isoformat() == f"{day}T08:00:00{ends}"
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)
    assert event["dtstart"].params["TZID"] == "Europe/Copenhagen"


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_the_time_zone_in_the_calendar_changes_when_denmark_does(day: date) -> None:
    found = Calendar.from_ical(calendar(roster(daily(A)), NAMES, PLAIN, at(f"{day}T12:00")))
    [zone] = found.walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    assert zone["tzid"] == "Europe/Copenhagen"
    own = zone.to_tz(lookup_tzid=False)
    for hours in range(-48, 48):
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours)
        if not moment.astimezone(DANISH_TIME).fold:
            local = moment.astimezone(DANISH_TIME).replace(tzinfo=None)
            assert local.replace(tzinfo=own).utcoffset() == moment.astimezone(DANISH_TIME).utcoffset(), local


def test_an_hour_that_comes_twice_is_told_in_universal_time() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    one = roster(daily(A), overrides=(Override(second, second + timedelta(hours=6), B),))
    assert b"DTSTART:20261025T013000Z" in calendar(one, NAMES, PLAIN, at("2026-10-20T12:00"))


def test_a_shift_keeps_its_name_and_counts_its_changes() -> None:
    one, day = roster(daily(A, B)), date(2026, 3, 1)
    first = events(one, at("2026-02-20T09:00"))[day]
    later = events(
        one, at("2026-02-27T23:00"), Told("Døgnvagt", 8, PLAIN.changed_at, exercise=False, demonstration=True)
    )
    assert first["uid"] == later[day]["uid"]
    assert (first["sequence"], later[day]["sequence"]) == (7, 8)


def test_the_same_day_is_the_same_bytes() -> None:
    one = roster(daily(A, B, turn_at=time(2, 30)))
    assert calendar(one, NAMES, PLAIN, at("2026-03-01T09:00")) == calendar(one, NAMES, PLAIN, at("2026-03-01T21:00"))


def test_a_duty_makes_nobody_look_busy_and_says_who_has_it() -> None:
    found = events(roster(daily(A, B)), at("2026-03-01T09:00"))
    assert {event["transp"] for event in found.values()} == {"TRANSPARENT"}
    assert {str(event["summary"]) for event in found.values()} == {"Døgnvagt: Rikke Holt", "Døgnvagt: Jens Krog"}


def test_a_hole_is_shown_and_one_that_is_meant_is_not() -> None:
    meant = Override(at("2026-03-02T08:00"), at("2026-03-03T08:00"), None)
    one = roster(daily(A, B), overrides=(meant,), ended={B: at("2026-03-04T00:00")})
    found = events(one, at("2026-03-01T09:00"))
    assert date(2026, 3, 2) not in found
    assert str(found[date(2026, 3, 5)]["summary"]).endswith("INGEN PÅ VAGT")


def test_a_demonstration_and_an_exercise_cannot_be_mistaken() -> None:
    one, now = roster(daily(A)), at("2026-03-01T09:00")
    drill = Told("Døgnvagt", 1, PLAIN.changed_at, exercise=True, demonstration=True)
    real = Told("Døgnvagt", 1, PLAIN.changed_at, exercise=False, demonstration=False)
    assert all(str(event["summary"]).startswith(EXERCISE) for event in events(one, now, drill).values())
    assert {str(event["description"]) for event in events(one, now).values()} == {NO_AUTHORITY}
    assert not any(
        "description" in event or EXERCISE in str(event["summary"]) for event in events(one, now, real).values()
    )
