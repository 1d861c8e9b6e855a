"""The journey's checker: quiet about a good journey, and it names each wrong that is made up here."""

from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.checker import Parked, Told
from tests.chaos.journal import Line
from tests.chaos.journey_checker import Found, JourneyEvidence, Settled, check_journey

TOPIC, MAILBOX = "samvirke.concerns.underretning.v1", "samvirke.mailbox.kommune-0657.boern.v1"
SENT, TAKEN = Told("u1", 1, 0, "e1"), Told("u1", 2, 0, "e2")
ACTS = (("u1", "UnderretningSent"), ("u1", "UnderretningDelivered"), ("u1", "UnderretningAcknowledged"))


def book(*keys: str) -> tuple[Line, ...]:
    """Return the book of a desk whose commands were all accepted."""
    return tuple(Line(state, n, key) for n, key in enumerate(keys) for state in ("intended", "accepted"))


GOOD = JourneyEvidence(
    journal=book("registration r1", "registration r2", "approve c1"),
    expected={"r1": 1, "r2": 2},
    claimed={"r1": 1, "r2": 2},
    found=(Found(1, "anna", "r1"), Found(2, "bo", "r2"), Found(2, "carl", "r2")),
    underretninger={"u1": ("c1", "acknowledged")},
    acts=ACTS,
    history={TOPIC: (SENT, TAKEN), MAILBOX: (SENT,)},
    topics={TOPIC: (SENT, TAKEN), MAILBOX: (SENT,)},
    ledger=(Settled("u1", "abc", complete=True),),
    served=frozenset({("u1", "abc")}),
    poison=frozenset({(3, 0)}),
    parked=(Parked((3, 0), "value"),),
)


def but(**changes: Any) -> JourneyEvidence:  # noqa: ANN401  any field
    return replace(GOOD, **changes)


def test_a_good_journey_has_no_findings() -> None:
    assert check_journey(GOOD).all() == []


def test_a_record_that_came_again_is_counted_and_no_fault() -> None:
    findings = check_journey(but(topics={**GOOD.topics, MAILBOX: (SENT, SENT)}))
    assert findings.all() == []
    assert findings.redelivered == 1


@pytest.mark.parametrize(
    "wrong",
    [
        but(claimed={"r1": 1}),
        but(claimed={"r1": 1, "r2": None}),
        but(found=GOOD.found[:2]),
        but(underretninger={}, ledger=()),
        but(underretninger={"u1": ("c1", "delivered")}),
        but(ledger=()),
        but(ledger=(Settled("u1", "abc", complete=False),)),
        but(topics={TOPIC: (SENT, TAKEN)}),
    ],
    ids=[
        "a registration not stored",
        "a registration current in no run",
        "a child not found",
        "an approval without underretning",
        "an underretning not acknowledged",
        "nothing in the ledger",
        "a ledger without receipt",
        "an event not in the mailbox",
    ],
)
def test_what_is_missing_is_lost(wrong: JourneyEvidence) -> None:
    assert check_journey(wrong).lost


@pytest.mark.parametrize(
    "wrong",
    [
        but(claimed={**GOOD.claimed, "r9": 1}),
        but(found=(*GOOD.found, Found(1, "dora", "r1"))),
        but(underretninger={**GOOD.underretninger, "u2": ("c9", "acknowledged")}),
        but(topics={**GOOD.topics, MAILBOX: (SENT, Told("u9", 1, 0, "e9"))}),
        but(served=frozenset({("u1", "another")})),
    ],
    ids=[
        "a registration never sent",
        "a child too many",
        "an underretning never approved",
        "a mailbox with an event that never happened",
        "a document that was never served",
    ],
)
def test_what_nobody_asked_for_is_a_ghost(wrong: JourneyEvidence) -> None:
    assert check_journey(wrong).ghosts


@pytest.mark.parametrize(
    "wrong",
    [
        but(found=(*GOOD.found, Found(2, "anna", "r1"))),
        but(found=(*GOOD.found, GOOD.found[0])),
        but(underretninger={**GOOD.underretninger, "u2": ("c1", "acknowledged")}),
        but(acts=(*ACTS, ACTS[2])),
        but(ledger=(*GOOD.ledger, *GOOD.ledger)),
    ],
    ids=[
        "a registration current in two runs",
        "a child found twice",
        "two underretninger for a candidate",
        "two acknowledgements",
        "two lines in the ledger",
    ],
)
def test_what_happened_twice_is_doubled(wrong: JourneyEvidence) -> None:
    assert check_journey(wrong).doubled


def test_versions_that_fall_are_out_of_order() -> None:
    assert check_journey(but(topics={**GOOD.topics, TOPIC: (TAKEN, SENT)})).reordered


def test_poison_that_was_let_through_is_found() -> None:
    assert check_journey(but(parked=())).parked_wrongly
