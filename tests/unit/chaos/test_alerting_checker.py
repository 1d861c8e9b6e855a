"""The checker of alerting: quiet about a good night, and it names each wrong that is made up here."""

from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.alerting_checker import (
    Alert,
    AlertingEvidence,
    AlertingFindings,
    Called,
    Line,
    Message,
    check_alerting,
)
from tests.chaos.checker import Told
from tests.chaos.emergency import is_good, measured

RAISED_AT = 1000.0
ANNA = Message("k1", "c1", "sms", 1, "delivered", possible_duplicate=False, created_at=RAISED_AT + 0.1)
BO = Message("k2", "c2", "sms", 1, "delivered", possible_duplicate=False, created_at=RAISED_AT + 0.2)
BO_AGAIN = Message("k3", "c2", "voice", 2, "delivered", possible_duplicate=False, created_at=RAISED_AT + 6.3)


def line(key: str, provider: str = "a", kind: str = "message", **more: Any) -> Line:  # noqa: ANN401  any field
    words: dict[str, Any] = {"at": RAISED_AT + 0.3, "channel": "sms", "to": key, "text": f"text of {key}"}
    return Line(provider=provider, kind=kind, key=key, **words | more)


def night(*messages: Message, **changes: Any) -> Alert:  # noqa: ANN401  any field
    """Return an alert whose board shows what its tables hold."""
    calls = (Called("c1", "anna", "coming", RAISED_AT + 1), Called("c2", "bo"))
    answers = {one.call: one.answer for one in calls}
    board = frozenset((m.call, answers[m.call], m.channel, m.wave, m.state, m.possible_duplicate) for m in messages)
    made = Alert("a1", RAISED_AT, {1: 0.0, 2: 6.0}, frozenset({"anna", "bo"}), calls, messages, board)
    return replace(made, **changes)


GOOD = AlertingEvidence(
    accepted=frozenset({"a1"}),
    alerts=(night(ANNA, BO, BO_AGAIN),),
    ledger=(line("k1"), line("k2"), line("k3", channel="voice", at=RAISED_AT + 6.4)),
    said={"c1": "coming"},
    next_hand_over={"a fault": 3.0},
    taken_over={"hang": 4.0},
    history=(Told("a1", 1, 0, "e1"), Told("a1", 2, 0, "e2")),
    topic=(Told("a1", 1, 0, "e1"), Told("a1", 2, 0, "e2")),
    answers_told={"c1": 1},
)


def but(**changes: Any) -> AlertingEvidence:  # noqa: ANN401  any field
    return replace(GOOD, **changes)


def every(found: AlertingFindings) -> list[str]:
    return [*found.own(), *found.house.all()]


def test_a_good_night_has_no_findings_and_its_steps_are_in_time() -> None:
    found = check_alerting(GOOD)
    assert every(found) == []
    assert found.step_error_p99_s == pytest.approx(0.3)


def test_a_second_hand_over_under_the_same_key_is_no_fault_where_it_is_marked() -> None:
    marked = replace(BO, possible_duplicate=True)
    again = (*GOOD.ledger, line("k2", kind="repeat"), line("k2", provider="b"))
    assert every(check_alerting(but(alerts=(night(ANNA, marked, BO_AGAIN),), ledger=again))) == []


def test_who_answers_before_anything_was_handed_over_is_reached() -> None:
    alert = night(replace(ANNA, state="superseded"), BO, BO_AGAIN)
    assert every(check_alerting(but(alerts=(alert,), ledger=GOOD.ledger[1:]))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        but(alerts=(night(ANNA, BO, BO_AGAIN, on_duty=frozenset({"anna", "bo", "carl"})),)),
        but(ledger=(GOOD.ledger[0],)),
        but(ledger=(GOOD.ledger[0], *(replace(one, lost=True) for one in GOOD.ledger[1:]))),
        but(alerts=(night(ANNA, replace(BO, state="failed"), replace(BO_AGAIN, state="failed")),)),
    ],
    ids=["never called", "nothing at a provider", "only lost by a provider", "nothing confirmed"],
)
def test_somebody_who_was_not_reached_is_named(wrong: AlertingEvidence) -> None:
    assert check_alerting(wrong).unreached


@pytest.mark.parametrize(
    ("again", "names"),
    [
        (line("k2"), "doubled_at_provider"),
        (line("k9", to="k2", text="text of k2"), "doubled_at_provider"),
        (line("k2", kind="repeat"), "unmarked"),
        (line("k2", provider="b"), "unmarked"),
        (line("k1", provider="b", at=RAISED_AT + 6.5), "late"),
    ],
    ids=["one key twice", "the same words under two keys", "a repetition", "two providers", "after the answer"],
)
def test_a_message_too_many_is_named(again: Line, names: str) -> None:
    assert getattr(check_alerting(but(ledger=(*GOOD.ledger, again))), names)


@pytest.mark.parametrize("slow", [but(next_hand_over={"a fault": 10.1}), but(taken_over={"hang": 15.1})])
def test_a_hand_over_that_came_too_late_is_named(slow: AlertingEvidence) -> None:
    assert check_alerting(slow).slow


def test_a_message_that_was_queued_after_the_answer_is_late_however_fast_it_went_out() -> None:
    more = Message("k4", "c1", "voice", 2, "delivered", possible_duplicate=False, created_at=RAISED_AT + 1.1)
    sent = (*GOOD.ledger, line("k4", channel="voice", at=RAISED_AT + 1.2))
    assert check_alerting(but(alerts=(night(ANNA, BO, BO_AGAIN, more),), ledger=sent)).late


def test_a_step_is_off_by_what_it_waited_while_everything_was_there() -> None:
    late = night(ANNA, BO, replace(BO_AGAIN, created_at=RAISED_AT + 11))
    assert check_alerting(but(alerts=(late,))).step_error_p99_s == pytest.approx(5.0)
    spans = [(RAISED_AT + 7, RAISED_AT + 9), (RAISED_AT + 8, RAISED_AT + 10), (RAISED_AT + 20, RAISED_AT + 30)]
    assert check_alerting(but(alerts=(late,), away=spans)).step_error_p99_s == pytest.approx(2.0)


def test_a_step_that_came_too_early_is_off_too() -> None:
    early = night(ANNA, BO, replace(BO_AGAIN, created_at=RAISED_AT + 3))
    assert check_alerting(but(alerts=(early,))).step_error_p99_s == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (but(accepted=frozenset({"a1", "a2"})), "lost"),
        (but(said={"c1": "coming", "c2": "coming"}), "lost"),
        (but(topic=GOOD.topic[:1]), "lost"),
        (but(history=(), topic=()), "lost"),
        (but(alerts=(night(ANNA, BO),)), "lost"),
        (but(alerts=(night(ANNA, BO, replace(BO_AGAIN, state="queued")),)), "lost"),
        (but(accepted=frozenset()), "ghosts"),
        (but(ledger=(*GOOD.ledger, line("k9"))), "ghosts"),
        (but(topic=(*GOOD.topic, Told("a1", 3, 0, "e3"))), "ghosts"),
        (but(ledger=GOOD.ledger[:2]), "lost"),
        (but(alerts=(night(ANNA, BO, BO_AGAIN, board=frozenset()),)), "ghosts"),
        (but(alerts=(night(ANNA, BO, BO_AGAIN, messages=(ANNA, BO)),)), "ghosts"),
        (but(answers_told={"c1": 2}), "doubled"),
        (but(alerts=(night(ANNA, BO, replace(BO, key="k4"), BO_AGAIN),)), "doubled"),
        (but(topic=GOOD.topic[::-1]), "reordered"),
    ],
)
def test_what_the_house_promised_and_did_not_keep_is_named(wrong: AlertingEvidence, kind: str) -> None:
    assert getattr(check_alerting(wrong).house, kind)


def test_a_record_that_came_again_is_counted_and_no_fault() -> None:
    found = check_alerting(but(topic=(*GOOD.topic, GOOD.topic[1])))
    assert (every(found), found.house.redelivered) == ([], 1)


REPORT = "<testsuites><testsuite><testcase><properties>{}</properties></testcase></testsuite></testsuites>"


def report(**figures: float) -> str:
    return REPORT.format("".join(f'<property name="{name}" value="{one}"/>' for name, one in figures.items()))


@pytest.mark.parametrize(
    ("figures", "good"),
    [
        ({"watchdog_found": 20, "watchdog_suppressed": 20, "nodudkald_s": 1.5}, True),
        ({"watchdog_found": 19, "watchdog_suppressed": 20, "nodudkald_s": 1.5}, False),
        ({"watchdog_found": 20, "watchdog_suppressed": 20, "nodudkald_s": 61}, False),
        ({"watchdog_found": 20, "watchdog_suppressed": 20}, False),
        ({}, False),
    ],
)
def test_what_was_not_measured_is_not_good(figures: dict[str, float], good: bool) -> None:
    assert is_good(measured(report(**figures, another=3))) is good
