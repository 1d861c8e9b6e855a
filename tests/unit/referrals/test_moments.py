"""Moments on pages: read as a browser writes them, and proposed at the hour at which a group always meets."""

from datetime import UTC, date, datetime, timedelta

from services.referrals.domain.moments import born_words, field, from_day, from_field, moment, proposed, when

HELD = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
"""09.00 in Denmark, before the clocks change."""


def test_the_hour_stays_when_the_clocks_change() -> None:
    assert field(proposed(HELD, 28, HELD + timedelta(days=1))) == "2026-04-07T09:00"


def test_what_is_proposed_lies_ahead_on_the_same_weekday() -> None:
    now = HELD + timedelta(days=100)
    found = proposed(HELD, None, now)
    assert now < found <= now + timedelta(days=7)
    assert found.weekday() == HELD.weekday()


def test_a_group_that_never_met_is_proposed_a_morning_in_a_week() -> None:
    assert field(proposed(None, None, HELD)) == "2026-03-17T09:00"


def test_a_field_is_read_back_as_it_was_written_and_nonsense_is_nothing() -> None:
    assert from_field(field(HELD)) == HELD
    assert from_field(field(HELD) + ":00") == HELD
    assert moment(HELD) == "10. marts 2026 kl. 09.00"
    assert from_day("2026-03-10") == datetime(2026, 3, 10, 22, 59, tzinfo=UTC)
    for nonsense in ("", "i morgen", "2026-02-30", "2026-13-01T09:00", "10-03-2026"):
        assert from_field(nonsense) is None, nonsense
        assert from_day(nonsense) is None, nonsense


def test_a_deadline_is_said_as_people_say_it_and_midnight_is_the_end_of_its_eve() -> None:
    midnight = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    said = {
        HELD + timedelta(hours=3): "i dag kl. 12.00",
        HELD + timedelta(days=1): "i morgen kl. 09.00",
        HELD - timedelta(days=1): "i går kl. 09.00",
        midnight: "i dag inden midnat",
        midnight + timedelta(days=3): "om 3 dage, den 13. marts 2026",
        HELD - timedelta(days=30): "for 30 dage siden, den 8. februar 2026",
    }
    assert {at: when(at, HELD) for at in said} == said


def test_an_age_is_reckoned_on_the_danish_day_and_nobody_is_younger_than_nothing() -> None:
    assert born_words(date(1984, 3, 11), HELD) == "født 1984, 41 år"
    assert born_words(date(1984, 3, 11), HELD + timedelta(days=1)) == "født 1984, 42 år"
    assert born_words(date(2026, 3, 11), HELD) == "født 2026, 0 år"
