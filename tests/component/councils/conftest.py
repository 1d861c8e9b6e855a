"""The councils service as the process that it is everywhere, with the plan of 2023 loaded into it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.databases import in_database
from deploy.local.load_plan import as_secretary, load, read_plan
from deploy.local.provision import admin_url
from tests.component.councils.history import begin
from tests.component.councils.markup import SEEN
from tests.component.councils.seating import Councils
from tests.patient import PatientClient
from tests.referees import html_errors
from tests.stack import Stack
from tests.system.playing import World

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


_EMPTY = """
do $$ begin
    set local session_replication_role = replica;
    execute (select 'truncate ' || string_agg(quote_ident(relname), ', ') from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
        and relname not in ('installation', 'schema_migrations'));
    perform set_clock_offset('0');
end $$;
"""


@pytest.fixture(scope="module", autouse=True)
def fresh(stack: Stack, councils_url: str) -> str:
    """Let each file of tests meet councils as it is on its first day: a district has one kredsraad, and one clock."""
    stack.databases.fetchval(in_database(admin_url(stack.ports), "councils"), _EMPTY)
    return councils_url


@pytest.fixture(scope="module", autouse=True)
def markup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ask the Nu validator, at the end of a file, about every page of somebody signed in that was looked at in it."""
    SEEN.clear()
    yield
    assert not SEEN or html_errors(SEEN, tmp_path_factory.mktemp("markup")) == ""


@pytest.fixture
def everyone(councils_url: str) -> Iterator[httpx.Client]:
    """Return a client without any token."""
    with PatientClient(base_url=councils_url, timeout=30) as client:
        yield client


@pytest.fixture
def secretary(stack: Stack, councils_url: str) -> Iterator[httpx.Client]:
    """Return the client with which the plan is loaded."""
    with as_secretary(councils_url, stack.token("secretary", POLICE)) as client:
        yield client


@pytest.fixture
def command(stack: Stack, councils_url: str) -> Iterator[Command]:
    """Return a function that sends a command as the kredsraad's secretary, or as somebody else."""
    with PatientClient(base_url=councils_url, timeout=30) as client:

        def send(
            path: str, body: object = None, *, method: str = "POST", role: str = "secretary", authority: str = POLICE
        ) -> httpx.Response:
            headers = stack.bearer(role, authority) | {"Idempotency-Key": str(uuid4())}
            return client.request(method, path, json=body or {}, headers=headers)

        yield send


@pytest.fixture(scope="module")
def loaded(stack: Stack, fresh: str) -> Loaded:
    """Load the plan of 2023 as `make up` does; the first to ask for it does the work."""
    plan = read_plan()
    before = httpx.get(f"{fresh}/plans/2023").status_code
    with as_secretary(fresh, stack.token("secretary", POLICE)) as secretary:
        load(plan, secretary)
    return Loaded(plan, before)


@pytest.fixture
def councils(stack: Stack, loaded: Loaded) -> Iterator[Councils]:
    """Return the service with the councils of 2023, and its own time given back at the end."""
    made = Councils(stack, World(stack))
    yield made
    made.real_time()
    made.world.http.close()


@pytest.fixture(scope="module")
def history(stack: Stack, loaded: Loaded) -> Iterator[Councils]:
    """Return the service with a year of history, of which some is closed to everyone."""
    made = Councils(stack, World(stack))
    begin(made)
    yield made
    made.world.http.close()
