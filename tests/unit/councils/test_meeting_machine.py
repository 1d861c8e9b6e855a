"""The meeting against a model of its own: whatever is tried in whatever order, both say the same."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.refusal import Refusal
from services.councils.domain import meetings
from services.councils.domain.bodies import BodyKind
from services.councils.domain.meetings import Meeting

BEGINNING = datetime(2027, 1, 4, 9, tzinfo=UTC)


class MeetingMachine(RuleBasedStateMachine):
    """The model knows days alone: when it is, when the meeting is, what was sent, and a word for how far it is."""

    @initialize(ordinary=st.booleans(), ahead=st.integers(1, 60))
    def plan(self, ordinary: bool, ahead: int) -> None:
        self.today, self.day = 0, ahead
        self.ordinary = ordinary
        self.sent: set[str] = set()
        self.word = "planned"
        self.edition = 0
        starts_at = BEGINNING + timedelta(ahead)
        facts = (uuid4(), uuid4(), BodyKind.LOKALRAAD, ordinary, starts_at, starts_at + timedelta(hours=2), "Herning")
        self.real = meetings.planned(Meeting(*facts, "haster"), BEGINNING)

    @property
    def now(self) -> datetime:
        return BEGINNING + timedelta(self.today, minutes=1)

    def _does(self, allowed: bool, act: object) -> bool:
        try:
            self.real = act()  # type: ignore[operator]
        except Refusal:
            assert not allowed
            return False
        assert allowed
        return True

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.today += days

    @rule()
    def notice(self) -> None:
        in_time = self.day - self.today >= (14 if self.ordinary else 1)
        allowed = self.word == "planned" and "notice" not in self.sent and in_time
        if self._does(allowed, lambda: meetings.noticed(self.real, self.now, self.real.version)):
            self.sent.add("notice")

    @rule()
    def agenda(self) -> None:
        in_time = self.day - self.today >= (7 if self.ordinary else 1)
        allowed = self.word == "planned" and "notice" in self.sent and in_time
        if self._does(allowed, lambda: meetings.agenda_sent(self.real, self.now, self.real.version)):
            self.word = "convened"

    @rule(days=st.integers(-5, 40))
    def move(self, days: int) -> None:
        to = self.today + days
        starts_at = BEGINNING + timedelta(to)
        same = starts_at == self.real.starts_at
        least = 14 if self.ordinary and "notice" in self.sent and not same else 1
        allowed = self.word in {"planned", "convened"} and days >= least

        def act() -> Meeting:
            return meetings.moved(self.real, starts_at, starts_at + timedelta(hours=1), "Ikast", self.now)

        if self._does(allowed, act):
            self.day = to
            self.edition += "notice" in self.sent

    @rule()
    def cancel(self) -> None:
        allowed = self.word in {"planned", "convened"}
        if self._does(allowed, lambda: meetings.cancelled(self.real, "aflyst", self.real.version)):
            self.word = "cancelled"
            self.edition += "notice" in self.sent

    @rule()
    def hold(self) -> None:
        allowed = self.word == "convened" and self.today >= self.day
        if self._does(allowed, lambda: meetings.held(self.real, self.now, self.real.version, 1)):
            self.word = "held"

    @rule()
    def write_minutes(self) -> None:
        if self._does(self.word == "held", lambda: meetings.minuted(self.real, self.real.version)):
            self.word = "minutes_drafted"

    @rule()
    def approve(self) -> None:
        if self._does(self.word == "minutes_drafted", lambda: meetings.approved(self.real)):
            self.word = "minutes_approved"

    @rule()
    def close(self) -> None:
        if self._does(self.word == "minutes_approved", lambda: meetings.closed(self.real, self.real.version)):
            self.word = "closed"

    @rule()
    def somebody_else_was_first(self) -> None:
        self._does(False, lambda: meetings.cancelled(self.real, "aflyst", self.real.version - 1))

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "real"):
            return
        assert self.real.state == self.word
        assert self.real.sequence == self.edition
        assert self.real.counts == (self.ordinary and self.word != "cancelled")
        assert (self.real.noticed_at is not None) == ("notice" in self.sent)
        beyond = {"held", "minutes_drafted", "minutes_approved", "closed"}
        assert self.word not in beyond or (self.real.noticed_at and self.real.agenda_sent_at and self.real.number)


TestMeetingMachine = MeetingMachine.TestCase
TestMeetingMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
