"""The checker of the staff names each thing that can go wrong, and nothing where all is right."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.chaos.alerting_checker import Line
from tests.chaos.checker import Told
from tests.chaos.staff_checker import Called, Event, StaffEvidence, StaffFindings, check_staff

NAMES = (("StaffActivated", "informationsberedskab"), ("StaffCalled", ""), ("QuorumReached", "informationsberedskab"))
TOLD = tuple(Event(str(place), name, step) for place, (name, step) in enumerate(NAMES))
ANNA, BO = "+4500000001", "+4500000002"
ONE = Called("Proeve-b-slut", NAMES, TOLD, frozenset({ANNA, BO}), {ANNA: "seen"}, {ANNA: "seen", BO: None}, 1, 1)
LEDGER = tuple(Line("a", "message", number, 0.0, "sms", number, "LBS Proeve-b-slut") for number in (ANNA, BO))
TOPIC = tuple(Told("key", place, 0, str(place)) for place in range(3))
RIGHT = StaffEvidence([ONE], LEDGER, TOPIC, 0, {"without the broker": 1.0}, 1)


def test_nothing_is_found_where_all_is_right() -> None:
    found = check_staff(RIGHT)
    assert not [*found.own(), *found.house.all()]
    assert (found.without_broker_s, found.by_mirror) == (1.0, 1)


def _activation(**more: object) -> StaffEvidence:
    return replace(RIGHT, activations=[replace(ONE, **more)])  # type: ignore[arg-type]  # its own fields


@pytest.mark.parametrize(
    ("evidence", "shows"),
    [
        (replace(RIGHT, ledger=LEDGER[:1]), lambda found: found.unreached),
        (replace(RIGHT, ledger=[*LEDGER, LEDGER[0]]), lambda found: found.doubled_at_provider),
        (replace(RIGHT, first_hand_over={"without the broker": 5.1}), lambda found: found.slow),
        (replace(RIGHT, topic=TOPIC[:2]), lambda found: found.house.lost),
        (replace(RIGHT, topic=[*TOPIC, Told("key", 4, 0, "x")]), lambda found: found.house.ghosts),
        (replace(RIGHT, topic=TOPIC[::-1]), lambda found: found.house.reordered),
        (replace(RIGHT, parked=1), lambda found: found.house.parked_wrongly),
        (_activation(board={ANNA: "coming"}), lambda found: found.house.lost),
        (_activation(told=TOLD[:2]), lambda found: found.house.lost),
        (_activation(told=[*TOLD, TOLD[2]]), lambda found: found.house.doubled),
        (_activation(told=[TOLD[1], TOLD[0], TOLD[2]]), lambda found: found.house.reordered),
        (_activation(alerts=0), lambda found: found.house.lost),
        (_activation(alerts=2), lambda found: found.house.doubled),
    ],
)
def test_each_fault_is_named_as_what_it_is(
    evidence: StaffEvidence, shows: Callable[[StaffFindings], list[str]]
) -> None:
    assert shows(check_staff(evidence))
