"""The kill matrix of the staff: who is killed, at which moment of an activation; and an hour without the broker."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import Any, Final
from uuid import UUID

from tests.chaos import seams
from tests.chaos import seams_of_beredskabsstab as points
from tests.chaos.field import DidNotBite
from tests.chaos.result import Result
from tests.chaos.signals import KILL, WAIT, Mark, Order
from tests.chaos.staff_stage import CHAIR, INFO, OFFICER, OPERATION, STAB, Played, StaffStage

ITSELF: Final = "beredskabsstab"
ALERTING, KAFKA, POSTGRES = "alerting", "Kafka", "PostgreSQL"
FIRST_ERRAND: Final = "first errand"
VICTIMS = (ITSELF, ALERTING, KAFKA, POSTGRES)
MOMENTS = {
    "accepted": "after the activation is accepted",
    "answer": "while an answer comes",
    "errand": "between commit and errand",
    "step": "while the step jumps",
    "taken": "after HTTP was taken and before it is noted",
    "end": "while it stands down",
}
"""The six columns of the matrix, in the order in which one activation goes through them."""

STANDS_S = 1.0
"""How long beredskabsstab stands at a point while somebody else is killed."""

KAFKA_DOWN_S = float(os.environ.get("KAFKA_DOWN_S", "20"))
"""How long the broker is away in its play; ten minutes are the gate, which nobody waits for at each run."""

WATCH, MEMBERS = frozenset({"vagt"}), frozenset({"stabsleder", "logfoerer", "stabsmedlem"})
PRESS = frozenset({"kommunikation"})
_numbers = count(1)


class Playing:
    """One activation from its beginning to its end, with one victim killed at each moment of it."""

    def __init__(
        self, stage: StaffStage, victim: str, result: Result, moments: frozenset[str] = frozenset(MOMENTS)
    ) -> None:
        self.stage, self.victim, self.result, self.moments = stage, victim, result, moments
        self.title = f"Proeve-{''.join(chr(ord('a') + int(digit)) for digit in str(next(_numbers)))}-slut"

    def play(self) -> None:
        """Activate, answer, step up twice, lose the quorum and win it again, and stand down."""
        one = self.activate()
        self.everybody_has_seen_it(one)
        self.step_up(one, STAB, "errand", MEMBERS)
        self.step_up(one, OPERATION, "step", PRESS)
        self.everybody_comes(one)
        self.the_desk_enters(one)
        self.end(one)

    def activate(self) -> Played:
        """Activate the staff; it is accepted when this returns."""
        first = self._order(FIRST_ERRAND, points.BEFORE_TELL)
        incident = {"cause": "haendelse_uvarslet", "title": self.title, "municipalities": ["0665", "0787"]}
        body = {"incident": incident, "step": INFO, "confirm": "SKARP"}
        answer = self._through("accepted", seams.AFTER_COMMIT, "activate", "/activations", OFFICER, body)
        one = Played(self.title, UUID(answer["activation_id"]), OPERATION)
        one.expected += [("FacilityReserved", ""), ("StaffActivated", INFO), ("StaffCalled", "")]
        self.stage.played.append(one)
        if first:
            self._strike(FIRST_ERRAND, lambda: self.stage.ground.marked(first))
        self.stage.until_called(self.title, self.stage.numbers(WATCH))
        return one

    def everybody_has_seen_it(self, one: Played) -> None:
        """Let everybody on duty answer."""
        order = self._order("answer", seams.BEFORE_HANDLER_COMMIT)
        self.stage.say(one, self.stage.numbers(WATCH), "1", "seen")
        if order:
            self._strike("answer", lambda: self.stage.ground.marked(order))
        self.stage.until_told(one.activation, "QuorumReached")
        one.expected.append(("QuorumReached", INFO))

    def step_up(self, one: Played, step: str, moment: str, new: frozenset[str]) -> None:
        """Put the staff one step up, and wait until who is new there is called."""
        point = points.BEFORE_TELL if moment == "errand" else seams.BEFORE_COMMIT
        path = f"/activations/{one.activation}/step"
        self._through(moment, point, f"step-{step}", path, OFFICER, {"step": step})
        one.expected += [("StepChanged", step), ("StaffCalled", "")]
        self.stage.until_called(self.title, self.stage.numbers(WATCH | new))

    def everybody_comes(self, one: Played) -> None:
        """Let everybody come; one says that they cannot after all, and then can."""
        stage = self.stage
        stage.say(one, stage.numbers(MEMBERS | PRESS), "1 30", "coming")
        stage.until_told(one.activation, "QuorumReached", 2)
        leader = stage.numbers(frozenset({"stabsleder"}))
        stage.say(one, leader, "2", "cannot")
        stage.until_told(one.activation, "QuorumLost")
        stage.say(one, leader, "1 20", "coming")
        stage.until_told(one.activation, "QuorumReached", 3)
        one.expected += [(f"Quorum{how}", OPERATION) for how in ("Reached", "Lost", "Reached")]

    def the_desk_enters(self, one: Played) -> None:
        """Enter that somebody comes by video, who rang the desk."""
        [number] = self.stage.numbers(frozenset({"logfoerer"}))
        call = self.stage.call_of(one.activation, number)
        order = self._order("taken", points.BEFORE_NOTE)
        body = {"answer": "virtual", "eta_minutes": 20, "source": "telephone"}
        path = f"/activations/{one.activation}/members/{call}/answer"
        self.stage.desk.command("answer", self.title, path, OFFICER, body)
        one.said[number] = "virtual"
        if order:
            self._strike("taken", lambda: self.stage.ground.marked(order))

    def end(self, one: Played) -> None:
        """Stand down, and wait until nobody is waited for."""
        stage = self.stage
        stage.until(lambda: one.said.items() <= stage.on_board(one.activation).items(), "an answer is not on the board")
        body = {"outcome": "stood_down", "reason": "Vandet falder.", "handed_over_to": "driften"}
        path = f"/activations/{one.activation}/stand-down"
        self._through("end", seams.AFTER_COMMIT, "end", path, CHAIR, body)
        one.expected += [("CallInEnded", "")] * 3 + [("StaffStoodDown", "")]
        stage.until(stage.is_quiet, "the activation did not come to rest")

    # -- how somebody is killed ----------------------------------------------------------------------------------------

    def _order(self, moment: str, point: str) -> Order | None:
        if moment not in self.moments:
            return None
        action, wait_s = (KILL, 0.0) if self.victim == ITSELF else (WAIT, STANDS_S)
        return self.stage.ground.order("beredskabsstab", point, action, passages=1, wait_s=wait_s)

    def _through(self, moment: str, point: str, what: str, path: str, who: tuple[str, ...], body: Any) -> Any:  # noqa: ANN401  any JSON
        """Send a command until it is accepted, and kill while it is under way."""
        order = self._order(moment, point)
        with ThreadPoolExecutor(1) as beside:
            sent: Future[Any] = beside.submit(self.stage.desk.command, what, self.title, path, who, body)
            if order:
                self._strike(moment, lambda: self.stage.ground.marked(order))
            return sent.result()

    def _strike(self, moment: str, marked: Callable[[], Mark]) -> None:
        self.result.meet(f"kill -9 {self.victim} {MOMENTS.get(moment, moment)}", lambda: self._harm(marked()))

    def _harm(self, mark: Mark) -> str:
        stage = self.stage
        if self.victim == ITSELF:
            return stage.died(mark)
        if time.time() > mark.at + STANDS_S:
            raise DidNotBite(f"beredskabsstab stood at {mark.order} no more")
        if self.victim == ALERTING:
            return stage.kill_alerting()
        if self.victim == POSTGRES:
            return stage.alerting.kill_database()[0]
        old = stage.alerting.stack.processes["kafka"].pid
        stage.alerting.kill_broker()
        stage.ground.start_broker()
        return f"pid {old} killed, now {stage.alerting.stack.processes['kafka'].pid}"


def without_broker(stage: StaffStage, result: Result) -> str:
    """Play a whole activation while the broker is away: everybody is called and heard over HTTP alone."""
    playing = Playing(stage, KAFKA, result, frozenset())
    stage.alerting.kill_broker()
    began = time.time()
    try:
        one = playing.activate()
        accepted = stage.rows(
            "select extract(epoch from activated_at)::float8 from activation where title = $1", one.title
        )
        called = stage.until_called(one.title, stage.numbers(WATCH))
        stage.first_hand_over["without the broker"] = first = min(called.values()) - accepted[0][0]
        playing.everybody_has_seen_it(one)
        playing.step_up(one, STAB, "none", MEMBERS)
        playing.step_up(one, OPERATION, "none", PRESS)
        playing.everybody_comes(one)
        stage.by_mirror = len(one.said.keys() & stage.on_board(one.activation).keys())
        waiting = stage.rows("select count(*) from outbox")[0][0]
        if not waiting:
            raise DidNotBite("no event waited while the broker was away")
        time.sleep(max(0.0, began + KAFKA_DOWN_S - time.time()))
    finally:
        stage.ground.start_broker()
        # What was away on purpose is no recovery: that counts from its return.
        stage.ground.harmed_at = time.time()
    playing.end(one)
    return (
        f"away {time.time() - began:.0f} s; the first hand-over came {first:.2f} s after the activation,"
        f" {stage.by_mirror} answers came to the board, {waiting} event(s) waited"
    )
