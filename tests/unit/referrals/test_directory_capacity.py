"""What an office says of its capacity: it must fit together, and it says of itself when it is old."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.referrals.domain.capacity import Capacity, CapacityUnclear, Intake, Statement

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TODAY = NOW.date()


def said(statement: Statement, ago: timedelta = timedelta()) -> str:
    return Capacity(statement, NOW - ago, 1).words(NOW)


def test_what_fits_together_is_taken() -> None:
    for statement in (
        Statement(Intake.OPEN),
        *(Statement(Intake.WAITING, days) for days in (1, 730)),
        *(Statement(Intake.CLOSED, until=TODAY + timedelta(days=days)) for days in (0, 730)),
    ):
        statement.check(TODAY)


@pytest.mark.parametrize(
    "statement",
    [
        Statement(Intake.OPEN, 1),
        Statement(Intake.OPEN, until=TODAY),
        Statement(Intake.WAITING),
        Statement(Intake.WAITING, 0),
        Statement(Intake.WAITING, -1),
        Statement(Intake.WAITING, 731),
        Statement(Intake.WAITING, 5, TODAY),
        Statement(Intake.CLOSED),
        Statement(Intake.CLOSED, 5, TODAY),
        Statement(Intake.CLOSED, until=TODAY - timedelta(days=1)),
        Statement(Intake.CLOSED, until=TODAY + timedelta(days=731)),
    ],
)
def test_what_does_not_is_refused(statement: Statement) -> None:
    with pytest.raises(CapacityUnclear):
        statement.check(TODAY)


def test_it_is_said_in_words() -> None:
    assert said(Statement(Intake.OPEN)) == "Åbent for nye. Oplyst 28. november 2026."
    assert said(Statement(Intake.WAITING, 1)).startswith("Ventetid: 1 dag.")
    assert said(Statement(Intake.WAITING, 14)).startswith("Ventetid: 14 dage.")
    assert said(Statement(Intake.CLOSED, until=date(2027, 3, 1))).startswith("Lukket til og med 1. marts 2027.")
    assert said(Statement(Intake.CLOSED, until=TODAY)).startswith("Lukket til og med 28. november")
    assert said(Statement(Intake.CLOSED, until=TODAY - timedelta(days=1))).startswith("Var lukket til og med 27.")


def test_it_is_old_after_thirty_days_and_not_before() -> None:
    assert "gammel" not in said(Statement(Intake.OPEN), timedelta(days=30))
    assert "over 30 dage gammel: spørg kontoret." in said(Statement(Intake.OPEN), timedelta(days=30, seconds=1))
