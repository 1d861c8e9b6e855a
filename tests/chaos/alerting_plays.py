"""The kill matrix of alerting: who is killed, at which moment of an alert, and by which mark it counts."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos import seams
from tests.chaos import seams_of_alerting as points
from tests.chaos.alerting_stage import NAME, Stage
from tests.chaos.duty import Person, Raised
from tests.chaos.field import DidNotBite
from tests.chaos.signals import KILL, WAIT, Mark, Order
from tests.component.alerting.gateways import A, B

ALERTING, KAFKA, POSTGRES = "alerting", "Kafka", "PostgreSQL"
VICTIMS = (ALERTING, KAFKA, POSTGRES)

BETWEEN_WAVES = "between_waves"
SAYING = frozenset({points.MID_CALLBACK, points.AT_THE_DOOR})
MOMENTS = {
    seams.AFTER_COMMIT: "after commit",
    points.AFTER_BROKER: "after the broker's acknowledgement",
    points.BEFORE_HAND_OVER: "before hand-over",
    points.BEFORE_RECORD: "after the provider's 200 and before its record",
    points.MID_CALLBACK: "during a callback",
    BETWEEN_WAVES: "between waves",
}
"""The six columns of the matrix."""

STANDS_S = 1.5
"""How long alerting stands at a point while somebody else is killed: it goes on into what is left."""

ON_DUTY, LATER, NEXT = 6, 2, 2
LATE_RECEIPT_S = 8.0
"""After the claim of a dead process has run out, so that only the same key keeps the message from going out twice."""

BREAKS = {"hang": "black-holed", "500": "500", "429": "429", "lose": "accept-and-lose"}


@dataclass(frozen=True, slots=True)
class Play:
    """One fault of the third layer."""

    name: str
    strike: Callable[[Stage], str]


def killed(victim: str, point: str) -> Play:
    """Return the play that kills a victim at a moment of an alert."""
    name = f"kill -9 {victim} {MOMENTS.get(point, 'in the door of a callback')}"

    def strike(stage: Stage) -> str:
        with killing(stage, victim, point, name) as one:
            return one.play()

    return Play(name, strike)


@contextmanager
def killing(stage: Stage, victim: str, point: str, name: str = "") -> Iterator["Killing"]:
    """Prepare a fault, and take back at the end what of it did not happen."""
    with ThreadPoolExecutor(1) as beside:
        try:
            yield Killing(stage, victim, point, name, beside)
        finally:
            stage.ground.runner.disarm()
            stage.duty.gateways.behave(A)


@dataclass(frozen=True, slots=True)
class Struck:
    """What a fault did."""

    raised: Raised
    """The alert that it disturbed."""
    following: Raised
    """The next one, raised as soon as that was possible."""
    at: float
    back: float
    told: str


@dataclass(slots=True)
class Killing:
    """One alert that is disturbed, and the next one, which must find everything in order again."""

    stage: Stage
    victim: str
    point: str
    name: str
    beside: ThreadPoolExecutor

    def play(self) -> str:
        """Raise, kill, raise again, wait until all that waited was handed over, and let somebody answer."""
        struck = self.strike()
        left_alone = self._answer_at_once(struck.raised)
        came = self.stage.handed_over(struck.raised.keys(1, without=left_alone) | struck.following.keys(1))
        took = max([0.0, *(at - struck.back for at in came.values() if at > struck.at)])
        self.stage.next_hand_over[self.name] = took
        if not left_alone and self.point not in SAYING:
            self.stage.duty.reply(struck.raised, struck.raised.first[0])
        if self.point == BETWEEN_WAVES:
            self._second_wave(struck.raised)
        return f"{struck.told}; all that waited was handed over {took:.1f} s after it was back"

    def strike(self) -> Struck:
        """Raise an alert, kill the victim in it, and raise the next one."""
        duty = self.stage.duty
        next_ones, following = duty.people(NEXT), list[Raised]()
        raising, mark = self._disturb()
        told, back = self._harm(mark, lambda: following.append(duty.raise_for(*next_ones, NEXT)))
        return Struck(raising.result(), following[0], mark.at, back, told)

    def _second_wave(self, raised: Raised) -> None:
        """Wait for the second step; somebody answers on the keypad."""
        self.stage.handed_over(raised.keys(2, without=raised.first[:1]))
        self.stage.duty.press(raised, raised.first[1])

    def _disturb(self) -> tuple[Future[Raised], Mark]:
        """Bring an alert to the moment; returns the alert, which may not be promised yet, and who stands there."""
        stage, duty = self.stage, self.stage.duty
        people = duty.people(ON_DUTY, LATER)
        if self.point not in SAYING and self.point != BETWEEN_WAVES:
            if self.point == points.BEFORE_RECORD and self.victim == ALERTING:
                duty.gateways.behave(A, receipt_after_s=LATE_RECEIPT_S)
            order = self._order()
            raising = self.beside.submit(duty.raise_for, *people, ON_DUTY)
            return raising, stage.ground.marked(order)
        raising = self.beside.submit(duty.raise_for, *people, ON_DUTY)
        stage.delivered(raising.result().keys(1))
        return raising, self._said(raising.result()) if self.point in SAYING else self._now()

    def _order(self) -> Order:
        action, wait_s = (KILL, 0.0) if self.victim == ALERTING else (WAIT, STANDS_S)
        return self.stage.ground.order("alerting", self.point, action, passages=1, wait_s=wait_s)

    def _said(self, raised: Raised) -> Mark:
        """Let somebody say something, and wait until it is being handled."""
        order = self._order()
        self.stage.duty.reply(raised, raised.first[0])
        return self.stage.ground.marked(order)

    def _now(self) -> Mark:
        """Kill alerting here and now, where it is the one; nobody stands anywhere between waves."""
        pid = self.stage.ground.kill(NAME) if self.victim == ALERTING else 0
        return Mark(BETWEEN_WAVES, NAME, pid, time.time(), [])

    def _harm(self, mark: Mark, raise_next: Callable[[], None]) -> tuple[str, float]:
        """Let the victim die; returns how that is told, and when it was back."""
        stage = self.stage
        if self.victim == ALERTING:
            told, back = stage.died(mark)
            raise_next()
            return told, back
        if self.victim == POSTGRES:
            self._must_stand(mark)
            told, back = stage.kill_database()
            raise_next()
            return told, back
        old = stage.stack.processes["kafka"].pid
        self._must_stand(mark)
        stage.kill_broker()
        try:
            raise_next()
            waiting = stage.count("select count(*) from outbox")
        finally:
            stage.ground.start_broker()
        if not waiting:
            raise DidNotBite("no event waited while the broker was away")
        return f"pid {old} killed, now {stage.stack.processes['kafka'].pid}; {waiting} event(s) waited", time.time()

    def _must_stand(self, mark: Mark) -> None:
        """Refuse to count a fault whose moment has passed."""
        if mark.pid and time.time() > mark.at + STANDS_S:
            raise DidNotBite(f"alerting stood at {self.point} no more")

    def _answer_at_once(self, raised: Raised) -> list[Person]:
        """Let the desk answer for somebody whose message a dead process had in hand: it must not go out any more."""
        if self.victim != ALERTING or self.point != points.BEFORE_HAND_OVER:
            return []
        self.stage.duty.answer_for(raised, raised.first[0])
        return [raised.first[0]]


def broken_provider(mode: str) -> Play:
    """Return the play in which the first provider does not do its work."""
    name = f"first provider {BREAKS[mode]}"

    def strike(stage: Stage) -> str:
        _until_asked_first(stage)
        stage.duty.gateways.behave(A, mode)
        try:
            raised = stage.duty.call_in(ON_DUTY)
            began = time.time()
            came = stage.handed_over(raised.keys(1), B)
        finally:
            stage.duty.gateways.behave(A)
            stage.ground.harmed_at = time.time()
        sql = "select count(*) from delivery where key = any($1) and attempts > 1"
        twice = stage.count(sql, list(raised.keys(1)))
        if not twice:
            raise DidNotBite("the first provider was not asked")
        stage.taken_over[name] = max(came.values()) - began
        return f"{twice} of {len(came)} were tried with it; the second one had all after {stage.taken_over[name]:.1f} s"

    return Play(name, strike)


def _until_asked_first(stage: Stage) -> None:
    """Raise alerts until nobody takes the first provider for broken any more."""

    def asked() -> bool:
        raised = stage.duty.call_in(1)
        stage.handed_over(raised.keys(1))
        return bool(stage.duty.first_at(raised.keys(1), A))

    stage.ground.until(asked, "the first provider is not asked first again")


MATRIX = [
    *(killed(victim, point) for point in MOMENTS for victim in VICTIMS),
    killed(ALERTING, points.AT_THE_DOOR),
    *(broken_provider(mode) for mode in BREAKS),
]
"""Eighteen cells, the door of the callbacks, and four ways in which a provider breaks."""
