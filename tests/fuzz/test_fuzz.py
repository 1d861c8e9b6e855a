"""Every operation of every service, asked what its document promises and what it does not, by schemathesis.

`FUZZ_EXAMPLES` says how many examples each operation gets.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from deploy.local.fetch import ROOT
from deploy.local.services import procfile, service_names
from tests.fuzz.plan import EXAMPLES, Ids, settings, tokens
from tests.fuzz.seed import play
from tests.stack import Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(120 + 30 * EXAMPLES)]


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
    """What schemathesis told of each service whose test was chosen; two are asked at once."""
    ids, folder = play(own), tmp_path_factory.mktemp("fuzz")
    tests = (one for one in request.session.items if isinstance(one, pytest.Function) and one.module is request.module)
    chosen = [str(one.callspec.params["service"]) for one in tests]
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = {name: pool.submit(fuzz, own, name, ids, folder) for name in chosen}
        return {name: one.result() for name, one in asked.items()}


def fuzz(stack: Stack, service: str, ids: Ids, folder: Path) -> subprocess.CompletedProcess[str]:
    address = f"{stack.url(service)}/openapi.json"
    document = httpx.get(address).raise_for_status().json()
    config = folder / f"{service}.toml"
    config.write_text(settings(ids))
    return subprocess.run(
        [f"{Path(sys.executable).parent}/schemathesis", "--config-file", str(config), "run", address],
        cwd=ROOT,
        env=os.environ | {"FUZZ_TOKENS": json.dumps(tokens(stack, service, document))},
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
