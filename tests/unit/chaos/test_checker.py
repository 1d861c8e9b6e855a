"""The checker itself: it is quiet about a good world and names each wrong that is made up here."""

from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.checker import Evidence, Parked, Told, check
from tests.chaos.journal import Line

A, B = "aggregate-a", "aggregate-b"
FIRST, SECOND, OTHER = Told(A, 1, 1, "e1"), Told(A, 2, 2, "e2"), Told(B, 1, 3, "e3")
EVERYTHING = (FIRST, SECOND, OTHER)


def having(place: str, *found: Told) -> Evidence:
    """Return the good world with other events in one place."""
    changed: dict[str, Any] = {place: found}
    return replace(GOOD, **changed)


def journal(*accepted: Told) -> tuple[Line, ...]:
    """Return the book of a client whose commands were all accepted."""
    return tuple(
        line
        for one in accepted
        for line in (Line("intended", one.number, one.key), Line("accepted", one.number, one.key, one.version))
    )


GOOD = Evidence(
    journal=journal(*EVERYTHING),
    states={A: 2, B: 1},
    history=EVERYTHING,
    topic=EVERYTHING,
    heard=EVERYTHING,
    side_told=("a1", "a2", "a3"),
    side_topic=("a1", "a2", "a3"),
    poison=frozenset({(0, 7)}),
    parked=(Parked((0, 7), "value"),),
)


def test_a_good_world_has_no_findings() -> None:
    assert check(GOOD).all() == []


def test_a_record_that_came_again_is_no_fault_but_is_counted() -> None:
    findings = check(replace(GOOD, topic=(*EVERYTHING, FIRST)))
    assert findings.all() == []
    assert findings.redelivered == 1


def test_a_command_that_was_never_answered_may_have_happened_or_not() -> None:
    unanswered = (*journal(FIRST, SECOND), Line("intended", 3, B))
    not_done = replace(GOOD, journal=unanswered, states={A: 2}, side_told=("a1", "a2"), side_topic=("a1", "a2"))
    pair = (FIRST, SECOND)
    assert check(replace(not_done, history=pair, topic=pair, heard=pair)).all() == []
    assert check(replace(GOOD, journal=unanswered)).all() == []


@pytest.mark.parametrize("place", ["history", "topic", "heard"])
def test_an_accepted_command_that_is_missing_anywhere_is_lost(place: str) -> None:
    assert check(having(place, FIRST, SECOND)).lost


def test_an_event_that_was_told_and_not_heard_is_lost_even_if_nobody_was_promised_it() -> None:
    unanswered = (*journal(FIRST, SECOND), Line("intended", 3, B))
    assert check(replace(GOOD, journal=unanswered, heard=(FIRST, SECOND))).lost


def test_an_access_record_that_is_not_on_its_topic_is_lost() -> None:
    assert check(replace(GOOD, side_topic=("a1", "a2"))).lost


def test_a_command_without_its_access_record_is_lost() -> None:
    assert check(replace(GOOD, side_told=("a1", "a2"), side_topic=("a1", "a2"))).lost


def test_an_event_on_the_topic_that_never_happened_is_a_ghost() -> None:
    assert check(replace(GOOD, topic=(*EVERYTHING, Told(B, 2, 3, "never committed")))).ghosts


def test_an_effect_that_nobody_asked_for_is_a_ghost() -> None:
    assert check(replace(GOOD, heard=(*EVERYTHING, Told(B, 2, 99)))).ghosts


def test_an_answer_that_differs_from_what_happened_is_a_ghost() -> None:
    said = (*journal(FIRST, SECOND), Line("intended", 3, B), Line("accepted", 3, B, 7))
    assert check(replace(GOOD, journal=said)).ghosts


def test_a_command_that_happened_twice_is_doubled() -> None:
    again = Told(B, 2, 3, "e4")
    doubled = replace(GOOD, history=(*EVERYTHING, again), topic=(*EVERYTHING, again), heard=(*EVERYTHING, again))
    assert check(replace(doubled, states={A: 2, B: 2})).doubled


def test_an_effect_that_came_twice_is_doubled() -> None:
    assert check(replace(GOOD, heard=(*EVERYTHING, OTHER))).doubled


@pytest.mark.parametrize("place", ["topic", "heard"])
def test_a_later_version_before_an_earlier_one_is_out_of_order(place: str) -> None:
    assert check(having(place, SECOND, FIRST, OTHER)).reordered


def test_only_the_first_occurrence_of_a_record_has_to_be_in_order() -> None:
    assert check(replace(GOOD, topic=(FIRST, SECOND, FIRST, OTHER))).reordered == []


def test_a_repetition_does_not_hide_that_the_first_occurrence_was_out_of_order() -> None:
    assert check(replace(GOOD, topic=(SECOND, FIRST, SECOND, OTHER))).reordered


def test_a_gap_in_the_versions_is_out_of_order() -> None:
    assert check(replace(GOOD, history=(FIRST, Told(A, 3, 2, "e2"), OTHER))).reordered


def test_a_row_that_differs_from_its_history_is_out_of_order() -> None:
    assert check(replace(GOOD, states={A: 1, B: 1})).reordered


def test_a_good_record_that_is_parked_is_parked_wrongly() -> None:
    assert check(replace(GOOD, parked=(*GOOD.parked, Parked((1, 1), "behind")))).parked_wrongly


def test_poison_that_is_let_through_is_found() -> None:
    assert check(replace(GOOD, parked=())).parked_wrongly
