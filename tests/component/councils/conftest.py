"""The councils service as the process that it is everywhere, with the plan of 2023 loaded into it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.load_plan import as_secretary, load, read_plan
from tests.stack import Stack

POLICE = "politi-mvj"
Command = Callable[..., httpx.Response]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading the plan of 2023 did."""

    plan: dict[str, Any]
    before: int
    """How everyone's request for the plan was answered before it was loaded."""


@pytest.fixture(scope="session")
def councils_url(stack: Stack) -> str:
    """Return where councils answers; it runs until the end of the session."""
    if "councils" not in stack.processes:
        stack.start_service("councils")
    return stack.url("councils")


@pytest.fixture
def everyone(councils_url: str) -> Iterator[httpx.Client]:
    """Return a client without any token."""
    with httpx.Client(base_url=councils_url, timeout=30) as client:
        yield client


@pytest.fixture
def secretary(stack: Stack, councils_url: str) -> Iterator[httpx.Client]:
    """Return the client with which the plan is loaded."""
    with as_secretary(councils_url, stack.token("secretary", POLICE)) as client:
        yield client


@pytest.fixture
def command(stack: Stack, councils_url: str) -> Iterator[Command]:
    """Return a function that sends a command as the kredsraad's secretary, or as somebody else."""
    with httpx.Client(base_url=councils_url, timeout=30) as client:

        def send(
            path: str, body: object = None, *, method: str = "POST", role: str = "secretary", authority: str = POLICE
        ) -> httpx.Response:
            headers = stack.bearer(role, authority) | {"Idempotency-Key": str(uuid4())}
            return client.request(method, path, json=body or {}, headers=headers)

        yield send


@pytest.fixture(scope="session")
def loaded(stack: Stack, councils_url: str) -> Loaded:
    """Load the plan of 2023 as `make up` does; the first to ask for it does the work."""
    plan = read_plan()
    before = httpx.get(f"{councils_url}/plans/2023").status_code
    with as_secretary(councils_url, stack.token("secretary", POLICE)) as secretary:
        load(plan, secretary)
    return Loaded(plan, before)
