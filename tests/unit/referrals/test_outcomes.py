"""Figures: who counts and who does not, shares rounded half up, and no number from 1 to 4, told or computed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.outcomes import NO_LONGER_COUNTS, Course, Fact, Figure, half_up, median_minutes, tally
from services.referrals.domain.programmes import programme
from services.referrals.domain.reporting import NO_DATA, Period, PeriodNotOver, PeriodUnusable, effects, report, tallies
from services.referrals.domain.suppression import HELD_IN, TOTAL, is_small, suppressed

HOUR = timedelta(hours=1)
RUSMIDDEL = programme("rusmiddel")
YEAR = Period(date(2021, 3, 1), date(2021, 12, 31))
TALKED = (Fact.RECEIVED, Fact.ACCEPTED, Fact.CONTACTED, Fact.CONVERSATION)


def course(somebody: int, *facts: Fact, kommune: str = "0657", reason: str = "") -> Course:
    return Course(
        UUID(int=somebody), kommune, facts={fact: HOUR * (1 + n) for n, fact in enumerate(facts)}, reason=reason
    )


def numbers(*courses: Course, declined: int = 0) -> Mapping[str, int]:
    return tally(courses, declined).numbers


def test_a_yes_counts_until_it_is_taken_back_called_off_or_nobody_answers() -> None:
    assert numbers(course(1, *TALKED))[Figure.YES] == 1
    for fact in NO_LONGER_COUNTS:
        found = numbers(course(1, *TALKED, fact))
        assert (found[Figure.YES], found[Figure.CONVERSATION], found[Figure.ASKED]) == (0, 0, 1), fact


def test_somebody_who_is_referred_twice_counts_once_with_all_that_happened() -> None:
    found = numbers(course(1, Fact.RECEIVED, Fact.ACCEPTED), course(1, *TALKED), course(2))
    assert (found[Figure.YES], found[Figure.CONVERSATION], found[Figure.RECEIVED]) == (2, 1, 1)


def test_what_was_sent_again_after_nobody_answered_is_not_expired() -> None:
    found = numbers(course(1, Fact.EXPIRED), course(1, *TALKED), course(2, Fact.EXPIRED))
    assert (found[Figure.YES], found[Figure.EXPIRED], found[Figure.SENT]) == (1, 1, 2)


def test_a_no_was_asked_and_is_no_yes() -> None:
    found = numbers(course(1), declined=3)
    assert (found[Figure.YES], found[Figure.ASKED]) == (1, 4)


def test_the_loop_is_closed_by_the_last_of_somebodys_courses() -> None:
    no = (Fact.RECEIVED, Fact.REJECTED)
    assert numbers(course(1, *no, reason="no_capacity"))["rejected:no_capacity"] == 1
    assert numbers(course(1, *no, reason="no_capacity"), course(1, *TALKED))[Figure.CLOSED] == 0
    assert numbers(course(1), course(1, *TALKED, Fact.COMPLETED))[Figure.CLOSED] == 1


def test_shares_and_medians_are_rounded_half_up() -> None:
    shares = {(80, 119): 67, (38, 119): 32, (1, 8): 13, (1, 200): 1, (1, 201): 0, (0, 7): 0, (7, 7): 100}
    assert {pair: half_up(*pair) for pair in shares} == shares
    assert median_minutes([timedelta(minutes=1), timedelta(minutes=2)]) == 2
    assert median_minutes([timedelta(minutes=3), timedelta(minutes=9), timedelta(minutes=4)]) == 4


@pytest.mark.ledger("O-6.8.1-06")
def test_an_empty_period_says_that_there_is_nothing() -> None:
    found = report(RUSMIDDEL, YEAR, tallies([], {}, {"0657"}))
    assert found["sentence"] == NO_DATA
    assert "shares" not in found


@pytest.mark.ledger("O-6.8.1-06")
def test_the_plans_numbers_are_told_as_the_plan_tells_them() -> None:
    further = [course(n, *TALKED, Fact.FURTHER) for n in range(38)]
    once = [course(n, *TALKED) for n in range(38, 80)]
    found = report(RUSMIDDEL, YEAR, tallies([*further, *once, *map(course, range(80, 119))], {}, {"0657"}))
    assert found["sentence"] == (
        "119 har sagt ja; 67 % (80 af 119) har haft en samtale; 32 % (38 af 119) har haft mere end den første samtale."
    )


@pytest.mark.ledger("O-6.6-03")
@pytest.mark.ledger("O-6.3-03")
def test_how_it_began_is_told_beside_everybody_and_never_of_a_few() -> None:
    way_out = programme("bandeexit")
    for own, proactive, unsaid, told in ((8, 6, 0, [6, 8]), (8, 4, 0, [None, None]), (8, 6, 2, [None, None])):
        sources = ["selvhenvendelse"] * own + ["proaktiv"] * proactive + [""] * unsaid
        courses = [replace(course(number), source=source) for number, source in enumerate(sources)]
        found = report(way_out, YEAR, tallies(courses, {}, ["0657"]))["sources"]
        assert [(one["code"], one["count"], one["denominator"]) for one in found] == [
            ("proaktiv", told[0], len(sources)),
            ("selvhenvendelse", told[1], len(sources)),
        ]
    assert found[1]["says"] == "personen henvendte sig selv"


def test_what_victims_meet_is_read_as_preventing_and_as_making_safe() -> None:
    assert effects(programme("konfliktraad")) == ("crime-prevention", "safety")
    assert effects(RUSMIDDEL) == ("treatment",)


def test_a_period_is_whole_months_that_are_over() -> None:
    YEAR.check()
    for first, last in [((2021, 3, 2), (2021, 3, 31)), ((2021, 3, 1), (2021, 3, 30)), ((2021, 4, 1), (2021, 3, 31)),
                        ((2001, 1, 1), (2021, 12, 31)), ((1, 1, 1), (9999, 12, 31))]:  # fmt: skip
        with pytest.raises(PeriodUnusable):
            Period(date(*first), date(*last)).check()
    YEAR.check_over(date(2022, 1, 1))
    with pytest.raises(PeriodNotOver):
        YEAR.check_over(YEAR.last)


def test_a_number_is_hidden_where_the_rest_of_what_holds_it_is_small() -> None:
    talked = [course(n, *TALKED) for n in range(17)]
    shown = suppressed({"0657": numbers(*talked, course(17), course(18))})["0657"]
    assert (shown[Figure.YES], shown[Figure.CONVERSATION]) == (19, None)
    shown = suppressed({"0657": numbers(*talked, *map(course, range(17, 22)))})["0657"]
    assert (shown[Figure.YES], shown[Figure.CONVERSATION]) == (22, 17)


def test_one_small_municipality_takes_another_with_it() -> None:
    courses = [course(100 * n + m, kommune=code) for n, (code, many) in enumerate(MANY.items()) for m in range(many)]
    counted = tallies(courses, {}, MANY)
    shown = suppressed({name: one.numbers for name, one in counted.items()})
    assert {name: row[Figure.YES] for name, row in shown.items()} == {
        "0657": None, "0661": None, "0671": 20, "0779": 30, TOTAL: 60,
    }  # fmt: skip


MANY = {"0657": 3, "0661": 7, "0671": 20, "0779": 30}

REACHED = [(), TALKED[:1], TALKED[:2], TALKED[:3], TALKED, (*TALKED, Fact.FURTHER), (*TALKED, Fact.TREATMENT),
           (*TALKED, Fact.COMPLETED), (Fact.RECEIVED, Fact.REJECTED), (Fact.EXPIRED,), (Fact.WITHDRAWN,)]  # fmt: skip
crowd = st.lists(
    st.tuples(st.sampled_from(sorted(MANY)), st.sampled_from(REACHED), st.sampled_from(["no_capacity", "other"])),
    max_size=80,
)


@given(crowd)
def test_nothing_shown_is_small_or_tells_a_small_number(people: list[tuple[str, tuple[Fact, ...], str]]) -> None:
    courses = [
        course(n, *facts, kommune=kommune, reason=reason if Fact.REJECTED in facts else "")
        for n, (kommune, facts, reason) in enumerate(people)
    ]
    rows = {name: one.numbers for name, one in tallies(courses, {}, MANY).items()}
    shown = suppressed(rows)
    for row in shown.values():
        assert not any(is_small(number) for number in row.values() if number)
        for figure, holders in HELD_IN.items():
            for holder in holders:
                part, whole = row[figure], row[holder]
                assert part is None or whole is None or not is_small(abs(whole - part)), (figure, holder)
        reasons = [number for name, number in row.items() if ":" in name]
        assert not reasons or (None in reasons) == (row[Figure.REJECTED] is None)
    for name in {name for row in shown.values() for name in row}:
        _check_column(name, shown, rows)


def _check_column(
    name: str, shown: Mapping[str, Mapping[str, int | None]], rows: Mapping[str, Mapping[str, int]]
) -> None:
    """Hold that neither the sum of what is hidden, nor a hidden sum, can be computed."""
    hidden = [rows[one][name] for one in MANY if shown[one].get(name, 0) is None]
    if shown[TOTAL].get(name, 0) is not None:
        assert not hidden or (len(hidden) > 1 and not is_small(sum(hidden))), name
    else:
        assert hidden, name
