"""The running service goes the documented ways and no others: held against the model after every command.

`MODEL_RUNS` and `MODEL_STEPS` say how many activations of how many commands are played.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from contracts.alerting.v1 import AlertAnswered, AnswerKind, AnswerSource
from contracts.codes import Office
from deploy.local.framework_plan import DESK as POLICE
from deploy.local.framework_plan import OUTSIDE, framework_plan
from deploy.local.ready import service_is_ready
from deploy.local.servers import Command
from tests.component.alerting.conftest import QUICK
from tests.component.beredskabsstab.alerting_stand_in import AlertingStandIn
from tests.component.beredskabsstab.conftest import CHAIR, DESK, LEMVIG, Staff
from tests.component.beredskabsstab.model import LADDER, Model, Told, documented
from tests.component.beredskabsstab.wire import Wire
from tests.stack import TEST_ENVIRONMENT

pytestmark = [pytest.mark.component, pytest.mark.timeout(3600)]

RUNS, STEPS = int(os.environ.get("MODEL_RUNS", "8")), int(os.environ.get("MODEL_STEPS", "15"))
ASKED = [POLICE, *OUTSIDE, "kommune-0665", "kommune-0787"]
ROLES = ["vagt", "stabsmedlem", "stabsleder", "logfoerer", "kommunikation"]
PEOPLE = [UUID(int=number) for number in range(1, 4)]
REASONS = st.sampled_from(["", "Vandet falder."])
MINUTES = st.none() | st.sampled_from([0, 5, 30, 120])
ANSWERS = st.sampled_from([one.value for one in AnswerKind])
OUTCOMES = ["stood_down", "cancelled", "handed_over"]
QUICK_MIRROR = (
    "import runpy, services.beredskabsstab.app.mirror as it; it.LOOK_EVERY_S = 0.05;"
    "runpy.run_module('services.beredskabsstab', run_name='__main__')"
)
"""The same service, whose look at alerting's boards a test need not wait two seconds for."""

SOON, A_WHILE = timedelta(milliseconds=500), timedelta(seconds=40)

BUSY = (
    "select exists (select from deadline where kind in ('quorum-review', 'activation-start') and due_at <= clock())"
    " or exists (select from errand where done_at is null)"
)


class Staffing(RuleBasedStateMachine):
    """One activation of the service, and one of the model."""

    staff: ClassVar[Staff]
    alerting: ClassVar[AlertingStandIn]
    wire: ClassVar[Wire]
    moves: ClassVar[set[tuple[str, str, str]]] = set()
    drift = 0

    @initialize(step=st.sampled_from(LADDER), later=st.booleans(), ready=st.booleans())
    def activate(self, step: str, later: bool, ready: bool) -> None:
        """Activate the staff, now or in two hours."""
        self.staff.ask("PUT", "/facilities/holstebro/readiness", CHAIR, json={"ready": ready})
        self.model = Model(framework_plan(), frozenset({"0665", "0787"}))
        more = {"starts_at": (self._clock() + timedelta(hours=2)).isoformat()} if later else {}
        self.activation = self.staff.activate(step, **more)
        self.model.activate(step, later=later, unready=frozenset() if ready else frozenset({"holstebro"}))
        self.calls: list[str] = []
        self.last: tuple[AlertAnswered, datetime, UUID] | None = None
        self.look()

    # -- the police ----------------------------------------------------------------------------------------------------

    @rule(step=st.sampled_from(["daily", *LADDER]), reason=REASONS)
    def change(self, step: str, reason: str) -> None:
        """Ask for another step."""
        answer = self.staff.send("POST", f"/activations/{self.activation}/step", json={"step": step, "reason": reason})
        assert _slug(answer) == self.model.change(step, reason)
        self.look()

    @rule(step=st.sampled_from(LADDER))
    def a_municipality_tries(self, step: str) -> None:
        """Let somebody ask for another step who may only ask that it be changed."""
        body = {"step": step, "reason": "Vandet stiger."}
        assert _slug(self.staff.send("POST", f"/activations/{self.activation}/step", LEMVIG, json=body)) == "forbidden"
        self.look()

    @rule(outcome=st.sampled_from(OUTCOMES), reason=REASONS, sure=st.integers(0, 2))
    def end(self, outcome: str, reason: str, sure: int) -> None:
        """End it, more seldom than all else."""
        if sure:
            return
        body = {"outcome": outcome, "reason": reason, "handed_over_to": "driften"}
        answer = self.staff.send("POST", f"/activations/{self.activation}/stand-down", CHAIR, json=body)
        assert _slug(answer) == self.model.end(outcome, reason)
        self.look()

    @precondition(lambda self: self.model.people)
    @rule(pick=st.integers(0, 99), answer=ANSWERS, minutes=MINUTES, known=st.integers(0, 4))
    def the_desk_enters(self, pick: int, answer: str, minutes: int | None, known: int) -> None:
        """Enter an answer for somebody, or for somebody who was not called."""
        call = self.calls[pick % len(self.calls)] if known else str(uuid4())
        body = {"answer": answer, "eta_minutes": minutes, "source": "telephone"}
        at, path = self._clock(), f"/activations/{self.activation}/members/{call}/answer"
        assert _slug(self.staff.send("POST", path, DESK, json=body)) == self.model.enters(call, answer, minutes, at)
        if call in self.model.people and self.model.state == "active":
            self.model.people[call].at = self._near(call, at)
        self.look()

    # -- alerting ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.calls)
    @rule(
        pick=st.integers(0, 20),
        place=st.sampled_from(ASKED),
        role=st.sampled_from(ROLES),
        answer=ANSWERS,
        minutes=MINUTES,
        ahead=st.sampled_from([1, 1, 1, 2, 0, -1]),
    )
    def an_answer_is_told(self, pick: int, place: str, role: str, answer: str, minutes: int | None, ahead: int) -> None:
        """Tell an answer of somebody new or known: the next one, one over, the same number again, or a late one."""
        call = self._call(pick, place, role)
        person = self.model.people[call]
        number, at = max(1, person.number + ahead), self._clock() - timedelta(minutes=3 * (ahead < 1))
        self.tell(call, answer, minutes, at, number)
        self.look()

    @precondition(lambda self: self.last)
    @rule()
    def the_last_record_comes_again(self) -> None:
        """Bring the very same record once more."""
        assert self.last
        self.wire.tell(*self.last)
        self.look()

    @precondition(lambda self: self.model.calls)
    @rule(minutes=MINUTES, left_out=st.sampled_from([None, *ASKED]))
    def nearly_everybody_comes(self, minutes: int | None, left_out: str | None) -> None:
        """Let everybody come but one."""
        for place in ASKED:
            if place == left_out:
                continue
            for role in ROLES[:2] if place != POLICE else ROLES:
                found = [one for one, who in self.model.people.items() if (who.authority, who.role) == (place, role)]
                call = found[0] if found else self._call(99, place, role)
                self.tell(call, "coming", minutes, self._clock(), self.model.people[call].number + 1, wait=False)
        self._wait_until_handled()
        self.look()

    @precondition(lambda self: self.model.calls and self.model.state == "active")
    @rule(
        pick=st.integers(0, 20),
        place=st.sampled_from(ASKED),
        role=st.sampled_from(ROLES),
        who=st.sampled_from(PEOPLE),
        answer=st.none() | ANSWERS,
        ahead=st.sampled_from([1, 1, 0, -1]),
    )
    def the_board_shows(self, pick: int, place: str, role: str, who: UUID, answer: str | None, ahead: int) -> None:
        """Let alerting's board show somebody, with an answer that was told or was not."""
        call = self._call(pick, place, role)
        person, number_of = self.model.people[call], len(self.model.calls) - 1
        at, number = self._clock(), max(0, person.number + ahead) if answer else 0
        alert = self._call_ins()[number_of]["alert_id"]
        line: dict[str, object] = {
            "call_id": call,
            "staff_id": str(who),
            "authority": person.authority,
            "office": "beredskab",
        }
        line |= {"role": person.role, "name": "Anna", "telephone": "+4500000001", "called_at": at.isoformat()}
        if answer and number:
            line |= {"answer": answer, "answers": number, "answered_at": at.isoformat(), "answer_source": "sms"}
        self.alerting.boards[alert] = {call: line}
        seen = self.alerting.looks[alert]
        self.staff.wait_for("a look at the board", lambda: self.alerting.looks[alert] >= seen + 2)
        self.model.shows(call, person.authority, person.role, str(who))
        if answer and number:
            self.model.hears(call, answer, None, at, number)
        self.look()

    @rule(how=st.sampled_from(["refuse_next", "lose_next"]))
    def alerting_is_away(self, how: str) -> None:
        """Let alerting refuse what it is told next, or take it without an answer."""
        setattr(self.alerting, how, 1)

    # -- time ----------------------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([4, 20, 75, 121]))
    def time_passes(self, minutes: int) -> None:
        """Let time pass."""
        self._move(self._clock() + timedelta(minutes=minutes))

    @rule()
    def something_runs_out(self) -> None:
        """Let time pass to the moment at which an answer runs out."""
        until = self.model.standing(self._clock()).until
        if until is not None:
            self._move(until)

    # -- comparing -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Wait until the service has nothing to do, and hold everything against the model."""
        self.staff.wait_for("quiet", lambda: not self.wire.sql(BUSY))
        board = self.staff.board(self.activation)
        at = datetime.fromisoformat(board["at"])
        assert not [one for one in self.model.lapses() if at - SOON < one < at], "a run of its own took too long"
        self.model.look(at)
        standing, quorum = self.model.standing(at), board["quorum"]
        assert (board["state"], board["step"], board["facility"]) == (
            self.model.state,
            self.model.step,
            self.model.room,
        )
        until = standing.until.isoformat() if standing.until else None
        found = quorum["may_change_at"] and datetime.fromisoformat(quorum["may_change_at"]).isoformat()
        mine = (standing.reached, standing.demands, len(standing.lacks), until)
        assert (quorum["reached"], quorum["demands"], quorum["missing"], found) == mine
        lacks = [
            (party["authority"], one["role"], one["needed"], one["have"])
            for party in board["parties"]
            for one in party["lacks"]
        ]
        assert sorted(lacks) == sorted(standing.lacks)
        shown = {
            one["call_id"]: (party["authority"], one["role"], one["answer"], one["eta_minutes"])
            for party in board["parties"]
            for one in party["members"]
        }
        assert shown == {
            call: (one.authority, one.role, one.answer, one.minutes) for call, one in self.model.people.items()
        }
        assert self.told() == self.model.told
        self._look_at_alerting(board)

    def _look_at_alerting(self, board: dict[str, Any]) -> None:
        over = self.model.state not in {"planned", "active"}
        assert [one["step"] for one in board["call_ins"]] == [step for step, _ in self.model.calls]
        for made, (_, places) in zip(board["call_ins"], self.model.calls, strict=True):
            asked = self.alerting.raised[made["call_in_id"]]
            assert frozenset((one["authority"], one["role"]) for one in asked["offices"]) == places
            assert len(self.alerting.keys["raise", made["call_in_id"]]) == 1
            assert len(self.alerting.keys["close", made["alert_id"]]) == int(over)

    def told(self) -> list[Told]:
        """Return what the service has told, in order."""
        rows = self.wire.rows(
            "select split_part(type, '.', 4) as name, value::text as value from event where aggregate_id = $1"
            " order by aggregate_version",
            UUID(self.activation),
        )
        numbers = {one["call_in_id"]: one["number"] for one in self._call_ins()}
        return [_told(row["name"], json.loads(row["value"]), numbers) for row in rows]

    def _call_ins(self) -> list[dict[str, Any]]:
        rows = self.wire.rows(
            "select call_in_id::text, alert_id::text, number from call_in where activation_id = $1 order by number",
            UUID(self.activation),
        )
        return [dict(row) for row in rows]

    def tell(
        self, call: str, answer: str, minutes: int | None, at: datetime, number: int, *, wait: bool = True
    ) -> None:
        """Tell an answer, to the service and to the model."""
        person, made = self.model.people[call], self._call_ins()[-1]
        event = AlertAnswered(
            alert_id=made["alert_id"],
            call_id=UUID(call),
            authority=person.authority,
            office=Office.BEREDSKAB,
            role=person.role,
            source_event_id=made["call_in_id"],
            answer=AnswerKind(answer),
            eta_minutes=minutes,
            source=AnswerSource.SMS,
            number=number,
        )
        self.last = (event, at, self.wire.tell(event, at))
        if wait:
            self._wait_until_handled()
        self.model.hears(call, answer, minutes, at, number)

    def _wait_until_handled(self) -> None:
        assert self.last
        handled = "select state from inbox where event_id = $1"
        found = self.staff.wait_for("the answer", lambda: self.wire.sql(handled, self.last and self.last[2]))
        assert found == "handled", self.wire.rows("select reason from parked_message")

    def _call(self, pick: int, place: str, role: str) -> str:
        """Return the call of somebody who is known, or of somebody new."""
        if pick < len(self.calls):
            return self.calls[pick]
        self.calls.append(str(uuid4()))
        self.model.shows(self.calls[-1], place, role, self.calls[-1])
        return self.calls[-1]

    def _near(self, call: str, at: datetime) -> datetime:
        """Return the moment that the service gave an answer, which is near the one before it was asked."""
        found: datetime = self.wire.sql("select answered_at from member where call_id = $1", UUID(call))
        assert timedelta() <= found - at < timedelta(seconds=10)
        return found

    def _clock(self) -> datetime:
        at: datetime = self.wire.sql("select clock()")
        return at

    def _move(self, to: datetime) -> None:
        # Nothing is to run out while it is looked: then it would be chance what is told first.
        while near := [one for one in self.model.lapses() if to - SOON < one < to + A_WHILE]:
            to = max(near) + SOON
        self.wire.sql("select set_clock_offset($1::timestamptz - clock_timestamp())", to)
        if self.model.state == "planned" and self.wire.sql(
            "select starts_at <= clock() from activation where activation_id = $1", UUID(self.activation)
        ):
            self.model.begin()
        self.look()

    def teardown(self) -> None:
        """Leave no room taken and no clock moved."""
        if hasattr(self, "activation"):
            self.alerting.refuse_next = self.alerting.lose_next = 0
            if self.model.state in {"planned", "active"}:
                body = {"outcome": "cancelled", "reason": "Prøven er slut."}
                self.staff.ask("POST", f"/activations/{self.activation}/stand-down", CHAIR, json=body)
                self.model.end("cancelled", "Prøven er slut.")
                self.look()
            self.moves.update(self.model.moves)
        self.wire.sql("select set_clock_offset('0')")


def _slug(answer: Any) -> str | None:  # noqa: ANN401  an answer of httpx
    return None if answer.is_success else str(answer.json()["type"]).rpartition("/")[2]


def _told(name: str, said: dict[str, Any], numbers: dict[str, int]) -> Told:
    """Return an event as the model has it."""
    places = frozenset((one["authority"], one["role"]) for one in said.get("places", ()))
    says: dict[str, Told] = {
        "FacilityReserved": (said.get("facility"), said.get("alternative")),
        "StaffCalled": (said.get("template"), places),
        "StepChanged": (said.get("before"), said.get("step")),
        "CallInEnded": (numbers.get(said.get("call_in_id", "")),),
        "QuorumLost": (said.get("step"), tuple(sorted(said.get("missing", ())))),
        "StaffStoodDown": (said.get("outcome"),),
    }
    return (name, *says.get(name, (said.get("step"),)))


@pytest.fixture
def machine(staff: Staff) -> Iterator[type[Staffing]]:
    """Return the machine, with the service asking a stand-in for alerting; it asks the real one again afterwards."""
    stack, alerting = staff.stack, AlertingStandIn()
    stack.stop_process("beredskabsstab")
    environment = stack.environment("beredskabsstab") | QUICK | TEST_ENVIRONMENT
    urls = json.loads(environment["SERVICE_URLS"]) | {"alerting": alerting.url}
    own = Command(
        "beredskabsstab",
        [sys.executable, "-c", QUICK_MIRROR],
        environment | {"SERVICE_URLS": json.dumps(urls)},
        cwd=stack.commands["identity"].cwd,
    )
    stack._start(own)  # the same process, otherwise wired
    staff.wait_for("the service", lambda: service_is_ready("beredskabsstab", stack.ports))
    wire = Wire(stack)
    Staffing.staff, Staffing.alerting, Staffing.wire = staff, alerting, wire
    yield Staffing
    wire.close()
    stack.stop_process("beredskabsstab")
    alerting.close()
    staff.begin()


def every_way(machine: type[Staffing]) -> None:
    """Walk what chance may not find within a few runs."""
    one = machine()
    one.activate(LADDER[1], later=True, ready=False)
    one.time_passes(121)
    one.nearly_everybody_comes(30, None)
    one.something_runs_out()
    for step in (2, 0, 1):
        one.change(LADDER[step], "Vandet falder.")
    one.nearly_everybody_comes(30, "kommune-0665")
    one.teardown()


@pytest.mark.ledger("O-5.3-03")
@pytest.mark.ledger("O-5.3-09")
@pytest.mark.ledger("O-5.3-10")
def test_the_service_and_the_model_never_differ(machine: type[Staffing]) -> None:
    machine.moves.clear()
    every_way(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for kind in ("activation", "step", "answer", "quorum"):
        table = documented(kind)
        assert all(to in table[one] for what, one, to in machine.moves if what == kind)
    assert {("quorum", "missing", "reached"), ("quorum", "reached", "missing")} <= machine.moves
