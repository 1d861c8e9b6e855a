"""Moments on the councils' pages: in Danish, by the time in Denmark."""

from datetime import UTC, date, datetime

from services.councils.domain.moments import day, field, from_field, moment


def test_a_moment_is_said_by_the_clock_in_denmark() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert moment(late) == moment("2026-06-30T22:30:00+00:00") == "1. juli 2026 kl. 00.30"
    assert day(late) == day("2026-07-01") == day(date(2026, 7, 1)) == "1. juli 2026"


def test_a_field_is_read_as_it_is_written_and_nonsense_is_nothing() -> None:
    assert field(datetime(2026, 1, 2, 9, tzinfo=UTC)) == "2026-01-02T10:00"
    assert from_field("2026-01-02T10:00:00") == datetime(2026, 1, 2, 9, tzinfo=UTC)
    assert from_field("aldrig") is None
    assert from_field("") is None
