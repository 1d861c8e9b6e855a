"""What leaves for the evaluation: whole quarters, cells of five and more, and no days before it began."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from services.referrals.domain.evaluation import Cell, NotEvaluatedYet, as_csv, as_json, cells, check, quarters
from services.referrals.domain.outcomes import Course, Tally
from services.referrals.domain.reporting import Period, tallies

YEAR = Period(date(2021, 3, 1), date(2022, 2, 28))


def counted(many: Mapping[str, int]) -> dict[str, Tally]:
    courses = [
        Course(UUID(int=1000 * n + m), code) for n, (code, people) in enumerate(many.items()) for m in range(people)
    ]
    return tallies(courses, {}, many)


def test_a_period_falls_into_quarters_of_which_the_ends_may_be_shorter() -> None:
    assert [(one.first.isoformat(), one.last.isoformat()) for one in quarters(YEAR)] == [
        ("2021-03-01", "2021-03-31"), ("2021-04-01", "2021-06-30"), ("2021-07-01", "2021-09-30"),
        ("2021-10-01", "2021-12-31"), ("2022-01-01", "2022-02-28"),
    ]  # fmt: skip


@pytest.mark.ledger("O-6.8.1-05")
def test_no_cell_holds_fewer_than_five_and_what_is_left_out_is_counted() -> None:
    found, left_out = cells({YEAR: counted({"0657": 3, "0661": 7, "0671": 20, "0779": 0})})
    assert {(cell.kommune, cell.figure, cell.persons) for cell in found} == {
        ("0671", figure, 20) for figure in ("yes", "sent", "asked")
    }
    assert left_out == 6


@pytest.mark.ledger("O-6.8.1-05")
def test_the_evaluation_began_in_march_2021() -> None:
    check(YEAR)
    with pytest.raises(NotEvaluatedYet) as refused:
        check(Period(date(2021, 2, 1), YEAR.last))
    assert refused.value.facts == {"began": "2021-03-01"}


def test_the_table_has_a_heading_and_a_line_for_each_cell() -> None:
    cell = Cell("2021-03-01", "2021-03-31", "0657", "yes", 7)
    assert as_csv(as_json([cell])).splitlines() == [
        "first_day,last_day,kommune,figure,persons", "2021-03-01,2021-03-31,0657,yes,7",
    ]  # fmt: skip
