"""The concerns service with the persons that it asks, as the processes that they are everywhere."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack
from tests.system.playing import World

QUICK = {"DEADLINE_POLL_S": "0.25", "SESSION_TIMEOUT_MS": "6000"}
"""A killed consumer is missed after seconds."""


@pytest.fixture(scope="session")
def world(stack: Stack) -> Iterator[World]:
    """Return the services, and the hands of those who use them."""
    for name in ("register", "persons", "concerns"):
        if name not in stack.processes:
            stack.start_service(name, QUICK)
    running = World(stack)
    yield running
    running.http.close()
