"""The example system over HTTPS: killed anywhere, it ends with each effect once."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.component.exchange.samvirke_double import SamvirkeDouble, event_of
from tests.component.exchange.sandbox import StandIn

pytestmark = pytest.mark.component

STEPS = ["token", "events", "fetch", "receipt", "acknowledge"]
BOTH = ("underretning-0", "underretning-2")


@pytest.fixture
def samvirke() -> Iterator[SamvirkeDouble]:
    with SamvirkeDouble([event_of(0), event_of(1, type="dk.samvirke.concerns.Other.v1"), event_of(2)]).serving() as it:
        yield it


@pytest.fixture
def municipality(samvirke: SamvirkeDouble, tmp_path: Path) -> StandIn:
    return StandIn("deploy.sandbox.municipality_https", samvirke, tmp_path)


def test_it_fetches_receipts_and_acknowledges_each_underretning(
    samvirke: SamvirkeDouble, municipality: StandIn
) -> None:
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)


def test_started_again_it_does_nothing_twice(samvirke: SamvirkeDouble, municipality: StandIn) -> None:
    municipality.finish()
    samvirke.requests.clear()
    municipality.finish()
    assert samvirke.requests == ["token", "events"]


def test_silent_it_receipts_and_never_acknowledges(samvirke: SamvirkeDouble, municipality: StandIn) -> None:
    municipality.finish("--silent")
    assert "acknowledge" not in samvirke.requests
    assert [(line["receipt"], line["acknowledged"]) for line in municipality.lines("ledger.jsonl")] == [
        (True, False)
    ] * 2


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_step_it_ends_with_each_effect_once(
    samvirke: SamvirkeDouble, municipality: StandIn, when: str, step: str
) -> None:
    assert municipality.killed(when, step) == -signal.SIGKILL
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)


@pytest.mark.parametrize("torn", [b"", b'{"cursor": 2, "ev'])
def test_killed_between_ledger_and_seen_it_settles_nothing_twice(
    samvirke: SamvirkeDouble, municipality: StandIn, torn: bytes
) -> None:
    municipality.finish()
    seen = municipality.state / "seen.jsonl"
    seen.write_bytes(b"".join(seen.read_bytes().splitlines(keepends=True)[:-1]) + torn)
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)
    assert [line["event"] for line in municipality.lines("seen.jsonl")] == ["event-0", "event-1", "event-2"]


def test_what_passes_by_itself_is_tried_again(samvirke: SamvirkeDouble, municipality: StandIn) -> None:
    faults = zip(STEPS, [500, 401, 503, 409, 429], strict=True)
    samvirke.answers = {step: [(status, {"retry-after": "0"})] for step, status in faults}
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)


def test_what_is_refused_for_good_is_left_to_a_person_and_the_rest_goes_on(
    samvirke: SamvirkeDouble, municipality: StandIn
) -> None:
    samvirke.answers = {"fetch": [(404, {})]}
    municipality.finish()
    assert [(line["status"], line["acknowledged"]) for line in municipality.lines("ledger.jsonl")] == [
        (404, False),
        (200, True),
    ]


def test_an_event_that_comes_twice_is_dealt_with_once(samvirke: SamvirkeDouble, municipality: StandIn) -> None:
    samvirke.events += [event_of(0), event_of(2)]
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)


def test_a_cursor_that_is_gone_starts_it_over_without_doing_anything_twice(
    samvirke: SamvirkeDouble, municipality: StandIn
) -> None:
    municipality.finish()
    samvirke.events = [event_of(2)]
    shown = municipality.finish()
    assert "from the beginning" in shown
    municipality.assert_each_effect_once(*BOTH)


def test_an_unreadable_place_and_a_gap_are_said_and_do_not_stop_it(
    samvirke: SamvirkeDouble, municipality: StandIn
) -> None:
    samvirke.events[1:1] = [None, event_of(9, type="dk.samvirke.concerns.Other.v1", mailboxsequence=3)]
    shown = municipality.finish()
    assert "unreadable at cursor 1" in shown
    assert "gap before 3 of underretning-9" in shown
    municipality.assert_each_effect_once(*BOTH)


def test_it_says_its_steps_and_nothing_of_the_document(samvirke: SamvirkeDouble, municipality: StandIn) -> None:
    shown = municipality.finish()
    assert "acknowledge underretning-2: 200" in shown
    written = shown + "".join(file.read_text() for file in municipality.state.iterdir())
    assert "æøå" not in written
