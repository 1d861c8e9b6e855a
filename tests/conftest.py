"""Fixtures that every test may ask for. They start real servers once a session, when the first test asks."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Real Kafka, PostgreSQL and identity provider, provisioned; stopped at the end, also after a failure."""
    running = Stack()
    try:
        running.start()
        yield running
    finally:
        running.stop()
