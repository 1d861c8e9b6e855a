"""A call goes the documented ways and no others, whatever receipts, answers and ends come in whatever order."""

import json
import re
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import telephone
from tests.component.alerting.gateways import Gateways

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

PAGE = Path(__file__).parents[3] / "docs" / "architecture" / "alerting.md"
Step = tuple[str, str]


def documented() -> set[Step]:
    """Return the transitions of a call as the page draws them."""
    drawing = PAGE.read_text(encoding="utf-8").partition('state "a call" as c {')[2].partition("}")[0]
    return {(one[1], one[2]) for one in re.finditer(r"^\s+(\w+) --> (\w+)", drawing, re.MULTILINE)}


class Calling(RuleBasedStateMachine):
    """One person who is called by SMS, with a telephone that says nothing by itself."""

    duty: ClassVar[Duty]
    gateways: ClassVar[Gateways]
    seen: ClassVar[set[Step]] = set()

    @initialize()
    def call(self) -> None:
        """Call somebody whose telephone is off."""
        office = self.duty.office()
        who = office.person("Anna")
        office.on_duty(who)
        self.gateways.phone(telephone(who), off=True)
        self.alert = self.duty.raise_alert(office)
        self.key = self.duty.wait_for("the hand-over", self._taken)
        [call] = self.duty.board(self.alert)["calls"]
        self.call_id, self.state, self.answers, self.ended = UUID(call["call_id"]), str(call["state"]), 0, False
        assert self.state == "called"

    def _taken(self) -> str | None:
        found: str | None = self.duty.sql(
            "select key from delivery where alert_id = $1 and state = 'accepted'", self.alert
        )
        return found

    @rule()
    def arrive(self) -> None:
        """Let the provider say that the message has arrived, once more or for the first time."""
        body = json.dumps({"type": "receipt", "key": self.key, "state": "delivered", "sequence": 2}).encode()
        message_id = str(uuid4())
        provider = self.duty.sql("select provider from delivery where key = $1", self.key)
        secret = self.gateways.secret(provider.rpartition("-")[0])
        self.gateways.call_back(body, message_id=message_id, provider=provider, secret=secret).raise_for_status()
        handled = "select handled_at is not null from callback where message_id = $1"
        self.duty.wait_for("the receipt", lambda: self.duty.sql(handled, message_id))
        self._look()

    @rule(answer=st.sampled_from(["coming", "cannot", "virtual", "arrived"]))
    def answer(self, answer: str) -> None:
        """Let the desk enter an answer: it counts until the alert has ended, and is refused after that."""
        body = {"answer": answer, "source": "telephone"}
        status = self.duty.send("POST", f"/alerts/{self.alert}/calls/{self.call_id}/answer", json=body).status_code
        assert status == (httpx.codes.CONFLICT if self.ended else httpx.codes.OK)
        self._look()

    @rule()
    def end(self) -> None:
        """End the alert; twice is refused."""
        self.duty.send("POST", f"/alerts/{self.alert}/close")
        self.ended = True
        self._look()

    def teardown(self) -> None:
        """Leave nothing open that a provider would be asked about later."""
        self.duty.send("POST", f"/alerts/{self.alert}/close")

    def _look(self) -> None:
        [call] = self.duty.board(self.alert)["calls"]
        step, changed = (self.state, str(call["state"])), call["answers"] != self.answers
        if step[0] != step[1] or changed:
            assert step in documented(), step
            self.seen.add(step)
        self.state, self.answers = step[1], call["answers"]


def test_a_call_admits_exactly_the_documented_transitions(duty: Duty, gateways: Gateways) -> None:
    Calling.duty, Calling.gateways = duty, gateways
    Calling.seen.clear()
    # The usual way is walked in any case; what else there is, the sequences find.
    usual = Calling()
    usual.call()
    usual.arrive()
    usual.answer("coming")
    usual.teardown()
    assert Calling.seen == {("called", "reached"), ("reached", "answered")}
    run_state_machine_as_test(
        Calling,
        settings=settings(
            max_examples=20,
            stateful_step_count=5,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Calling.seen == documented()
