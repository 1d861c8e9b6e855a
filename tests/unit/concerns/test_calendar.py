"""Weeks, birthdays and hverdage, with the vectors of ledger 7.6."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from contracts.hverdage import hverdage_after, public_holidays
from services.concerns.domain.calendar import (
    Week,
    add_months,
    eighteen_on,
    end_of_day,
    moment_in_words,
)

VECTORS = [
    (date(2026, 3, 27), date(2026, 4, 7), date(2026, 4, 9)),
    (date(2023, 5, 2), date(2023, 5, 10), date(2023, 5, 11)),
    (date(2024, 4, 23), date(2024, 4, 30), date(2024, 5, 1)),
    (date(2026, 12, 22), date(2026, 12, 31), date(2026, 12, 31)),
]


@pytest.mark.ledger("L-08")
@pytest.mark.parametrize(("received", "with_saturdays", "without"), VECTORS)
def test_the_sixth_hverdag(received: date, with_saturdays: date, without: date) -> None:
    assert hverdage_after(received, 6) == without
    assert hverdage_after(received, 6, saturdays=True) == with_saturdays


@pytest.mark.parametrize("year", range(2015, 2040))
def test_the_holidays_are_those_that_the_holidays_package_knows(year: int) -> None:
    assert public_holidays(year) == set(holidays.country_holidays("DK", years=year))


@pytest.mark.ledger("L-07")
@pytest.mark.parametrize(
    ("received", "words"),
    [
        (datetime(2026, 3, 28, 11, tzinfo=UTC), "søndag den 29. marts 2026 kl. 13.00"),
        (datetime(2026, 10, 24, 10, tzinfo=UTC), "søndag den 25. oktober 2026 kl. 11.00"),
    ],
)
def test_24_hours_are_elapsed_time_also_when_summer_time_begins_or_ends(received: datetime, words: str) -> None:
    assert moment_in_words(received + timedelta(hours=24)) == words


@pytest.mark.ledger("O-6.1-23")
@pytest.mark.parametrize(("week", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W53", 168)])
def test_a_week_is_from_monday_to_monday_in_danish_time(week: str, hours: int) -> None:
    one = Week.parse(week)
    assert end_of_day(one.sunday) - end_of_day(one.monday - timedelta(1)) == timedelta(hours=hours)


def test_the_run_is_due_on_monday_at_six_danish_time() -> None:
    assert Week.parse("2026-W13").searched_at == datetime(2026, 3, 30, 4, tzinfo=UTC)
    assert Week.parse("2026-W12").searched_at == datetime(2026, 3, 23, 5, tzinfo=UTC)


def test_week_53_comes_before_week_1() -> None:
    assert str(Week.of(date(2026, 12, 31))) == "2026-W53"
    assert str(Week.parse("2026-W53").next()) == "2027-W01"
    assert str(Week.parse("2027-W01").previous()) == "2026-W53"


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "2026-13", "W13", "2026-W00", ""])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="week"):
        Week.parse(text)


def test_a_birthday_on_the_29th_of_february_is_the_1st_of_march() -> None:
    assert eighteen_on(date(2008, 2, 29)) == date(2026, 3, 1)
    assert eighteen_on(date(2008, 2, 28)) == date(2026, 2, 28)


def test_adding_months_takes_the_months_last_day() -> None:
    assert add_months(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2023, 12, 15), 12) == date(2024, 12, 15)
