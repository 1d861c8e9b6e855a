"""What the pages say of those who were called, and what their authority lacks."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.alerting.v1 import AnswerKind
from services.beredskabsstab.domain.quorum import Lack
from services.beredskabsstab.domain.words import (
    Person,
    clock,
    counts,
    day,
    deputy_called,
    lasted,
    missing,
    owed,
    quorum,
    role,
    says,
)

NOON = datetime(2026, 1, 15, 13, 0, tzinfo=UTC)


def person(answer: AnswerKind | None = None, eta: int | None = None, **more: object) -> Person:
    """Return somebody of the staff who was called at two minutes past two."""
    known: dict[str, object] = {
        "role": "stabsmedlem",
        "called_at": NOON + timedelta(minutes=2),
        "reached_at": None,
        "answer": answer,
        "eta_minutes": eta,
        "answered_at": NOON + timedelta(minutes=5) if answer else None,
        "arrived_at": None,
    }
    return Person(**(known | more))  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (person(), "ikke nået endnu"),
        (person(reached_at=NOON), "har fået besked kl. 14.00, intet svar"),
        (person(AnswerKind.COMING, 30), "kommer ca. kl. 14.35"),
        (person(AnswerKind.COMING, 2), "kommer: ventet kl. 14.07, ikke meldt fremme"),
        (person(AnswerKind.COMING), "kommer"),
        (person(AnswerKind.VIRTUAL, 30), "deltager virtuelt ca. kl. 14.35"),
        (person(AnswerKind.CANNOT), "kan ikke (kl. 14.05)"),
        (person(AnswerKind.SEEN), "set kl. 14.05"),
        (person(AnswerKind.ARRIVED, arrived_at=NOON), "fremme kl. 14.00"),
    ],
)
def test_an_answer_reads_as_somebody_would_say_it(who: Person, words: str) -> None:
    assert says(who, NOON + timedelta(minutes=10)) == words


def test_what_an_authority_lacks_is_said_with_the_silent_and_the_deputy() -> None:
    deputy = person(called_at=NOON + timedelta(minutes=7))
    lacks = [Lack("kommune-0665", "stabsmedlem", 1, 0)]
    assert missing([person(), deputy], lacks, NOON) == (
        "mangler 1 stabsmedlem; 2 ubesvarede; stedfortræder kaldt kl. 14.07"
    )
    assert missing([person()], [Lack("kommune-0665", "stabsmedlem", 3, 1)], NOON) == (
        "mangler 2 stabsmedlemmer; 1 ubesvaret"
    )
    assert missing([person()], [], NOON) == ""


def test_two_roles_that_are_called_at_different_times_are_no_deputies() -> None:
    assert deputy_called([person(), person(role="vagt", called_at=NOON)]) is None


def test_counts_say_who_comes_and_who_is_with_it() -> None:
    people = [person(), person(AnswerKind.CANNOT), person(AnswerKind.COMING, 5)]
    assert counts(people) == "3 kaldt, 2 svaret, 1 kommer eller er med"
    assert counts([]) == "ingen kaldt endnu"


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "0 sek."), (59, "59 sek."), (60, "1 min."), (7199, "119 min."), (7200, "2 t. 0 min.")]
)
def test_a_length_of_time_is_said_in_its_largest_words(seconds: int, words: str) -> None:
    assert lasted(timedelta(seconds=seconds)) == words


def test_a_time_of_another_day_has_its_date() -> None:
    assert clock(NOON, NOON) == "kl. 14.00"
    assert clock(NOON, NOON + timedelta(days=1)) == "15.1. kl. 14.00"
    assert clock(None) == ""


def test_an_evaluation_is_late_from_the_moment_after_its_time_and_its_day_is_a_danish_one() -> None:
    assert day(datetime(2026, 1, 15, 23, 30, tzinfo=UTC)) == "16.1.2026"
    assert owed("Politiet", NOON, NOON) == "Evalueringen er åben: Politiet skal afslutte den senest 15.1.2026."
    late = owed("Politiet", NOON, NOON + timedelta(seconds=1))
    assert late == "Evalueringen er forsinket: Politiet skulle have afsluttet den senest 15.1.2026."


def test_a_role_that_nobody_knows_is_read_as_it_stands() -> None:
    assert role("logfoerer") == "logfører"
    assert role("vejr_vagt", 2) == "vejr vagt"


def test_the_quorum_says_when_it_was_reached_and_who_is_missing() -> None:
    at = NOON + timedelta(minutes=3)
    assert quorum(is_reached=True, demands=3, authorities=0, since=at, asked=NOON) == (
        "Tilstrækkeligt fremmøde nået kl. 14.03, 3 min. efter kaldet."
    )
    assert "1 myndighed mangler" in quorum(is_reached=False, demands=3, authorities=1, since=None, asked=NOON)
    assert "kræver ingen" in quorum(is_reached=False, demands=0, authorities=0, since=None, asked=NOON)
