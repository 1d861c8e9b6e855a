"""Fixtures that every test may ask for. They start real servers once a session, when the first test asks."""

from collections.abc import Iterator
from pathlib import Path

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


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares running services: one process of the run plays a whole folder of components."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_company(item.path)))


def _company(file: Path) -> str:
    shared = file.parent if file.parent.parent.name == "component" else file
    return str(shared.relative_to(Path(__file__).parent))
