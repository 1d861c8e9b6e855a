"""The persons service and the stand-in register, as the processes that they are everywhere."""

from collections.abc import Iterator

import httpx
import pytest

from tests.stack import Stack


@pytest.fixture(scope="session")
def persons_url(stack: Stack) -> str:
    """Return where persons answers; it runs until the end of the session."""
    for name in ("register", "persons"):
        if name not in stack.processes:
            stack.start_service(name)
    return stack.url("persons")


@pytest.fixture
def persons(stack: Stack, persons_url: str) -> Iterator[httpx.Client]:
    """Return a service that may ask persons."""
    with httpx.Client(base_url=persons_url, headers=stack.bearer("service", "samvirke"), timeout=30) as client:
        yield client


@pytest.fixture
def register(stack: Stack, persons_url: str) -> Iterator[httpx.Client]:
    """Return the stand-in register, whose population a test may add to."""
    with httpx.Client(base_url=stack.url("register"), timeout=60) as client:
        yield client
