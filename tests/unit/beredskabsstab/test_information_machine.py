"""Whatever people do in whatever order, a line of messages goes only the ways that are written down here, again."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.refusal import Refusal
from deploy.local.fetch import ROOT
from services.beredskabsstab.domain import information_rules as rules
from services.beredskabsstab.domain import information_sending as sending
from services.beredskabsstab.domain.information import TRANSITIONS, Actor, Correction, Decision, Message, State, Tell
from tests.unit.beredskabsstab.cap_samples import DANISH, INFO, NOW
from tests.unit.beredskabsstab.test_information import SECTORS, WARNING

WAYS = {
    "draft": "clearing cleared withdrawn",
    "clearing": "cleared draft returned refused",
    "cleared": "approved draft returned refused",
    "returned": "draft withdrawn",
    "approved": "sent returned",
    "sent": "updated cancelled expired",
    "refused": "",
    "withdrawn": "",
    "updated": "",
    "cancelled": "",
    "expired": "",
}
"""Written from the issue and users.md, and not from the code."""

ACTS = {
    "edit": "draft returned",
    "submit": "draft",
    "clear": "clearing",
    "object_to": "clearing",
    "override": "clearing",
    "recall": "clearing cleared",
    "withdraw": "draft returned",
    "give_back": "clearing cleared approved",
    "refuse": "clearing cleared",
    "approve": "cleared",
    "approve_alone": "cleared",
    "send": "approved",
}
"""From where each may be done."""

PEOPLE = [
    Actor("a", "politi-mvj", has_police_mandate=True),
    Actor("b", "politi-mvj", has_police_mandate=True),
    Actor("c", "politi-mvj", has_police_mandate=True, is_chair=True),
    Actor("d", "kommune-0665"),
    Actor("e", "kommune-0671"),
    Actor("f", "kommune-0657", is_chair=True),
]
PICK = st.integers(0, 7)


@pytest.mark.ledger("O-5.3-11")
def test_the_table_is_the_one_that_is_meant() -> None:
    assert {str(one): {*map(str, after)} for one, after in TRANSITIONS.items()} == {
        before: set(after.split()) for before, after in WAYS.items()
    }


class Line(RuleBasedStateMachine):
    """One activation's line, with a model that knows who wrote, cleared and waited."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.line: list[Message] = []
        self.wrote: dict[int, set[str]] = {}
        self.said: dict[int, set[str]] = {}
        self.over: set[int] = set()
        self.asked: dict[int, datetime] = {}
        self.replaced: dict[int, int] = {}

    def take(self, decision: Decision) -> None:
        after = decision.message
        before = self.line[after.number].state
        assert after.state == before or str(after.state) in WAYS[before].split(), f"{before} → {after.state}"
        if any(one.what is Tell.APPROVAL_ASKED for one in decision.told):
            self.asked[after.number] = self.now
        self.line[after.number] = after

    def new(self, message: Message, by: Actor) -> None:
        assert message.state is State.DRAFT
        self.line.append(message)
        self.wrote[message.number], self.said[message.number] = {by.person}, set()

    @rule(by=st.sampled_from(PEOPLE), touches=st.booleans())
    def draft(self, by: Actor, touches: bool) -> None:
        if len(self.line) < 4:
            wanted = replace(WARNING, number=len(self.line), sectors=SECTORS if touches else frozenset())
            self.new(rules.draft(wanted, by, self.now).message, by)

    @rule(by=st.sampled_from(PEOPLE), pick=PICK, kind=st.sampled_from(Correction))
    def correct(self, by: Actor, pick: int, kind: Correction) -> None:
        if not 0 < len(self.line) < 4:
            return
        original, number = self.line[pick % len(self.line)], len(self.line)
        try:
            made = sending.correct(original, replace(WARNING, number=number), kind, by, self.now).message
        except Refusal:
            assert original.state is not State.SENT
            return
        assert original.state is State.SENT
        self.new(made, by)

    @rule(by=st.sampled_from(PEOPLE), pick=PICK, act=st.sampled_from(sorted(ACTS)))
    def do_anything(self, by: Actor, pick: int, act: str) -> None:
        if self.line:
            self.do(act, self.line[pick % len(self.line)], by)

    @rule(by=st.sampled_from(PEOPLE), pick=PICK, choice=PICK)
    def do_what_fits(self, by: Actor, pick: int, choice: int) -> None:
        fitting = [one for one in self.line if self.acts(one)]
        if fitting:
            message = fitting[pick % len(fitting)]
            acts = self.acts(message)
            self.do(acts[choice % len(acts)], message, by)

    @rule(by=st.sampled_from(PEOPLE), pick=PICK)
    def go_on(self, by: Actor, pick: int) -> None:
        """Do what leads to the reader: without it few runs would come so far."""
        onward = {"draft": "submit", "clearing": "clear", "cleared": "approve", "approved": "send", "returned": "edit"}
        fitting = [one for one in self.line if str(one.state) in onward]
        if fitting:
            message = fitting[pick % len(fitting)]
            self.do(onward[str(message.state)], message, by)

    @rule(pick=PICK)
    def let_the_chair_go_alone(self, pick: int) -> None:
        fitting = [one for one in self.line if one.state is State.CLEARED]
        if fitting:
            self.do("approve_alone", fitting[pick % len(fitting)], PEOPLE[2])

    @staticmethod
    def acts(message: Message) -> list[str]:
        return [act for act, states in ACTS.items() if str(message.state) in states.split()]

    def do(self, act: str, message: Message, by: Actor) -> None:
        allowed = str(message.state) in ACTS[act].split() and self.may(act, message, by)
        try:
            decision = self.run(act, message, by)
        except Refusal:
            assert not allowed, f"{act} of {message.state} by {by} was refused"
            return
        assert allowed, f"{act} of {message.state} by {by} was let through"
        self.note(act, message, by)
        self.take(decision)

    def run(self, act: str, message: Message, by: Actor) -> Decision:
        arguments: dict[str, tuple[Any, ...]] = {
            "edit": (DANISH, None, INFO, self.now),
            "recall": (),
            "withdraw": (),
            **dict.fromkeys(("submit", "clear", "approve"), (self.now,)),
        }
        if act == "send":
            original = None if message.corrects is None else self.line[message.corrects]
            sent = sending.send(message, original, self.now)
            if sent.original:
                self.take(sent.original)
                assert message.corrects is not None
                assert message.corrects not in self.replaced, "one message is replaced once"
                self.replaced[message.corrects] = message.number
            return sent.decision
        decision: Decision = getattr(rules, act)(message, by, *arguments.get(act, ("grund", self.now)))
        return decision

    def may(self, act: str, message: Message, by: Actor) -> bool:  # noqa: PLR0911  one answer an act
        police, number = by.authority == "politi-mvj", message.number
        chair = by.person == "c"
        match act:
            case "edit" | "submit" | "recall" | "withdraw":
                return chair or by.authority == message.authority
            case "clear" | "object_to":
                return by.person in "de" and bool(message.sectors)
            case "override":
                return chair
            case "approve":
                return police and by.person not in self.wrote[number]
            case "approve_alone":
                return chair and self.now - self.asked[number] >= timedelta(minutes=3)
            case "send":
                return message.corrects is None or self.line[message.corrects].state is State.SENT
        return police

    def note(self, act: str, message: Message, by: Actor) -> None:
        said = self.said[message.number]
        match act:
            case "edit":
                self.wrote[message.number].add(by.person)
            case "clear":
                said.add(by.authority)
            case "object_to":
                said.discard(by.authority)
            case "override":
                self.over.add(message.number)
            case "submit" | "recall" | "give_back":
                said.clear()
                self.over.discard(message.number)

    @rule(seconds=st.sampled_from([1, 60, 179, 180]))
    def wait(self, seconds: int) -> None:
        if self.now + timedelta(seconds=seconds) < INFO.expires:
            self.now += timedelta(seconds=seconds)

    @rule(pick=PICK)
    def end(self, pick: int) -> None:
        if self.line:
            message = self.line[pick % len(self.line)]
            ended = sending.expire(message, INFO.expires)
            assert (ended is not None) == (message.state is State.SENT)
            if ended and pick == 0:
                self.take(ended)

    @rule(by=st.sampled_from(PEOPLE), pick=PICK)
    def warn(self, by: Actor, pick: int) -> None:
        if self.line:
            with suppress(Refusal):
                self.take(sending.record_warned(self.line[pick % len(self.line)], by, "DR", self.now, "1", self.now))

    @invariant()
    def what_is_sent_was_cleared_and_approved_by_somebody_else_or_by_the_chair_alone(self) -> None:
        for one in self.line:
            if one.sent_at is None:
                continue
            assert one.sectors <= self.said[one.number] or one.number in self.over
            assert one.approved
            assert one.approved.person in "abc"
            assert one.needs_review if one.is_alone else one.approved.person not in self.wrote[one.number]

    @invariant()
    def no_two_share_a_number(self) -> None:
        assert [one.number for one in self.line] == list(range(len(self.line)))

    @invariant()
    def nobody_counts_as_warned_without_a_record(self) -> None:
        current = [one for one in self.line if one.state is State.SENT]
        is_warned = bool(current) and all(one.warned for one in current)
        assert sending.banner(self.line).startswith("VARSLET") == is_warned


Line.TestCase.settings = settings(max_examples=500, stateful_step_count=50, deadline=None)
TestLine = pytest.mark.ledger("O-5.3-11")(Line.TestCase)


def test_the_page_says_the_transitions_as_the_code_has_them() -> None:
    page = (ROOT / "docs/architecture/beredskabsstab.md").read_text(encoding="utf-8")
    table = page.partition("<!-- states: message -->")[2].partition("<!-- /states -->")[0]
    rows = [line.strip("|").split("|") for line in table.strip().splitlines()[2:]]
    written = {before.strip(): {*after.replace(",", " ").split()} for before, after in rows}
    assert written == {str(one): {*map(str, after)} for one, after in TRANSITIONS.items()}
