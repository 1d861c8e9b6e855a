"""How long things are kept: in any history of decisions and days nothing open goes, and nothing closed stays."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.concerns.domain.calendar import danish_day, eighteen_on, end_of_day
from services.concerns.domain.candidate import UNSENT
from services.concerns.domain.candidate import State as CandidateState
from services.concerns.domain.codes import CodeEntry, CodeList
from services.concerns.domain.codes import Role as CodeRole
from services.concerns.domain.retention import (
    LOOK_AGAIN,
    REJECTED,
    NotRetracted,
    Order,
    OrderDiffers,
    SameOrderer,
    candidate_due,
    confirm,
    is_open,
    may_go,
    months_kept,
    underretning_due,
)
from services.concerns.domain.underretning import State

pytestmark = pytest.mark.ledger("L-18")

START = datetime(2026, 3, 31, 9, tzinfo=UTC)
DAYS = st.dates(date(2008, 4, 1), date(2026, 3, 30))


@given(DAYS)
def test_a_sent_underretning_stays_five_years_and_until_the_child_is_grown(born: date) -> None:
    due = underretning_due(START, born, unborn=False)
    assert due >= end_of_day(date(2031, 3, 31))
    assert due >= end_of_day(eighteen_on(born))
    assert due in {end_of_day(date(2031, 3, 31)), end_of_day(eighteen_on(born))}


def test_an_expected_child_and_one_whose_birth_nobody_knows_are_kept_until_they_must_be_grown() -> None:
    assert underretning_due(START, None, unborn=True) == end_of_day(date(2045, 3, 31))
    assert underretning_due(START, None, unborn=False) == end_of_day(date(2044, 3, 31))


def test_a_registration_stays_as_long_as_any_released_list_could_use_it() -> None:
    roles = frozenset({CodeRole.OFFENDER})
    first = CodeList(1, {"G03": CodeEntry("x", roles, solo=False, window=36), "G11": CodeEntry("y", roles, False, 24)})
    second = CodeList(2, {"G03": CodeEntry("x", roles, solo=False, window=12)})
    assert months_kept([first, second]) == {"G03": 36, "G11": 60}


def test_an_order_needs_another_person_with_the_same_reason_and_nothing_that_a_receiver_holds() -> None:
    order = Order("retracted", "one", None)
    assert confirm(None, "one", "retracted", unretracted=False) is False
    assert confirm(order, "two", "retracted", unretracted=False) is True
    with pytest.raises(SameOrderer):
        confirm(order, "one", "retracted", unretracted=False)
    with pytest.raises(OrderDiffers):
        confirm(order, "two", "wrongly_made", unretracted=False)
    with pytest.raises(NotRetracted):
        confirm(order, "two", "retracted", unretracted=True)


@dataclass
class Kept:
    """One child's candidate and what it becomes, as the tables hold it, with the deadline that guards it."""

    state: CandidateState = CandidateState.FOUND
    sent: State | None = None
    retracted: bool = False
    correction_waits: bool = False
    due: datetime | None = None
    gone: bool = False


class Keeping(RuleBasedStateMachine):
    """Officers and municipalities act in any order while days pass; each deadline fires when it is due."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.one = Kept()

    @precondition(lambda self: self.one.state in UNSENT)
    @rule(state=st.sampled_from([CandidateState.REJECTED, CandidateState.GROUND_FELL, CandidateState.IN_REVIEW]))
    def decide(self, state: CandidateState) -> None:
        """Dismiss it, find its ground fallen, or ask for more."""
        self.one.state = state
        self.one.due = candidate_due(self.now) if may_go(state) else None

    @precondition(lambda self: self.one.state in UNSENT)
    @rule(born=DAYS)
    def send(self, born: date) -> None:
        """Approve and send it."""
        self.one.state, self.one.sent = CandidateState.APPROVED, State.SENT
        self.one.due = underretning_due(self.now, born, unborn=False)

    @precondition(lambda self: self.one.sent is not None and not self.one.gone)
    @rule(state=st.sampled_from([State.DELIVERED, State.ACKNOWLEDGED, State.FEEDBACK, State.CLOSED]))
    def answer(self, state: State) -> None:
        """Let the municipality act."""
        self.one.sent = state

    @precondition(lambda self: self.one.sent is not None and not self.one.gone)
    @rule(retracted=st.booleans(), waits=st.booleans())
    def correct(self, *, retracted: bool, waits: bool) -> None:
        """Let the source change its mind, and a person send what follows."""
        self.one.retracted, self.one.correction_waits = self.one.retracted or retracted, waits

    @rule(days=st.integers(1, 4000))
    def wait(self, days: int) -> None:
        """Let days pass, and what is due be done."""
        end = self.now + timedelta(days)
        while self.one.due is not None and self.one.due <= end:
            self.now, self.one.due = max(self.now, self.one.due), None
            self._fire()
        self.now = end

    def _fire(self) -> None:
        if self.one.sent is None:
            self.one.gone = may_go(self.one.state)
        elif self._open():
            self.one.due = self.now + LOOK_AGAIN
        else:
            self.one.gone = True

    def _open(self) -> bool:
        sent = self.one.sent
        return sent is not None and is_open(
            sent, retracted=self.one.retracted, correction_waits=self.one.correction_waits
        )

    @invariant()
    def nothing_open_goes(self) -> None:
        """What somebody works on is there."""
        if self.one.state in UNSENT or self._open():
            assert not self.one.gone

    @invariant()
    def whatever_may_go_has_a_day(self) -> None:
        """Nothing is kept for ever: what nobody works on is gone or has a deadline."""
        if self.one.state not in UNSENT:
            assert self.one.gone or self.one.due is not None

    @invariant()
    def nothing_goes_before_its_day(self) -> None:
        """Nothing is deleted within its period."""
        if self.one.gone:
            assert self.now >= START + REJECTED
            if self.one.sent is not None:
                assert danish_day(self.now) >= date(2031, 3, 31)


TestKeeping = Keeping.TestCase
TestKeeping.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
