"""The criteria of almenboligloven as vectors, and the thresholds as data."""

from decimal import Decimal

import pytest

from services.councils.domain.areas import CAVEAT_DA
from services.councils.domain.criteria import Criterion, Figures, Law, evaluate, law_of
from tests.unit.councils.builders import FILE

FULL = {
    Criterion.ARBEJDSMARKED: "30.1",
    Criterion.DOEMTE: "2",
    Criterion.GRUNDUDDANNELSE: "60.1",
    Criterion.BRUTTOINDKOMST: "64.9",
}
TWO = {Criterion.ARBEJDSMARKED: "30.1", Criterion.DOEMTE: "2"}
ONE = {Criterion.ARBEJDSMARKED: "30.1", Criterion.DOEMTE: "1.99"}


def law(kind: str = "forebyggelse", year: int = 2022) -> Law:
    found = law_of(kind, year)
    assert found is not None
    return found


def figures(residents: int, share: str, values: dict[Criterion, str]) -> Figures:
    said = {code: Decimal(value) for code, value in values.items()}
    return Figures(2022, "Danmarks Statistik", residents, Decimal(share), said)


@pytest.mark.ledger("O-4.1-02")
def test_residents_are_inclusive_the_share_is_strict_and_two_of_four_are_enough() -> None:
    vectors = [
        (999, "30.1", FULL, False),
        (1000, "30.0", FULL, False),
        (1000, "30.1", TWO, True),
        (1000, "30.1", ONE, False),
        (1000, "30.1", {}, False),
        (5000, "99", FULL, True),
    ]
    for residents, share, values, met in vectors:
        assert evaluate(law(), figures(residents, share, values)).met is met, (residents, share, values)


@pytest.mark.ledger("O-4.1-03")
def test_each_bound_of_the_four_is_where_the_law_has_it() -> None:
    edges = {
        Criterion.ARBEJDSMARKED: ("30", "30.1"),
        Criterion.DOEMTE: ("1.999", "2"),
        Criterion.GRUNDUDDANNELSE: ("60", "60.1"),
        Criterion.BRUTTOINDKOMST: ("65", "64.9"),
    }
    for criterion, (outside, inside) in edges.items():
        for value, met in ((outside, False), (inside, True)):
            lines = evaluate(law(), figures(1000, "31", {criterion: value})).lines
            assert next(line for line in lines if line.code == criterion).met is met, (criterion, value)


@pytest.mark.ledger("O-4.1-03")
def test_every_line_shows_value_threshold_year_and_source() -> None:
    lines = evaluate(law(), figures(1200, "31", TWO)).lines
    assert [line.code for line in lines] == ["beboere", "andel", *Criterion]
    assert all(line.threshold and line.year == 2022 and line.source for line in lines)
    unknown = [line.code for line in lines if line.value is None]
    assert unknown == [Criterion.GRUNDUDDANNELSE, Criterion.BRUTTOINDKOMST]
    assert all(line.met is None for line in lines if line.value is None)


@pytest.mark.ledger("O-4.1-02")
def test_parallelsamfund_is_udsat_and_more_than_half() -> None:
    hard = {Criterion.ARBEJDSMARKED: "40.1", Criterion.DOEMTE: "3"}
    for kind, share, values, met in (
        ("udsat", "10", hard, True),
        ("udsat", "90", TWO, False),
        ("parallelsamfund", "50", hard, False),
        ("parallelsamfund", "50.1", hard, True),
    ):
        assert evaluate(law(kind), figures(1000, share, values)).met is met, (kind, share)


def test_the_law_knows_no_list_before_its_time_or_of_another_kind() -> None:
    assert law_of("forebyggelse", 2020) is None
    assert law_of("omdannelse", 2022) is None


@pytest.mark.ledger("O-4.1-06")
def test_the_caveat_is_the_plans_own_word_for_word() -> None:
    said = {one["caveat_da"] for one in FILE["document"]["area_lists"] if one["caveat_da"]}
    assert said == {CAVEAT_DA}
