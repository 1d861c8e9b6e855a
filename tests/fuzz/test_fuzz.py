"""Every operation of every service, asked what its document promises and what it does not, by schemathesis.

`FUZZ_EXAMPLES` says how many examples each operation gets.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.fetch import ROOT
from deploy.local.services import is_exercise, procfile, service_names
from tests.fuzz.plan import EXAMPLES, Ids, settings, tokens
from tests.fuzz.seed import play
from tests.stack import Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(900 + 30 * EXAMPLES)]


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    """Servers and every service, for this module alone: what is fuzzed is fit for no other test."""
    running = Stack()
    try:
        running.start()
        running.start_services(*procfile())
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def told(
    own: Stack, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, subprocess.CompletedProcess[str]]:
    """What schemathesis told of each service whose test was chosen."""
    ids, folder = play(own), tmp_path_factory.mktemp("fuzz")
    for name in (one for one in procfile() if is_exercise(one)):
        own.stop_process(name)
    tests = (one for one in request.session.items if isinstance(one, pytest.Function) and one.module is request.module)
    chosen = [str(one.callspec.params["service"]) for one in tests]
    return {name: fuzz(own, name, ids, folder) for name in chosen}


def fuzz(stack: Stack, service: str, ids: Ids, folder: Path) -> subprocess.CompletedProcess[str]:
    address = f"{stack.url(service)}/openapi.json"
    document = httpx.get(address).raise_for_status().json()
    config, callers = folder / f"{service}.toml", folder / f"{service}.json"
    config.write_text(settings(ids))
    # In a file: there is an end to what an environment may hold.
    callers.write_text(json.dumps(tokens(stack, service, document)))
    # It takes what processor others leave: the servers of the tests beside it have bounds to keep.
    schemathesis = ["nice", f"{Path(sys.executable).parent}/schemathesis"]
    return subprocess.run(
        [*schemathesis, "--config-file", str(config), "run", address],
        cwd=ROOT,
        env=os.environ | {"FUZZ_TOKENS": str(callers)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("service", service_names())
def test_a_service_keeps_its_document_whatever_it_is_asked(
    service: str, told: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    found = told[service]
    assert found.returncode == 0, f"{found.stdout[-20000:]}{found.stderr[-4000:]}"
