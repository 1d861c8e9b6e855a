"""Whether enough come: a pure rule, the same whenever it is played again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import Step
from deploy.local.framework_plan import DESK, OUTSIDE, framework_plan
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.domain.quorum import Answered, holds_until, reckon

PLAN = Plan.model_validate(framework_plan())
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
AFFECTED = frozenset({"0665", "0787"})
STAB = Step.STABSBEREDSKAB


def says(authority: str, role: str, answer: AnswerKind = AnswerKind.COMING, **more: object) -> Answered:
    """Return an answer of somebody, now."""
    own = {"person": f"{authority}/{role}", "eta_minutes": None, "answered_at": AT} | more
    return Answered(authority=authority, role=role, answer=answer, **own)  # type: ignore[arg-type]  # its own fields


def everybody() -> list[Answered]:
    """Return the answers that are just enough for stabsberedskab."""
    outside = [says(one, "stabsmedlem") for one in (*OUTSIDE, "kommune-0665", "kommune-0787")]
    return [says(DESK, "stabsleder"), says(DESK, "logfoerer"), *outside]


def test_enough_come_when_nothing_is_missing() -> None:
    assert reckon(PLAN, STAB, AFFECTED, everybody(), AT).is_reached


@pytest.mark.parametrize("place", range(8))
def test_without_any_one_of_those_who_are_asked_it_is_not_reached_and_says_who(place: int) -> None:
    answers = everybody()
    gone = answers.pop(place)
    quorum = reckon(PLAN, STAB, AFFECTED, answers, AT)
    assert not quorum.is_reached
    assert quorum.missing() == (gone.authority,)


def test_a_no_a_seen_and_another_role_are_no_yes() -> None:
    for other in (AnswerKind.CANNOT, AnswerKind.SEEN):
        answers = [says(DESK, "stabsleder", other), *everybody()[1:]]
        assert not reckon(PLAN, STAB, AFFECTED, answers, AT).is_reached
    answers = [says(DESK, "kommunikation"), *everybody()[1:]]
    assert not reckon(PLAN, STAB, AFFECTED, answers, AT).is_reached


@pytest.mark.parametrize(("eta", "minutes"), [(30, 45), (0, 15), (None, 75)])
def test_a_promise_counts_until_it_should_have_been_kept_and_an_arrival_for_good(eta: int | None, minutes: int) -> None:
    one = says(DESK, "stabsleder", eta_minutes=eta)
    assert holds_until(PLAN, one) == AT + timedelta(minutes=minutes)
    answers = [one, *everybody()[1:]]
    last = AT + timedelta(minutes=min(minutes, 75)) - timedelta(seconds=1)
    assert "politi-mvj-vagtcentral" not in reckon(PLAN, STAB, AFFECTED, answers, last).missing()
    late = reckon(PLAN, STAB, AFFECTED, answers, AT + timedelta(minutes=minutes))
    assert "politi-mvj-vagtcentral" in late.missing()
    there = says(DESK, "stabsleder", AnswerKind.ARRIVED)
    assert holds_until(PLAN, there) is None


def test_it_says_when_it_may_change_by_itself() -> None:
    answers = [says(DESK, "stabsleder", eta_minutes=5), *everybody()[1:]]
    assert reckon(PLAN, STAB, AFFECTED, answers, AT).next_change == AT + timedelta(minutes=20)


def test_a_municipality_that_nothing_happens_to_is_asked_whether_it_knows_and_not_to_come() -> None:
    viborg = "kommune-0791"
    assert viborg in reckon(PLAN, Step.INFORMATIONSBEREDSKAB, AFFECTED, [], AT).missing()
    assert viborg not in reckon(PLAN, STAB, AFFECTED, [], AT).missing()


def test_a_step_without_a_rule_is_never_reached_by_nobody() -> None:
    assert not reckon(PLAN, Step.DAILY, AFFECTED, everybody(), AT).is_reached


ANSWERS = st.lists(
    st.builds(
        says,
        st.sampled_from([DESK, *OUTSIDE, "kommune-0665", "kommune-0787"]),
        st.sampled_from(["stabsleder", "logfoerer", "stabsmedlem", "vagt"]),
        st.sampled_from(AnswerKind),
        eta_minutes=st.none() | st.integers(0, 120),
        person=st.sampled_from("abc"),
    ),
    max_size=30,
)


@given(answers=ANSWERS, more=ANSWERS, minutes=st.integers(0, 200))
def test_another_answer_takes_nothing_away_and_the_order_is_no_matter(
    answers: list[Answered], more: list[Answered], minutes: int
) -> None:
    at = AT + timedelta(minutes=minutes)
    few, many = (reckon(PLAN, STAB, AFFECTED, one, at) for one in (answers, answers + more))
    assert set(many.missing()) <= set(few.missing())
    assert reckon(PLAN, STAB, AFFECTED, answers[::-1], at).lacks == few.lacks


@given(answers=ANSWERS, minutes=st.integers(0, 200))
def test_between_two_looks_nothing_changes_before_it_was_said(answers: list[Answered], minutes: int) -> None:
    at = AT + timedelta(minutes=minutes)
    now = reckon(PLAN, STAB, AFFECTED, answers, at)
    if now.next_change is not None:
        just_before = now.next_change - timedelta(microseconds=1)
        assert reckon(PLAN, STAB, AFFECTED, answers, just_before).lacks == now.lacks


@given(answers=ANSWERS)
def test_one_person_counts_once(answers: list[Answered]) -> None:
    twice = reckon(PLAN, STAB, AFFECTED, answers + answers, AT)
    assert twice.lacks == reckon(PLAN, STAB, AFFECTED, answers, AT).lacks
