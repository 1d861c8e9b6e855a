"""Ages by one rule, leap days too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.ages import NEVER, Span, age, reached_on, since

DAYS = st.dates(date(1950, 1, 1), date(2050, 12, 31))


@pytest.mark.ledger("O-5.1-02")
@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2013, 5, 14), date(2023, 5, 13), 9),
        (date(2013, 5, 14), date(2023, 5, 14), 10),
        (date(2005, 5, 14), date(2023, 5, 13), 17),
        (date(2005, 5, 14), date(2023, 5, 14), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2004, 2, 29), date(2024, 2, 28), 19),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2008, 3, 1), date(2026, 2, 28), 17),
        (date(2008, 12, 31), date(2018, 12, 31), 10),
    ],
)
def test_a_birthday_is_the_day_on_which_the_years_are_reached(born: date, on: date, years: int) -> None:
    assert age(born, on).months // 12 == years


@pytest.mark.ledger("O-6.1-20")
@pytest.mark.parametrize(
    ("born", "on", "over"),
    [
        (date(2006, 1, 15), date(2023, 7, 14), False),
        (date(2006, 1, 15), date(2023, 7, 15), False),
        (date(2006, 1, 15), date(2023, 7, 16), True),
        # There is no 31 February: seventeen and a half is reached on 1 March.
        (date(2005, 8, 31), date(2023, 2, 28), False),
        (date(2005, 8, 31), date(2023, 3, 1), False),
        (date(2005, 8, 31), date(2023, 3, 2), True),
        (date(2008, 2, 29), date(2025, 8, 29), False),
        (date(2008, 2, 29), date(2025, 8, 30), True),
    ],
)
def test_exactly_seventeen_and_a_half_is_not_over_it(born: date, on: date, over: bool) -> None:
    assert (age(born, on) > Span.parse("17y6m")) is over
    assert (age(born, on) >= Span.parse("17y6m1d")) is over


@given(born=DAYS, lived=st.integers(0, 40_000))
def test_who_lives_a_day_longer_is_older(born: date, lived: int) -> None:
    on = born + timedelta(lived)
    assert age(born, on) < age(born, on + timedelta(1))


@given(born=DAYS, months=st.integers(0, 1_200))
def test_an_age_is_reached_on_its_day_and_not_on_the_day_before(born: date, months: int) -> None:
    day = reached_on(born, months)
    assert age(born, day) == Span(months)
    if months:
        assert age(born, day - timedelta(1)) < Span(months)


def test_nobody_has_an_age_before_the_birth() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age(date(2026, 1, 2), date(2026, 1, 1))


def test_what_has_not_happened_was_longer_ago_than_any_limit() -> None:
    assert since(None, date(2026, 1, 1)) == NEVER > Span.parse("500y")
    assert since(date(2025, 12, 1), date(2026, 1, 1)) == Span(1)


@given(months=st.integers(0, 5_000), days=st.integers(0, 30))
def test_a_span_is_read_as_it_is_written(months: int, days: int) -> None:
    assert Span.parse(str(Span(months, days))) == Span(months, days)


@pytest.mark.parametrize("text", ["", "17", "y", "17 y", "-1y", "1d1y", "17,5y", "½y"])
def test_what_is_no_span_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="span"):
        Span.parse(text)


def test_a_span_is_said_in_danish() -> None:
    assert Span.parse("17y6m1d").words == "17 år 6 mdr. 1 dg."
    assert Span().words == "0 år"
