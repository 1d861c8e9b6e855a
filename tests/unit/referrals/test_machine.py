"""The machine goes the documented ways and no others, held against a model that was written by itself.

`MODEL_RUNS=500 MODEL_STEPS=50` plays as many; a difference fails and is named with the shortest way to it.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contracts.refusal import Refusal, StaleVersion
from services.referrals.domain.ages import Span
from services.referrals.domain.consents import Consent, ConsentState, new_consents
from services.referrals.domain.family import consequences, passed_on, reopened, withdraw_everywhere
from services.referrals.domain.programmes import Consenter, programme, programmes
from services.referrals.domain.referral import Details, Referral, act, draft
from services.referrals.domain.referral_refusals import NotInThisState, NotYourAct
from services.referrals.domain.referral_words import ACTIONS, SIDES, STATES, said
from services.referrals.domain.states import OPEN, WAYS, Action, Side, State
from tests.each import each
from tests.unit.referrals import model
from tests.unit.referrals.model import One, With

RUNS, STEPS = int(os.environ.get("MODEL_RUNS", "50")), int(os.environ.get("MODEL_STEPS", "30"))
ROOT = Path(__file__).parent.parent.parent.parent
AT = datetime(2023, 6, 1, 9, tzinfo=UTC)
ID = UUID(int=1)
RARELY, ALL_RUNS = 70, 500
CODES = ["", "made_up", *sorted({code for codes in model.CODES.values() for code in codes})]


def new(code: str, number: int = 1) -> Referral:
    """Return a draft under a programme; whoever is concerned is under 18."""
    rules, child = programme(code), Span.parse("17y")
    consents = new_consents(UUID(int=number), rules.needs_consent_of(child, child))
    return draft(UUID(int=number), rules, AT, receiver="kommune-0657", person=ID, consents=consents)


def in_state(state: State) -> Referral:
    """Return a referral that stands there, with all that could let an act be refused for another reason put right."""
    one = new("rusmiddel")
    given = {Consenter.PERSON: Consent(ID, ConsentState.GIVEN)}
    return Referral(
        one.id, one.programme, one.person, one.receiver, state, AT, given, cancel_proposed=True, minimisation_due=True
    )


@each(("state", "action", "side"), product(State, Action, Side))
def test_what_is_not_in_the_table_is_refused_and_the_refusal_says_what_is(
    state: State, action: Action, side: Side
) -> None:
    way = model.WAYS.get((state.value, action.value))
    mine = [name for (before, name), (who, _) in model.WAYS.items() if (before, who) == (state.value, side.value)]
    if way and way[0] == side.value:
        assert action.value in mine
        assert WAYS[action].moves[state].value == way[1]
        return
    with pytest.raises((NotYourAct, NotInThisState)) as refusal:
        act(in_state(state), programme("rusmiddel"), action, side, AT)
    said_allowed = set(str(refusal.value.facts["allowed"]).split(", "))
    assert said_allowed == ({ACTIONS[Action(name)] for name in mine} or {"intet"})
    assert refusal.value.facts["state"] == STATES[state][0]
    assert (refusal.value.status == 403) == (WAYS[action].side is not side)


def test_the_table_and_the_machine_name_the_same_ways() -> None:
    ways = {(b.value, a.value): (way.side.value, t.value) for a, way in WAYS.items() for b, t in way.moves.items()}
    assert ways == model.WAYS
    assert (set(State), set(Action), set(Side)) == (model.STATES, model.ACTIONS, model.SIDES)


def test_the_page_and_the_machine_name_the_same_ways() -> None:
    page = (ROOT / "docs" / "architecture" / "referrals.md").read_text(encoding="utf-8")
    drawn = {(b, a): (side, to) for b, to, side, a in re.findall(r"(\w+) --> (\w+): (\w+) (\w+)", page)}
    besides = {(state.value, "enter_in_error"): ("manager", "entered_in_error") for state in State}
    del besides["entered_in_error", "enter_in_error"]
    assert drawn | besides == model.WAYS


def test_every_state_action_and_side_has_its_words_and_no_two_the_same() -> None:
    assert (set(STATES), set(ACTIONS), set(SIDES)) == (set(State), set(Action), set(Side))
    words = [said(one) for one in (*State, *Action, *Side)]
    assert len(set(words)) == len(words)
    assert all(sentence.endswith(".") for _, sentence in STATES.values())


def test_who_read_an_older_version_is_told_so() -> None:
    one = new("ssp")
    assert act(one, programme("ssp"), Action.REQUEST, Side.SENDER, AT, expected=1).version == 2
    with pytest.raises(StaleVersion):
        act(one, programme("ssp"), Action.REQUEST, Side.SENDER, AT, expected=2)


TO = {
    "draft": "",
    "awaiting_consent": "ask_consent",
    "requested": "ask_consent give_consent",
    "received": "ask_consent give_consent receive",
    "accepted": "ask_consent give_consent receive accept",
    "in_progress": "ask_consent give_consent receive accept begin",
    "on_hold": "ask_consent give_consent receive accept begin hold",
    "rerouted": "ask_consent give_consent receive reroute",
    "rejected": "ask_consent give_consent receive reject",
    "completed": "ask_consent give_consent receive accept begin complete",
    "failed": "ask_consent give_consent receive accept fail",
    "cancelled": "cancel",
    "withdrawn": "ask_consent give_consent receive withdraw",
    "expired": "ask_consent give_consent expire",
    "entered_in_error": "ask_consent give_consent receive enter_in_error",
}


class Machine(RuleBasedStateMachine):
    """Plays the rules and the model side by side, with several referrals that follow each other."""

    walked: ClassVar[set[tuple[str, str]]] = set()

    @initialize(
        code=st.sampled_from(["rusmiddel", "konfliktraad", "ssp", "bandeexit"]), state=st.sampled_from(sorted(TO))
    )
    def begin(self, code: str, state: str) -> None:
        """Draft the first, and bring it to where chance begins."""
        self.programme, self.at = programme(code), AT
        first = new(code)
        self.real = [first]
        self.model = [One({of.value: "not_asked" for of in first.consents})]
        for step in TO[state].split():
            self.walk(0, step)

    @rule(
        which=st.integers(0, 9),
        action=st.sampled_from(list(Action)),
        own_side=st.integers(0, 9),
        side=st.sampled_from(list(Side)),
        text=st.sampled_from(["", " ", "Fordi.", "Fordi."]),
        code=st.sampled_from(CODES),
        of=st.sampled_from([None, *Consenter]),
        review=st.sampled_from([-1, 0, 1, 24]),
        attempts=st.integers(0, 2),
    )
    def attempt(
        self,
        which: int,
        action: Action,
        own_side: int,
        side: Side,
        text: str,
        code: str,
        of: Consenter | None,
        review: int,
        attempts: int,
    ) -> None:
        """Try anything, mostly on the side whose it is."""
        side = WAYS[action].side if own_side else side
        details = Details(text, code, of, self.at + timedelta(hours=review), attempts)
        self._attempt(which % len(self.real), action, side, details)

    @rule(which=st.integers(0, 9), choice=st.integers(0, 99), of=st.sampled_from(list(Consenter)))
    def go_further(self, which: int, choice: int, of: Consenter) -> None:
        """As the next: the more often it goes on, the further it comes."""
        self.go_on(which, choice, of)

    @rule(which=st.integers(0, 9), choice=st.integers(0, 99), of=st.sampled_from(list(Consenter)))
    def go_on(self, which: int, choice: int, of: Consenter) -> None:
        """Do something that the table allows, with all that it needs."""
        number = which % len(self.real)
        state = self.model[number].state
        ways = [(name, side, to) for (before, name), (side, to) in model.WAYS.items() if before == state]
        # Most ways end it, and little happens after an end: they are rarely gone.
        lasting = [way for way in ways if way[2] not in model.ENDS] if choice < RARELY else ways
        if lasting:
            name, side, _ = lasting[choice % len(lasting)]
            codes = sorted(model.CODES.get(name, {""}))
            of = next(iter(self.real[number].consents), of) if len(self.real[number].consents) == 1 else of
            details = Details("Fordi.", codes[choice % len(codes)], of, self.at + timedelta(days=1), 1)
            self._attempt(number, Action(name), Side(side), details)

    def walk(self, number: int, name: str) -> None:
        """Go one way, with all that it needs and after its deadline; all who must give their consent do."""
        consents, before = self.real[number].consents, self.real[number].version
        if not consents and name in {"ask_consent", "give_consent", "withdraw"}:
            # It rests on nobody's consent: it is sent at once, and nobody withdraws it.
            name = {"ask_consent": "request", "withdraw": "cancel"}.get(name, "")
        for of in list(consents) if name == "give_consent" else [Consenter.PERSON]:
            self._walk(number, name, of)
        assert not name or self.real[number].version > before

    def _walk(self, number: int, name: str, of: Consenter) -> None:
        self.wait(24 * 40 if name == "expire" else 1)
        if name:
            details = Details("Fordi.", min(model.CODES.get(name, {""})), of, self.at + timedelta(days=1), 1)
            self._attempt(number, Action(name), WAYS[Action(name)].side, details)

    def _attempt(self, number: int, action: Action, side: Side, details: Details) -> None:
        one, twin = self.real[number], self.model[number]
        given = With(
            text=bool(details.text.strip()),
            code=details.code,
            of=details.consenter.value if details.consenter else "",
            review=details.review_at is not None and details.review_at > self.at,
            attempts=details.attempts,
            late=one.due is not None and self.at >= one.due,
        )
        expected, refused = twin.expect(action.value, side.value, given), ""
        try:
            self.real[number] = act(one, self.programme, action, side, self.at, details, expected=one.version)
        except Refusal as refusal:
            refused = refusal.slug
        assert refused == expected
        if not refused:
            twin.do(action.value, given)
            if action is Action.REROUTE:
                self._pass_on(number)
            if action is Action.WITHDRAW and details.consenter:
                self._withdraw_everywhere(one.consents[details.consenter].id, details.consenter)
            twin.follow()
            self._follow(number)
        self.look()

    def _pass_on(self, number: int) -> None:
        parent = self.real[number]
        receiver = f"kommune-{len(self.real)}"
        self.real.append(passed_on(parent, UUID(int=len(self.real) + 1), receiver, self.programme, self.at))
        self.model.append(self.model[number].pass_on())

    def _follow(self, number: int) -> None:
        for follows in consequences(self.real[number], self.real):
            follower = next(place for place, one in enumerate(self.real) if one.id == follows.referral)
            one, details = self.real[follower], Details(text="Følger en anden.")
            self.real[follower] = act(one, self.programme, follows.action, follows.side, self.at, details)
            self._follow(follower)

    @rule(hours=st.sampled_from([1, 24, 24 * 8, 24 * 40]))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.at += timedelta(hours=hours)

    @rule(which=st.integers(0, 9), of=st.sampled_from(list(Consenter)), sure=st.integers(0, 3))
    def withdraw_everywhere(self, which: int, of: Consenter, sure: int) -> None:
        """Withdraw one consent from all that rests on it, now and then."""
        consent = self.real[which % len(self.real)].consents.get(of)
        if consent is None or sure:
            return
        self._withdraw_everywhere(consent.id, of)
        self.look()

    def _withdraw_everywhere(self, consent: UUID, of: Consenter) -> None:
        rests = [place for place, one in enumerate(self.real) if one.consents[of].id == consent]
        for one in withdraw_everywhere(self.real, consent, programmes(), self.at):
            self.real[next(place for place, old in enumerate(self.real) if old.id == one.id)] = one
        for twin in (self.model[place] for place in rests if self.model[place].consents[of.value] == "given"):
            if (twin.state, "withdraw") in model.WAYS:
                twin.do("withdraw", With(of=of.value))
            else:
                twin.consents[of.value], twin.version = "withdrawn", twin.version + 1

    @rule(which=st.integers(0, 9), side=st.sampled_from([Side.MANAGER, Side.MANAGER, Side.RECEIVER]))
    def reopen(self, which: int, side: Side) -> None:
        """Continue an ended one in a new one."""
        number = which % len(self.real)
        one, twin, refused = self.real[number], self.model[number], ""
        able = twin.state in {"completed", "failed", "rejected", "expired"}
        expected = "not-your-act" if side is not Side.MANAGER else "" if able else "not-in-this-state"
        try:
            again = reopened(one, uuid5(ID, str(len(self.real))), side, "Ny viden.", self.programme, self.at)
            assert (again.continues, again.depth, again.parent) == (one.id, 0, None)
            self.real.append(again)
            kept = {of: state if state == "given" else "not_asked" for of, state in twin.consents.items()}
            self.model.append(One(kept))
        except Refusal as refusal:
            refused = refusal.slug
        assert refused == expected
        self.look()

    def look(self) -> None:
        """Hold everything against the model, and against what always is so."""
        for one, twin in zip(self.real, self.model, strict=True):
            assert (one.state, one.version, one.depth) == (twin.state, twin.version, twin.depth)
            assert {of.value: consent.state.value for of, consent in one.consents.items()} == twin.consents
            assert (one.cancel_proposed, one.was_taken) == (twin.proposed, twin.taken)
            assert (one.minimisation_due, one.settled) == (twin.to_delete, twin.settled)
            assert one.owed_by == twin.owed_by()
            assert one.is_open == (one.state in OPEN) == (twin.state not in model.ENDS)
            # Nothing that somebody owes is without a deadline, and nothing else has one.
            assert (one.due is None) == (one.owed_by is None)
        open_parents = [twin for twin in self.model if twin.state == "rerouted"]
        assert all(any(child.state not in model.ENDS for child in twin.children) for twin in open_parents)

    def teardown(self) -> None:
        """Remember where it went."""
        for twin in getattr(self, "model", []):
            self.walked.update(twin.walked)


FIRST = {(state, "agree_cancel"): "propose_cancel" for state in model.TAKEN}
FIRST["awaiting_consent", "withdraw"] = "give_consent"
PROGRAMMES = {("draft", "request"): "ssp", ("awaiting_consent", "withdraw"): "konfliktraad"}
BY_THE_NEW_ONE = {"reroute_accepted": "receive accept", "reroute_ended": "receive reject"}


def every_way() -> None:
    """Walk each documented way once, whatever chance finds besides."""
    for state, action in model.WAYS:
        one = Machine()
        one.begin(PROGRAMMES.get((state, action), "rusmiddel"), state)
        for step in FIRST.get((state, action), "").split():
            one._walk(0, step, Consenter.PERSON)
        for step in BY_THE_NEW_ONE.get(action, "").split():
            one.walk(1, step)
        if action not in BY_THE_NEW_ONE:
            one.walk(0, action)
        one.teardown()


@pytest.mark.timeout(1800)
def test_the_machine_and_the_model_never_differ() -> None:
    Machine.walked.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    by_chance = set(Machine.walked)
    every_way()
    assert Machine.walked == set(model.WAYS)
    # Few runs come less far; all of them must come nearly everywhere, or the model was hardly asked.
    assert RUNS < ALL_RUNS or len(by_chance) > len(model.WAYS) * 3 // 4
