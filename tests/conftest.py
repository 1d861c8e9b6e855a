"""Fixtures that every test may ask for. They start real servers once a session, when the first test asks."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack

STACK = pytest.StashKey[Stack]()


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Real Kafka, PostgreSQL and identity provider, provisioned; stopped at the end, also after a failure."""
    running = Stack()
    try:
        running.start()
        request.config.stash[STACK] = running
        yield running
    finally:
        running.stop()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop the services of a folder after its last test: ten that only look at their clocks cost half a processor."""
    if nextitem is not None and nextitem.path.parent != item.path.parent and STACK in item.config.stash:
        item.config.stash[STACK].stop_services()
