"""Alerting as the process that it is, with people on duty whom a test puts there."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import pytest

from chassis.settings import Settings
from deploy.local.gateways import GATEWAYS
from tests.component.alerting.duty import Office
from tests.component.alerting.gateways import Gateways
from tests.stack import Stack
from tests.system.playing import World

QUICK = {
    "DEADLINE_POLL_S": "0.25",
    "INSTANCE": "alerting",
    "SESSION_TIMEOUT_MS": "6000",
    "ALERTING_PROVIDER_PAUSE_S": "0.2",
}
DESK = ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
PATIENCE_S = 120

T = TypeVar("T")
_numbers = count(1)


@dataclass
class Duty:
    """The running service, and the hands of those who use it."""

    stack: Stack
    world: World
    process: str = "alerting"
    database: str = "alerting"

    def begin(self, **more: str) -> None:
        """Start the service where it does not run, also after it was killed; with other settings where given."""
        if "alerting" not in self.stack.processes:
            self.stack.start_service("alerting", QUICK | more)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of alerting, as nobody but a test may."""
        return self.world.sql_in(self.database, statement, *values)

    def send(self, method: str, path: str, who: tuple[str, ...] = DESK, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask as somebody and return the answer."""
        return self.world.send(method, path, who, self.process, **more)

    def ask(self, method: str, path: str, who: tuple[str, ...] = DESK, **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask as somebody and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, who, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def office(self, authority: str = "kommune-0657", office: str = "beredskab") -> Office:
        """Return an office with a role of its own, so that no test meets another's people."""
        return Office(self, authority, office, f"rolle_{_word(next(_numbers))}")

    def raise_alert(self, *offices: Office, **more: Any) -> UUID:  # noqa: ANN401  fields of the body
        """Raise an alert to offices from the desk, and return its id."""
        body = {
            "source_event_id": str(uuid4()),
            "template": "call_in",
            "offices": [one.as_body() for one in offices],
            "fields": {"what": "Stormflod", "place": "Holstebro politistation", "at": "14.30"},
        } | more
        return UUID(self.ask("POST", "/alerts", json=body)["alert_id"])

    def board(self, alert_id: UUID) -> Any:  # noqa: ANN401  any JSON
        """Return who was called and what they answered."""
        return self.ask("GET", f"/alerts/{alert_id}")

    def wait_for(self, what: str, condition: Callable[[], T | None]) -> T:
        """Wait until something is so, and return it."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if found := condition():
                return found
            time.sleep(0.05)  # the bound above ends it
        raise AssertionError(f"{what} did not come; the log ends:\n{self.stack.log('alerting')[-3000:]}")


def settings_of(stack: Stack) -> Settings:
    """Return the settings of the live process, for a test that uses its store itself."""
    environment = {name.lower(): value for name, value in stack.environment("alerting").items()}
    own = {name: environment[name] for name in ("database_url", "issuer", "http_port", "kafka_bootstrap")}
    return Settings.model_validate(own | {"service": "alerting"})


def _word(number: int) -> str:
    """Return a number as letters: codes of roles hold no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@pytest.fixture(scope="session")
def duty(stack: Stack) -> Iterator[Duty]:
    """Return the service, and the hands of those who use it."""
    world = World(stack)
    made = Duty(stack, world)
    made.begin()
    yield made
    world.http.close()


@pytest.fixture(scope="session")
def drill(duty: Duty) -> Duty:
    """Return the installation for exercises, beside the live one."""
    if "alerting-exercise" not in duty.stack.processes:
        duty.stack.start_service("alerting-exercise", QUICK)
    return replace(duty, process="alerting-exercise", database="alerting_exercise")


@pytest.fixture(scope="session")
def both(stack: Stack) -> Iterator[Gateways]:
    """Return the two stand-in providers."""
    made = Gateways(stack)
    yield made
    made.http.close()


@pytest.fixture
def gateways(both: Gateways) -> Gateways:
    """Return the two stand-in providers, behaving."""
    for name in GATEWAYS:
        both.behave(name)
    return both
