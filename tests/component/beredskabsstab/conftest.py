"""The staff as the processes that it is: beredskabsstab and alerting, with a framework plan and people on duty."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest

from deploy.local.framework_plan import framework_plan
from tests.component.alerting.conftest import QUICK, Duty
from tests.stack import Stack
from tests.system.playing import World

CHAIR = ("staff_chair", "politi-mvj")
DEPUTY = ("staff_chair", "politi-mvj", "", "deputy")
DESK = ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
LEMVIG = ("staff_member", "kommune-0665", "beredskab")
THISTED = ("staff_member", "kommune-0787", "beredskab")
VIBORG = ("staff_member", "kommune-0791", "beredskab")
RESCUE = ("staff_member", "beredskabsstyrelsen", "beredskab")
STRANGER = ("caseworker", "kommune-0657", "boern")
PATIENCE_S = 120
INFO, STAB, OPERATION = "informationsberedskab", "stabsberedskab", "operationsberedskab"

T = TypeVar("T")


@dataclass
class Staff:
    """The running services, and the hands of those who use them."""

    stack: Stack
    world: World
    duty: Duty

    def begin(self, **more: str) -> None:
        """Start both services where they do not run, also after they were killed."""
        self.duty.begin()
        if "beredskabsstab" not in self.stack.processes:
            self.stack.start_service("beredskabsstab", QUICK | more)
        self.sign_plan()

    def sign_plan(self) -> None:
        """Put the plan of the demonstration in force where none is."""
        if self.send("GET", "/framework-plans/in-force", CHAIR).status_code == httpx.codes.NOT_FOUND:
            made = self.ask("POST", "/framework-plans", CHAIR, json=framework_plan())
            self.ask("POST", f"/framework-plans/{made['framework_plan_id']}/sign", CHAIR)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of beredskabsstab, as nobody but a test may."""
        return self.world.sql_in("beredskabsstab", statement, *values)

    def send(self, method: str, path: str, who: tuple[str, ...] = DESK, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask as somebody and return the answer."""
        return self.world.send(method, path, who, "beredskabsstab", **more)

    def ask(self, method: str, path: str, who: tuple[str, ...] = DESK, **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask as somebody and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, who, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def incident(self, who: tuple[str, ...] = DESK, **more: Any) -> str:  # noqa: ANN401  fields of the body
        """Record a storm surge and return its id."""
        body = {
            "cause": "haendelse_uvarslet",
            "title": "Stormflod Thyborøn",
            "place": "Thyborøn",
            "municipalities": ["0665", "0787"],
        }
        return str(self.ask("POST", "/incidents", who, json=body | more)["incident_id"])

    def activate(self, step: str = INFO, **more: Any) -> str:  # noqa: ANN401  fields of the body
        """Activate the staff because of a new incident and return the activation's id."""
        body = {"step": step, "confirm": "SKARP"} | more
        if "incident" not in body:
            body.setdefault("incident_id", self.incident())
        return str(self.ask("POST", "/activations", json=body)["activation_id"])

    def board(self, activation_id: str, who: tuple[str, ...] = DESK) -> Any:  # noqa: ANN401  any JSON
        """Return the board of an activation."""
        return self.ask("GET", f"/activations/{activation_id}", who)

    def told(self, activation_id: str) -> list[str]:
        """Return the names of the events of an activation, in order."""
        found = self.sql(
            "select array_agg(split_part(type, '.', 4) order by aggregate_version) from event where aggregate_id = $1",
            UUID(activation_id),
        )
        return list(found or [])

    def fact(self, activation_id: str, event: str, field: str) -> str:
        """Return what the last event of a name said in a field."""
        found = self.sql(
            "select value::json ->> $3 from event where aggregate_id = $1 and split_part(type, '.', 4) = $2"
            " order by aggregate_version desc limit 1",
            *(UUID(activation_id), event, field),
        )
        return str(found)

    def end(self, activation_id: str) -> None:
        """Stand an activation down, so that its room is free for the next test."""
        body = {"outcome": "stood_down", "reason": "Prøven er slut.", "handed_over_to": "driften"}
        self.ask("POST", f"/activations/{activation_id}/stand-down", CHAIR, json=body)

    def end_all(self) -> None:
        """Stand down whatever another test left under way: its rooms are needed."""
        for one in self.ask("GET", "/activations?running=true", CHAIR)["activations"]:
            self.end(one["activation_id"])

    def wait_for(self, what: str, condition: Callable[[], T | None]) -> T:
        """Wait until something is so, and return it."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if found := condition():
                return found
            time.sleep(0.05)  # the bound above ends it
        raise AssertionError(f"{what} did not come; the log ends:\n{self.stack.log('beredskabsstab')[-3000:]}")


@pytest.fixture(scope="session")
def staff(stack: Stack) -> Iterator[Staff]:
    """Return the services, and the hands of those who use them."""
    world = World(stack)
    made = Staff(stack, world, Duty(stack, world))
    made.begin()
    yield made
    world.http.close()
