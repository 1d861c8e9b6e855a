"""In any sequence of commands, nothing of an exercise stands in the live ledger, and nothing live in an exercise's."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from deploy.local.gateways import GATEWAYS
from services.alerting.domain.calling import delivery_key
from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import Office, telephone
from tests.component.alerting.gateways import Gateways

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

SENT_BY = {"live": "alerting", "exercise": "alerting-exercise"}
BEHAVIOURS = ("ok", "500", "refuse", "lose-answers")


@dataclass
class Side:
    """One installation, with an office whose people have the telephones of the other's, too."""

    mode: str
    duty: Duty
    office: Office
    alerts: list[UUID] = field(default_factory=list)


class Mixing(RuleBasedStateMachine):
    """Commands to both installations, answers to either, providers that misbehave."""

    sides: ClassVar[dict[str, Side]]
    numbers: ClassVar[list[str]]
    gateways: ClassVar[Gateways]
    modes = st.sampled_from(sorted(SENT_BY))
    first = st.integers(0, 1)

    @rule(mode=modes, source=st.integers(0, 2), wanted=st.sampled_from(["first", "each"]))
    def raise_alert(self, mode: str, source: int, wanted: str) -> None:
        """Raise an alert, often about what the other installation is called about too."""
        side = self.sides[mode]
        more = {"source_event_id": f"{id(self)}-{source}", "wanted": wanted}
        side.alerts.append(side.duty.raise_alert(side.office, **more))

    @rule(mode=modes, who=first, text=st.sampled_from(["1", "1 40", "A 2", "B 1", "4", "hvad?"]), name=first)
    def reply(self, mode: str, who: int, text: str, name: int) -> None:
        """Let a telephone answer one of the installations, by either provider."""
        self.gateways.reply(self.numbers[who], text, GATEWAYS[name], installation=SENT_BY[mode])

    @rule(mode=modes, who=first, answer=st.sampled_from(["coming", "cannot"]))
    def answer_at_the_desk(self, mode: str, who: int, answer: str) -> None:
        """Enter an answer for somebody; an alert that has ended refuses it."""
        side = self.sides[mode]
        for alert in side.alerts[-1:]:
            calls = side.duty.board(alert)["calls"]
            if len(calls) > who:
                path = f"/alerts/{alert}/calls/{calls[who]['call_id']}/answer"
                side.duty.send("POST", path, json={"answer": answer, "source": "telephone"})

    @rule(mode=modes)
    def close(self, mode: str) -> None:
        """End an alert; twice is refused."""
        for alert in self.sides[mode].alerts[-1:]:
            self.sides[mode].duty.send("POST", f"/alerts/{alert}/close")

    @rule(name=first, behaviour=st.sampled_from(BEHAVIOURS))
    def misbehave(self, name: int, behaviour: str) -> None:
        """Let a provider behave otherwise, so that messages go the other way."""
        self.gateways.behave(GATEWAYS[name], behaviour)

    def teardown(self) -> None:
        """Wait until nothing is under way, then look into both ledgers."""
        for name in GATEWAYS:
            self.gateways.behave(name)
        for side in self.sides.values():
            side.duty.wait_for("an end of all messages", partial(_is_still, side))
            for alert in side.alerts:
                side.duty.send("POST", f"/alerts/{alert}/close")
            side.alerts.clear()
        assert [line for line in lines(self.gateways) if not belongs(line)] == []


def _is_still(side: Side) -> bool:
    return bool(side.duty.sql("select not exists (select from delivery where state in ('queued', 'sending'))"))


def lines(gateways: Gateways) -> list[dict[str, Any]]:
    """Return every message that a provider took for the telephones that both installations call."""
    return [line for name in GATEWAYS for number in Mixing.numbers for line in gateways.taken(name, number)]


def belongs(line: dict[str, Any]) -> bool:
    """Say whether key, credential, mode and words of a message agree about what it is."""
    mode = line["mode"]
    framed = line["text"].startswith("ØVELSE") and "ØVELSE SLUT" in line["text"]
    return bool(
        line["key"].startswith(f"{mode}-")
        and line["credential"] == SENT_BY[mode]
        and framed is (mode == "exercise")
        and ("SKARP" not in line["text"] or mode == "live")
    )


def test_no_exercise_key_is_ever_in_the_live_ledger_nor_the_other_way(
    duty: Duty, drill: Duty, gateways: Gateways
) -> None:
    Mixing.gateways, Mixing.sides = gateways, {}
    for mode, installation in (("live", duty), ("exercise", drill)):
        office = installation.office()
        people = [office.person(name, channels=()) for name in ("Anna", "Bo")]
        Mixing.numbers = Mixing.numbers if mode == "exercise" else [telephone(who) for who in people]
        for who, number in zip(people, Mixing.numbers, strict=True):
            office.route(who, "sms", number)
        office.on_duty(*people)
        Mixing.sides[mode] = Side(mode, installation, office)
    run_state_machine_as_test(
        Mixing,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    sent = {(line["mode"], line["credential"]) for line in lines(gateways)}
    assert sent == set(SENT_BY.items()), "both have sent, or the sequence proved nothing"


def test_a_message_under_the_wrong_flag_is_seen() -> None:
    good = {"key": delivery_key("live", UUID(int=1), UUID(int=2), 1), "mode": "live", "credential": "alerting"}
    assert belongs(good | {"text": "SKARP LBS"})
    for wrong in (
        {"text": "ØVELSE x ØVELSE SLUT"},
        {"text": "x", "credential": "alerting-exercise"},
        {"text": "x", "mode": "exercise"},
    ):
        assert not belongs(good | wrong)
