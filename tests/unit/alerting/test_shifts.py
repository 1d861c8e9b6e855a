"""A roster over time: no moment twice, none forgotten, and nights of 23 and 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.hverdage import DANISH_TIME
from services.alerting.domain.rosters import Override, Roster, Rotation, on_duty
from services.alerting.domain.shifts import following, gaps, is_busy, own, shifts, until

A, B, C = (UUID(int=number) for number in (1, 2, 3))
PEOPLE = (A, B, C)
BEGINNING = date(2026, 1, 5)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def at(text: str) -> datetime:
    """Read a moment in Danish time."""
    return datetime.fromisoformat(text).replace(tzinfo=DANISH_TIME).astimezone(UTC)


def roster(*rotations: Rotation, hours: str = "always", line: int = 1, **more: object) -> Roster:
    return Roster(UUID(int=99 + line), hours, line, BEGINNING, rotations, **more)  # type: ignore[arg-type]


def daily(*members: UUID, turn_at: time = time(8), starts_on: date = BEGINNING, kind: str = "daily") -> Rotation:
    return Rotation(starts_on, kind, turn_at, members)


def around(day: date) -> st.SearchStrategy[datetime]:
    """Return the moments of a day and a half before and after a day begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return st.integers(-40 * 60, 40 * 60).map(lambda minutes: midnight + timedelta(minutes=minutes))


moments = st.one_of(
    st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001  as Hypothesis asks
    around(SPRING),
    around(AUTUMN),
)
turns = st.times().map(lambda one: one.replace(second=0, microsecond=0))
later = st.builds(
    Rotation,
    st.dates(BEGINNING + timedelta(1), date(2026, 11, 30)),
    st.sampled_from(["daily", "weekly"]),
    turns,
    st.permutations(PEOPLE).map(tuple),
)
overrides = st.builds(
    lambda start, minutes, who: Override(start, start + timedelta(minutes=minutes), who),
    moments,
    st.integers(1, 60 * 24 * 20),
    st.sampled_from([*PEOPLE, None]),
)


@st.composite
def rosters(draw: st.DrawFn, *, whole: bool = False) -> Roster:
    first = daily(*PEOPLE, turn_at=draw(turns), kind=draw(st.sampled_from(["daily", "weekly"])))
    more = draw(st.lists(later, max_size=3, unique_by=lambda one: one.starts_on))
    taken = draw(st.lists(overrides, max_size=4))
    if whole:
        taken = [one for one in taken if one.staff_id]
    hours = "always" if whole else draw(st.sampled_from(["always", "office_hours", "outside"]))
    rotations = (first, *sorted(more, key=lambda one: one.starts_on))
    return roster(*rotations, hours=hours, overrides=tuple(taken))


@given(rosters(whole=True), moments)
def test_every_moment_of_a_roster_without_holes_has_exactly_one_on_duty(one: Roster, moment: datetime) -> None:
    assert len(one.on_duty(moment)) == 1


@given(rosters(), moments, st.integers(1, 24 * 30))
def test_shifts_tile_what_the_roster_covers_and_say_who_has_the_duty(one: Roster, start: datetime, hours: int) -> None:
    end = start + timedelta(hours=hours)
    found = shifts(one, start, end)
    assert all(before.ends_at <= after.starts_at for before, after in pairwise(found))
    for step in range(0, hours * 60, 17):
        moment = start + timedelta(minutes=step)
        [*within] = [shift for shift in found if shift.starts_at <= moment < shift.ends_at]
        assert len(within) == one.covers(moment)
        assert [shift.staff for shift in within] in ([], [one.on_duty(moment)])


@given(rosters(), moments, st.integers(1, 24 * 20))
def test_a_shift_is_the_same_whatever_span_is_asked_for(one: Roster, start: datetime, hours: int) -> None:
    wide = shifts(one, start - timedelta(days=11), start + timedelta(hours=hours, days=5))
    assert set(shifts(one, start, start + timedelta(hours=hours))) <= set(wide)


@given(rosters(), moments)
def test_office_hours_and_the_hours_outside_them_meet_without_overlapping(one: Roster, moment: datetime) -> None:
    halves = [
        Roster(UUID(int=number), hours, 1, BEGINNING, one.rotations, one.overrides)
        for number, hours in enumerate(["office_hours", "outside"])
    ]
    assert [half.covers(moment) for half in halves].count(True) == 1
    whole = roster(*one.rotations, overrides=one.overrides)
    assert tuple(on_duty(halves, 1, moment)) == whole.on_duty(moment)


@given(rosters(whole=True), moments)
def test_nobody_has_two_duties_though_many_take_over(one: Roster, moment: datetime) -> None:
    assert len(tuple(on_duty([one], 1, moment))) == 1
    assert tuple(on_duty([one], 2, moment)) == ()


@pytest.mark.parametrize(
    ("day", "hours"), [(SPRING - timedelta(1), 23), (AUTUMN - timedelta(1), 25), (date(2026, 6, 1), 24)]
)
def test_the_nights_of_the_clock_changes_are_an_hour_shorter_and_longer(day: date, hours: int) -> None:
    [shift] = shifts(roster(daily(A, B)), *[at(f"{day}T20:00") + timedelta(minutes=n) for n in (0, 1)])
    assert shift.ends_at - shift.starts_at == timedelta(hours=hours)
    assert [edge.astimezone(DANISH_TIME).time() for edge in (shift.starts_at, shift.ends_at)] == [time(8), time(8)]


@pytest.mark.parametrize("turn_at", [time(2), time(2, 30), time(2, 59), time(3)])
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_turn_within_the_hour_of_a_clock_change_comes_once(day: date, turn_at: time) -> None:
    one = roster(daily(A, B, turn_at=turn_at))
    start = at(f"{day}T00:00")
    who = [one.on_duty(start + timedelta(minutes=minute)) for minute in range(60 * 12)]
    assert sum(before != after for before, after in pairwise(who)) == 1


def test_a_new_rotation_changes_nothing_that_was() -> None:
    before = roster(daily(A, kind="fixed"))
    after = roster(daily(A, kind="fixed"), daily(B, turn_at=time(12), starts_on=date(2026, 5, 1)))
    start = at("2026-04-29T00:00")
    for step in range(60 * 60):
        moment = start + timedelta(minutes=step)
        assert before.on_duty(moment) == after.on_duty(moment)
    assert after.on_duty(at("2026-05-01T12:00")) == (B,)


def test_a_week_is_handed_over_on_the_day_it_began() -> None:
    one = roster(daily(A, B, turn_at=time(9), kind="weekly"))
    [first, second] = shifts(one, at("2026-01-12T08:00"), at("2026-01-12T10:00"))
    assert (first.staff, second.staff) == ((A,), (B,))
    assert first.ends_at == at("2026-01-12T09:00")
    assert second.ends_at - second.starts_at == timedelta(days=7)


def test_a_hole_is_found_before_it_comes_and_one_that_is_meant_is_none() -> None:
    meant = Override(at("2026-02-02T08:00"), at("2026-02-03T08:00"), None, reason="Øvelse uden vagt")
    one = roster(daily(A, B, C), overrides=(meant,), ended={B: at("2026-02-03T20:00")})
    found = gaps(one, at("2026-02-01T12:00"), at("2026-02-08T12:00"))
    assert [(gap.starts_at, gap.ends_at) for gap in found] == [
        (at("2026-02-05T08:00"), at("2026-02-06T08:00")),
        (at("2026-02-08T08:00"), at("2026-02-08T12:00")),
    ]
    assert any(shift.is_left_free for shift in shifts(one, at("2026-02-02T09:00"), at("2026-02-02T10:00")))


def test_a_roster_without_a_rotation_is_one_hole_from_its_first_day() -> None:
    [gap] = gaps(roster(), at("2026-01-01T00:00"), at("2026-01-20T00:00"))
    assert (gap.starts_at, gap.ends_at) == (at("2026-01-05T00:00"), at("2026-01-20T00:00"))


def test_what_follows_is_the_next_who_has_the_duty() -> None:
    one = roster(daily(A, B))
    shift = following(one, at("2026-01-05T12:00"))
    assert shift is not None
    assert (shift.staff, shift.starts_at) == ((B,), at("2026-01-06T08:00"))
    assert until(one, at("2026-01-05T12:00")) == at("2026-01-06T08:00")
    assert following(roster(daily(A)), at("2026-01-05T12:00")) is None


def test_only_who_has_the_duty_alone_owns_a_span() -> None:
    one = roster(daily(A, B))
    span = at("2026-01-05T12:00"), at("2026-01-06T08:00")
    assert own(one, A, *span)
    assert not own(one, B, *span)
    assert not own(one, A, span[0], span[1] + timedelta(minutes=1))
    assert not own(roster(daily(A, B, kind="fixed")), A, *span)
    assert not own(one, A, at("2025-01-05T12:00"), at("2025-01-05T13:00"))
    assert is_busy([one], B, span[0], span[1] + timedelta(minutes=1))
    assert not is_busy([one], B, *span)


def test_a_roster_that_has_ended_has_no_duty() -> None:
    one = roster(daily(A), ended_on=date(2026, 2, 1))
    assert one.on_duty(at("2026-01-31T23:59")) == (A,)
    assert one.on_duty(at("2026-02-01T00:00")) == ()
    assert gaps(one, at("2026-01-10T00:00"), at("2026-03-01T00:00")) == []
