"""The probe's two services on the session's stack, each test with empty tables and topics of its own."""

from collections.abc import AsyncIterator

import pytest

from chassis.inbox import REACTIONS, Reaction
from tests.component.chassis.house import House, Reacting, opened
from tests.component.chassis.kafka import Broker
from tests.probe.hearer import keep
from tests.probe.v1 import NoteWritten
from tests.probe.world import make_probe
from tests.stack import Stack

__all__ = ["keep"]  # importing it registers what the hearer reacts to


@pytest.fixture(scope="session")
def probe(stack: Stack) -> Stack:
    """Return a stack with the probe's databases and topic."""
    make_probe(stack)
    return stack


@pytest.fixture(scope="session")
async def broker(probe: Stack) -> AsyncIterator[Broker]:
    """Return the broker."""
    async with Broker(probe.bootstrap) as connected:
        yield connected


@pytest.fixture
async def teller(probe: Stack) -> AsyncIterator[House]:
    """Return the teller's house, empty."""
    async with opened(probe, "teller") as house:
        yield house


@pytest.fixture
async def hearer(probe: Stack) -> AsyncIterator[House]:
    """Return the hearer's house, empty."""
    async with opened(probe, "hearer") as house:
        yield house


@pytest.fixture
def reacting(monkeypatch: pytest.MonkeyPatch) -> Reacting:
    """Let another handler react to notes, in this test."""

    def react(handler: Reaction) -> None:
        monkeypatch.setitem(REACTIONS, NoteWritten, handler)  # type: ignore[misc]  # ABCMeta confuses the inference

    return react
