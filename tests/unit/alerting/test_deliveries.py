"""A message goes only along the transitions that are written down, whatever providers do and in whatever order."""

from typing import Any
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.alerting.domain.deliveries import TRANSITIONS, State, may_follow
from services.alerting.domain.providers import Next, Outcome, Tries, Verdict, choose, settle, silent
from services.alerting.domain.receipts import Message, Receipt, after_receipt
from tests.architecture.source import ROOT

ORDER = ("a", "b", "c")
ENDED = {State.DELIVERED, State.FAILED, State.EXPIRED, State.SUPERSEDED}


def test_the_documented_table_is_the_one_that_is_used() -> None:
    text = (ROOT / "docs/architecture/alerting.md").read_text(encoding="utf-8")
    table = text.partition("<!-- transitions -->")[2].partition("<!-- /transitions -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    documented = {
        State(before): frozenset(map(State, after.split(", "))) if after else frozenset() for before, after in rows
    }
    assert documented == TRANSITIONS


class Delivery(RuleBasedStateMachine):
    """One message, as the dispatcher, its providers and the person make it."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.tries = State.QUEUED, Tries()
        self.provider: str | None = None
        self.sequence = 0
        self.asked: list[str] = []
        self.maybe_sent: set[str] = set()
        """Providers that may have sent it."""
        self.marked = False

    def go(self, state: State) -> None:
        assert state == self.state or may_follow(self.state, state), f"{self.state} → {state}"
        self.state = state

    @precondition(lambda self: self.state is State.QUEUED)
    @rule(failing=st.sets(st.sampled_from(ORDER)), full=st.sets(st.sampled_from(ORDER)))
    def claim(self, failing: set[str], full: set[str]) -> None:
        if not {*ORDER} - self.tries.refused:
            self.go(State.FAILED)
            return
        chosen = choose(ORDER, self.tries, resumed=self.provider, failing=failing, full=full)
        if chosen is None:
            assert full, "somebody takes it, unless who could has no room"
            return
        assert chosen not in self.tries.refused
        self.go(State.SENDING)
        self.sequence = self.sequence if chosen == self.provider else 0
        self.provider = chosen
        self.tries = Tries(self.tries.attempts + 1, self.tries.tried, self.tries.refused)
        self.asked.append(chosen)

    @precondition(lambda self: self.state is State.SENDING)
    @rule(verdict=st.sampled_from(Verdict))
    def end(self, verdict: Verdict) -> None:
        assert self.provider
        if verdict in {Verdict.ACCEPTED, Verdict.DELIVERED, Verdict.UNKNOWN}:
            self.maybe_sent.add(self.provider)
        self.take(settle(Outcome(verdict), self.provider, ORDER, self.tries))

    def take(self, after: Next) -> None:
        self.go(after.state)
        self.tries, self.marked = after.tries, self.marked or after.possible_duplicate

    @precondition(lambda self: self.state is State.SENDING)
    @rule()
    def die(self) -> None:
        self.maybe_sent.add(str(self.provider))
        self.go(State.QUEUED)
        self.marked = True

    @precondition(lambda self: self.state is State.ACCEPTED)
    @rule()
    def keep_silent(self) -> None:
        if str(self.provider) in self.tries.tried:
            self.go(State.EXPIRED)
        else:
            self.take(silent(str(self.provider), ORDER, self.tries))

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), state=st.sampled_from(["accepted", "delivered", "failed", "expired"]), machine=st.booleans())
    def tell(self, data: Any, state: str, machine: bool) -> None:  # noqa: ANN401  hypothesis' own kind
        provider = data.draw(st.sampled_from(self.asked))
        before = Message(uuid4(), self.state, self.provider, self.sequence)
        receipt = Receipt("k", state, data.draw(st.integers(0, 5)), machine=machine)
        after = after_receipt(before, provider, receipt)
        if after is None:
            return
        self.go(after.state)
        assert after.sequence >= self.sequence
        self.sequence = after.sequence
        if after.refused_by:
            self.tries = Tries(self.tries.attempts, self.tries.tried, self.tries.refused | {after.refused_by})

    @precondition(lambda self: self.state is State.QUEUED)
    @rule()
    def answer(self) -> None:
        self.go(State.SUPERSEDED)

    @rule()
    def nothing(self) -> None:
        """Let time pass."""

    @invariant()
    def a_second_provider_after_an_unknown_outcome_is_marked(self) -> None:
        if self.state is State.SENDING and self.maybe_sent - {str(self.provider)}:
            refused = self.maybe_sent <= self.tries.refused | {str(self.provider)}
            assert self.marked or refused

    @invariant()
    def nothing_that_has_ended_goes_on(self) -> None:
        if self.state in ENDED:
            assert TRANSITIONS[self.state] <= {State.DELIVERED}


Delivery.TestCase.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
TestDelivery = Delivery.TestCase
