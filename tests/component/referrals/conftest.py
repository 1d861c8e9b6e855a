"""The referrals service with the persons that it asks, as the processes that they are everywhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser

from tests.component.alerting.browser import open_browser
from tests.stack import Stack
from tests.system.playing import World

REGISTRAR = ("registrar", "politi-mvj")
OFFICER = ("referrer", "politi-mvj")
CENTRE = ("receiver", "kommune-0657", "rusmiddel")
SYSTEM = ("system", "kommune-0657", "rusmiddel")
OTHER_CENTRE = ("receiver", "kommune-0791", "rusmiddel")
OTHER_OFFICE = ("receiver", "kommune-0657", "psp")
QUICK = {"DEADLINE_POLL_S": "0.25", "SESSION_TIMEOUT_MS": "6000"}
PHONE, NAME = "+45 20 30 40 50", "Fører"

_serials = count(1)


@dataclass
class Driver:
    """Somebody who is charged with driving under the influence, and what becomes of the offer."""

    world: World
    serial: int = field(default_factory=lambda: next(_serials))
    charge_id: str = ""
    referral_id: str = ""

    @property
    def cpr(self) -> str:
        """Return the number, day + 60."""
        return f"63018{self.serial % 10}{4000 + self.serial:04}"

    def send(self, method: str, path: str, who: tuple[str, ...], **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask referrals as somebody and return the answer."""
        return self.world.send(method, path, who, "referrals", **more)

    def ask(self, method: str, path: str, who: tuple[str, ...], **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask as somebody and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, who, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of referrals, as nobody but a test may."""
        return self.world.sql_in("referrals", statement, *values)

    def settle(self, born: str = "") -> "Driver":
        """Let the register know them; a birth that is not said is that of somebody grown up."""
        born = born or f"198{self.serial % 10}-01-03"
        facts = {"persons": [{"number": self.cpr, "name": NAME, "born": born, "address": "Testvej 1"}]}
        answer = self.world.http.post(f"{self.world.stack.url('register')}/facts", content=json.dumps(facts))
        assert answer.is_success, answer.text
        return self

    def charged(self, kind: str = "drink_driving", kommune: str = "0657") -> dict[str, Any]:
        """Have the police's system say that they were charged."""
        body = {"cpr": self.cpr, "kind": kind, "charged_at": "2026-03-28T01:30:00+01:00", "kommune": kommune}
        found: dict[str, Any] = self.ask("POST", "/charges", REGISTRAR, json=body)
        self.charge_id = found.get("charge_id", "")
        return found

    def informed(self) -> "Driver":
        """Have them charged and told of the offer."""
        self.settle().charged()
        self.ask("POST", f"/offers/{self.charge_id}/informed", OFFICER)
        return self

    def answer(self, **said: object) -> httpx.Response:
        """Record what they answer."""
        return self.send("POST", f"/offers/{self.charge_id}/answer", OFFICER, json=said)

    def said_yes(self, **more: object) -> "Driver":
        """Have them say yes."""
        answer = self.informed().answer(yes=True, phone=PHONE, **more)
        assert answer.is_success, answer.text
        self.referral_id = answer.json()["referral_id"]
        return self

    def act(self, path: str, who: tuple[str, ...] = CENTRE, **more: object) -> httpx.Response:
        """Do something with the referral, at the version that it has unless another is said."""
        body = {"version": self.version()} | more
        return self.send("POST", f"/referrals/{self.referral_id}/{path}", who, json=body)

    def version(self) -> int:
        """Return the version that the referral has."""
        return int(self.sql("select version from referral where referral_id = $1", UUID(self.referral_id)))

    def state(self) -> str:
        """Return how far the referral is."""
        return str(self.sql("select state from referral where referral_id = $1", UUID(self.referral_id)))

    def went(self, *paths: str) -> "Driver":
        """Have the receiver do one thing after the other."""
        for path in paths:
            answer = self.act(path)
            assert answer.is_success, answer.text
        return self

    def read(self, who: tuple[str, ...]) -> dict[str, Any]:
        """Return the referral as somebody sees it."""
        found: dict[str, Any] = self.ask("GET", f"/referrals/{self.referral_id}", who)
        return found

    def told(self) -> list[str]:
        """Return the names of the events of the case, in order."""
        found = self.sql(
            "select array_agg(split_part(type, '.', 4) order by place) from event"
            " where correlation_id = $1 and type not like '%.audit.%'",
            UUID(self.charge_id),
        )
        return list(found or [])

    def later(self, days: float) -> None:
        """Let it be later."""
        self.sql("select set_clock_offset($1)", timedelta(days=days))


@pytest.fixture(scope="session")
def running(stack: Stack) -> Iterator[World]:
    """Return the services, and the hands of those who use them."""
    for name in ("register", "persons", "referrals"):
        if name not in stack.processes:
            stack.start_service(name, QUICK)
    world = World(stack)
    yield world
    world.http.close()


@pytest.fixture(scope="module")
def browser(running: World) -> Iterator[Browser]:
    """Return a browser; the services run before it."""
    assert running.stack.processes
    with open_browser() as found:
        yield found


@pytest.fixture
def driver(running: World) -> Iterator[Driver]:
    """Return somebody new, by the real time."""
    one = Driver(running)
    yield one
    one.later(0)
