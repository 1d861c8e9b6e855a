"""One process's own clock an hour off changes nothing: who is called, how soon, what they answer, and the quorum."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from deploy.local.ready import service_is_ready
from deploy.local.servers import Command
from tests.component.alerting.conftest import QUICK
from tests.component.alerting.gateways import A, B, Gateways
from tests.component.beredskabsstab.conftest import INFO, Staff
from tests.component.beredskabsstab.crew import Crew, on_duty
from tests.stack import TEST_ENVIRONMENT, Stack

pytestmark = [pytest.mark.component, pytest.mark.timeout(240)]

HOUR_S = 3600
FIRST_WITHIN_S = 30.0
SHIFTED = (
    "import runpy, time, time_machine; time_machine.travel(time.time() + {shift}, tick=True).start();"
    "runpy.run_module('services.{name}', run_name='__main__')"
)
"""The same service in a process whose clock is somewhere else; the machine's monotonic clock is nobody's to set."""


@contextmanager
def shifted(staff: Staff, name: str, shift: int) -> Iterator[None]:
    """Let a service run with a wrong clock for a while."""
    stack = staff.stack
    stack.stop_process(name)
    argv = [sys.executable, "-c", SHIFTED.format(shift=shift, name=name)]
    environment = stack.environment(name) | QUICK | TEST_ENVIRONMENT
    stack._start(Command(name, argv, environment, cwd=stack.commands["identity"].cwd))
    _is_ready(stack, name)
    try:
        yield
    finally:
        stack.stop_process(name)
        staff.begin()


def _is_ready(stack: Stack, name: str) -> None:
    ends = time.monotonic() + 60
    while not service_is_ready(name, stack.ports):
        assert time.monotonic() < ends, stack.log(name)[-3000:]
        time.sleep(0.05)  # the bound above ends it


@pytest.fixture(scope="module")
def gateways(staff: Staff) -> Iterator[Gateways]:
    """Return the two stand-in providers, behaving."""
    made = Gateways(staff.stack)
    for name in (A, B):
        made.behave(name)
    yield made
    made.http.close()


@pytest.fixture(scope="module")
def crew(staff: Staff) -> Iterator[Crew]:
    """Return somebody at each authority who is called when the staff is informed."""
    with on_duty(staff.duty, INFO) as made:
        yield made


def played(staff: Staff, crew: Crew, gateways: Gateways) -> tuple[float, list[str]]:
    """Call everybody in, let them answer and end; returns the seconds to the first hand-over, and what was told."""
    began = time.time()
    activation = staff.activate(INFO)
    taken = staff.wait_for("a message for each", lambda: (found := crew.taken(gateways, (A, B), began))[15:] and found)
    assert set(Counter(one["to"] for one in taken).values()) == {1}
    for number in crew.telephones:
        gateways.reply(number, "1")
    staff.wait_for("the quorum", lambda: staff.board(activation)["quorum"]["reached"])
    staff.wait_for("all to be reached", lambda: all(one["reached_at"] for one in _members(staff, activation)))
    board = staff.board(activation)
    staff.end(activation)
    alert = UUID(board["call_ins"][0]["alert_id"])
    staff.wait_for("the end of the alert", lambda: staff.duty.board(alert)["state"] != "open")
    return min(float(str(one["at"])) for one in taken) - began, staff.told(activation)


def _members(staff: Staff, activation: str) -> list[dict[str, Any]]:
    board = staff.board(activation)
    return [one for party in board["parties"] for one in party["members"]]


@pytest.mark.ledger("O-5.3-09")
def test_an_own_clock_an_hour_off_changes_nothing(
    staff: Staff, crew: Crew, gateways: Gateways, record_property: Callable[[str, object], None]
) -> None:
    right, told = played(staff, crew, gateways)
    record_property("right", round(right, 3))
    assert right <= FIRST_WITHIN_S
    assert told[-1] == "StaffStoodDown"
    assert "QuorumReached" in told
    for name in ("alerting", "beredskabsstab"):
        for shift in (HOUR_S, -HOUR_S):
            with shifted(staff, name, shift):
                first, same = played(staff, crew, gateways)
            record_property(f"{name}{shift:+}", round(first, 3))
            assert first <= FIRST_WITHIN_S
            assert same == told
