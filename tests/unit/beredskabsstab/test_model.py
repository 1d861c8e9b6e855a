"""The rules of the staff go the documented ways and no others, held against a model that was written by itself.

`MODEL_RUNS=500 MODEL_STEPS=50` plays as many; a difference fails and is named with the shortest way to it.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import Place, StandDown, Step
from contracts.refusal import Refusal
from deploy.local.framework_plan import DESK, OUTSIDE, framework_plan
from services.beredskabsstab.domain import steps
from services.beredskabsstab.domain.calling import newly_called, template_of
from services.beredskabsstab.domain.plan import Plan, choose_facility
from services.beredskabsstab.domain.quorum import Answered, Quorum, reckon
from services.beredskabsstab.domain.steps import State
from tests.component.beredskabsstab.model import LADDER, Model, Told, documented

RUNS, STEPS = int(os.environ.get("MODEL_RUNS", "25")), int(os.environ.get("MODEL_STEPS", "20"))
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
ANSWERS = [one.value for one in AnswerKind]
ASKED = [DESK, *OUTSIDE, "kommune-0665", "kommune-0787", "kommune-0791"]
ROLES = ["vagt", "stabsmedlem", "stabsleder", "logfoerer", "kommunikation"]
REASONS = st.sampled_from(["", "  ", "Vandet falder."])
MINUTES = st.none() | st.sampled_from([0, 5, 30, 120])


def small_plan(at_least: int, grace: int, holds: int) -> dict[str, Any]:
    """Return a plan of few authorities, so that chance reaches a quorum now and then."""
    whole = framework_plan()
    kept = [one for one in whole["parties"] if one["authority"] in {DESK, "kommune-0665", "kommune-0791", OUTSIDE[0]}]
    quorum = {
        step: [term | {"at_least": at_least} for term in terms if term["role"] in {"vagt", "stabsleder", "stabsmedlem"}]
        for step, terms in whole["quorum"].items()
    }
    return whole | {"parties": kept, "quorum": quorum, "grace_minutes": grace, "answer_holds_minutes": holds}


class Staffing(RuleBasedStateMachine):
    """One activation by the rules, and one by the model."""

    moves: ClassVar[set[tuple[str, str, str]]] = set()

    @initialize(
        small=st.booleans(),
        at_least=st.sampled_from([1, 1, 2]),
        grace=st.sampled_from([0, 15]),
        holds=st.sampled_from([5, 60]),
        affected=st.sets(st.sampled_from(["0665", "0787"]), min_size=1),
        step=st.sampled_from(LADDER),
        later=st.booleans(),
        unready=st.sets(st.sampled_from(["holstebro", "herning"])),
    )
    def activate(
        self,
        small: bool,
        at_least: int,
        grace: int,
        holds: int,
        affected: set[str],
        step: str,
        later: bool,
        unready: set[str],
    ) -> None:
        """Activate the staff by a plan."""
        raw = small_plan(at_least, grace, holds) if small else framework_plan()
        self.model, self.plan = Model(raw, frozenset(affected)), Plan.model_validate(raw)
        self.at, self.state, self.step = AT, State.PLANNED, Step(step)
        self.called: list[Place] = []
        self.answers: dict[str, Answered] = {}
        self.reached: dict[Step, bool] = {}
        self.told: list[Told] = []
        self.model.activate(step, later=later, unready=frozenset(unready))
        room = choose_facility(self.plan, frozenset({"holstebro", "herning"} - unready))
        self.told += [("FacilityReserved", room.code, not room.primary)] if room else []
        if not later:
            self._begin()
        self.look()

    def _begin(self) -> None:
        assert State.ACTIVE in steps.TRANSITIONS[self.state]
        self.state = State.ACTIVE
        self.told.append(("StaffActivated", self.step.value))
        self._call()

    def _call(self) -> None:
        new = newly_called(self.plan, self.step, self.called)
        self.called += new
        if new:
            places = frozenset((one.authority, one.role) for one in new)
            self.told.append(("StaffCalled", template_of(self.step), places))

    @precondition(lambda self: self.state is State.PLANNED)
    @rule()
    def its_time_comes(self) -> None:
        """Let a planned one begin."""
        self.model.begin()
        self._begin()
        self.look()

    @rule(step=st.sampled_from(["daily", *LADDER]), reason=REASONS)
    def change(self, step: str, reason: str) -> None:
        """Ask for another step."""
        expected, refused = self.model.change(step, reason), None
        try:
            change = steps.change_step(self.state, self.step, Step(step), reason)
            self.told.append(("StepChanged", change.before.value, change.step.value))
            self.step = change.step
            if change.is_up:
                self._call()
        except Refusal as refusal:
            refused = refusal.slug
        assert refused == expected
        self.look()

    @rule(outcome=st.sampled_from([one.value for one in StandDown]), reason=REASONS, sure=st.integers(0, 2))
    def end(self, outcome: str, reason: str, sure: int) -> None:
        """End it, rarely: after that little happens."""
        if sure:
            return
        expected, refused = self.model.end(outcome, reason), None
        try:
            self.state = steps.stand_down(
                self.state, StandDown(outcome), reason=reason, open_tasks=(), handed_over_to=""
            )
            # How many call-ins there are, the service knows: here it is the model's own number.
            self.told += [("CallInEnded", number) for number in range(1, len(self.model.calls) + 1)]
            self.told.append(("StaffStoodDown", outcome))
        except Refusal as refusal:
            refused = refusal.slug
        assert refused == expected

    @rule(
        who=st.sampled_from("ab"),
        place=st.sampled_from(ASKED),
        role=st.sampled_from(ROLES),
        answer=st.sampled_from(ANSWERS),
        minutes=MINUTES,
    )
    def answer(self, who: str, place: str, role: str, answer: str, minutes: int | None) -> None:
        """Let somebody answer, or answer otherwise."""
        self._answer(who, place, role, answer, minutes)
        self.look()

    @rule(minutes=MINUTES, left_out=st.sampled_from([None, *ASKED]))
    def nearly_everybody_comes(self, minutes: int | None, left_out: str | None) -> None:
        """Let everybody come but one: chance alone seldom reaches a quorum."""
        for place in ASKED:
            for role in ROLES:
                for who in "ab":
                    if place != left_out:
                        self._answer(who, place, role, "coming", minutes)
        self.look()

    def _answer(self, who: str, place: str, role: str, answer: str, minutes: int | None) -> None:
        call = f"{who}/{place}/{role}"
        self.model.shows(call, place, role, call)
        self.model.hears(call, answer, minutes, self.at, self.model.people[call].number + 1)
        self.answers[call] = Answered(call, place, role, AnswerKind(answer), minutes, self.at)

    @rule(minutes=st.sampled_from([1, 4, 20, 75]))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.at += timedelta(minutes=minutes)
        self.look()

    @rule(before=st.booleans())
    def wait_until_something_runs_out(self, before: bool) -> None:
        """Let time pass to the very moment at which the rule says that it may change, or to just before it."""
        until = self._reckoned().next_change
        if until is not None:
            self.at = max(self.at, until - timedelta(microseconds=int(before)))
            self.look()

    def _reckoned(self) -> Quorum:
        return reckon(self.plan, self.step, self.model.municipalities, self.answers.values(), self.at)

    def look(self) -> None:
        """Look at the rule as the service does, and hold everything against the model."""
        self.model.look(self.at)
        quorum, standing = self._reckoned(), self.model.standing(self.at)
        if self.state is State.ACTIVE:
            if quorum.is_reached != self.reached.get(self.step, False):
                missing = tuple(sorted(quorum.missing()))
                lost = ("QuorumLost", self.step.value, missing)
                self.told.append(("QuorumReached", self.step.value) if quorum.is_reached else lost)
            self.reached[self.step] = quorum.is_reached
        lacks = [(one.authority, one.role, one.needed, one.have) for one in quorum.lacks]
        mine = (quorum.is_reached, quorum.demands, sorted(lacks), quorum.next_change)
        assert mine == (standing.reached, standing.demands, sorted(standing.lacks), standing.until)
        assert (self.state.value, self.step.value) == (self.model.state, self.model.step)
        assert self.told == self.model.told

    def teardown(self) -> None:
        """Remember where it went."""
        if hasattr(self, "model"):
            self.moves.update(self.model.moves)


def every_way() -> None:
    """Walk each documented way once, whatever chance finds besides."""
    plan: dict[str, Any] = {"small": True, "at_least": 1, "grace": 15, "holds": 60, "affected": {"0665"}}
    for state, outcomes in (("planned", ["cancelled"]), ("active", [one.value for one in StandDown])):
        for outcome in outcomes:
            one = Staffing()
            one.activate(**plan, step=LADDER[1], later=state == "planned", unready=set())
            one.end(outcome, "Prøven er slut.", 0)
            one.teardown()
    one = Staffing()
    one.activate(**plan, step=LADDER[0], later=True, unready={"holstebro"})
    one.its_time_comes()
    for step in (1, 2, 0, 2, 1, 0):
        one.change(LADDER[step], "Vandet falder.")
    one.nearly_everybody_comes(30, None)
    one.wait_until_something_runs_out(before=False)
    one.teardown()


@pytest.mark.timeout(1800)
@pytest.mark.ledger("O-5.3-10")
def test_the_rules_and_the_model_never_differ() -> None:
    Staffing.moves.clear()
    every_way()
    run_state_machine_as_test(
        Staffing,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    walked = {(kind, one, to) for kind, one, to in Staffing.moves if kind != "answer"}
    tables = {
        (kind, one, to)
        for kind in ("activation", "step", "quorum")
        for one, more in documented(kind).items()
        for to in more
        if to != "evaluated"
    }
    assert walked == tables


def test_the_page_and_the_rules_name_the_same_ways() -> None:
    ways = {one.value: frozenset(two.value for two in more) for one, more in steps.TRANSITIONS.items()}
    assert documented("activation") == ways
    assert {one for more in documented("answer").values() for one in more} == set(ANSWERS)
