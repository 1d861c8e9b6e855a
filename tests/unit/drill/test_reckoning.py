"""The reckoning of a drill: it says yes to a loss inside the window, and no to everything beside it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.drill.reckoning import Command, Evidence, Fact, numbers, reckon

RESTORED = datetime(2026, 3, 2, 12, tzinfo=UTC)
STOPPED = RESTORED + timedelta(seconds=12)
EARLY, INSIDE, AFTER = RESTORED - timedelta(seconds=5), RESTORED + timedelta(seconds=5), STOPPED + timedelta(seconds=60)
KEPT, LOST, LATER = Command("note 1", EARLY), Command("note 2", INSIDE), Command("note 3", AFTER)


def fact(event_id: str, number: int, at: datetime, **changed: object) -> Fact:
    told = Fact(event_id, "NoteWritten", "teller", "notes", "a", number, event_id, at, f"a {number} {event_id}")
    return replace(told, **changed)  # type: ignore[arg-type]  # by name


FIRST, GONE, AGAIN = fact("e1", 1, EARLY), fact("e2", 2, INSIDE), fact("e3", 2, AFTER)
ACCESS = fact("r1", 1, EARLY, type="AccessRecorded", topic="access", effect="")
RIGHT = Evidence(
    stopped_at=STOPPED,
    silent_at=STOPPED,
    restored_at=RESTORED,
    bound_s=20,
    commands=[KEPT, LOST, LATER],
    known_then={"note 1"},
    known_now={"note 1", "note 3"},
    history=[FIRST, AGAIN, ACCESS],
    records=[FIRST, GONE, AGAIN, ACCESS],
    effects=[one.effect for one in (FIRST, GONE, AGAIN)],
    entries=["r1"],
    reported={"e2"},
)


def test_what_was_lost_in_the_window_is_counted_and_is_no_fault() -> None:
    told = reckon(RIGHT)
    assert (told.window_s, told.lost, told.strangers, told.told_twice) == (12, ["note 2"], ["e2"], 1)
    assert told.faults == []


def test_what_was_forgotten_and_done_again_from_the_topics_is_counted() -> None:
    assert reckon(replace(RIGHT, effects_then=[FIRST.effect])).made_good == 1


def test_what_the_restored_databases_knew_is_not_made_good() -> None:
    assert reckon(replace(RIGHT, effects_then=[FIRST.effect, GONE.effect])).made_good == 0


def test_an_answer_that_was_under_way_at_the_stop_was_of_before_it() -> None:
    late = Command("note 2", STOPPED + timedelta(milliseconds=20))
    assert reckon(replace(RIGHT, commands=[KEPT, late, LATER], silent_at=late.acknowledged_at)).faults == []


def test_a_record_that_came_twice_is_no_fault() -> None:
    assert reckon(replace(RIGHT, records=[*RIGHT.records, FIRST])).faults == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bound_s": 11.0}, "the window is 12.0 s"),
        ({"commands": [Command("note 0", EARLY), KEPT, LOST, LATER]}, "acknowledged before the restored moment"),
        ({"known_now": {"note 1"}}, "note 3 is lost after the restore"),
        ({"known_now": {"note 3"}}, "note 1 is lost after the restore"),
        ({"reported": set()}, "e2 is told and forgotten, and not reported"),
        ({"reported": {"e2", "e1"}}, "e1 is reported and not forgotten"),
        ({"records": [FIRST, replace(GONE, at=EARLY), AGAIN, ACCESS]}, "e2 was told before the restored moment"),
        ({"records": [FIRST, GONE, AGAIN, ACCESS, replace(FIRST, digest="x")]}, "e1 has two contents"),
        ({"copies": [replace(FIRST, digest="x")]}, "e1 has two contents"),
        ({"records": [FIRST, GONE, ACCESS], "effects": RIGHT.effects[:2]}, "e3 is in the history and on no topic"),
        ({"effects": RIGHT.effects[:2]}, "effect a 2 e3 is missing"),
        ({"effects": [*RIGHT.effects, FIRST.effect]}, "effect a 1 e1 is there too often"),
        ({"entries": []}, "entry of r1 is missing"),
        ({"entries": ["r1", "r1"]}, "entry of r1 is there too often"),
        ({"copies": [FIRST, replace(GONE, number=1)]}, "a has the numbers [1, 1] in notes"),
    ],
)
def test_each_thing_that_is_wrong_beside_the_window_is_named(wrong: dict[str, object], said: str) -> None:
    faults = reckon(replace(RIGHT, **wrong)).faults  # type: ignore[arg-type]  # by name
    assert len(faults) == 1
    assert said in faults[0]


def test_numbers_of_a_mailbox_run_on_over_what_was_forgotten() -> None:
    assert numbers([FIRST, GONE, replace(AGAIN, number=3), FIRST]) == []


def test_a_number_that_was_left_out_is_named() -> None:
    assert numbers([FIRST, replace(GONE, number=3)]) == ["a has the numbers [1, 3] in notes"]
