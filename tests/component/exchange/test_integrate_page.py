"""The integrator's page is run as it stands: token, mailbox, fetch, receipt, acknowledge."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from contracts.codes import Mailbox, Office
from deploy.local.identity.directory import directory
from tests.component.exchange.conftest import Relay
from tests.component.exchange.samvirke_double import SamvirkeDouble
from tests.stack import Stack

pytestmark = pytest.mark.component

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "integrate" / "README.md"
HERNING = Mailbox("kommune-0657", Office.BOERN)
CLIENT = "kommune-0657-boern"


def blocks() -> list[str]:
    """Return the page's shell blocks in order."""
    return re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


# Where nobody looks, a missing tool must fail and not be passed over.
@pytest.mark.skipif(
    "CI" not in os.environ and not all(map(shutil.which, ("bash", "curl", "jq"))),
    reason="the page asks for bash, curl and jq",
)
async def test_the_pages_commands_run_in_order(stack: Stack, exchange: str, relay: Relay, tmp_path: Path) -> None:
    await relay.tell(HERNING, value=json.dumps({"underretning_id": "underretning-1"}).encode())
    with SamvirkeDouble([]).serving() as concerns:
        env = {
            "ISSUER": stack.issuer,
            "CLIENT_ID": CLIENT,
            "CLIENT_SECRET": directory().clients[CLIENT].secret,
            "EXCHANGE_URL": exchange,
            "CONCERNS_URL": concerns.url,
            "MAILBOX": str(HERNING),
        }
        ran = await asyncio.to_thread(
            subprocess.run,
            ["bash", "-euo", "pipefail"],
            input="\n".join(blocks()),
            env={"PATH": os.environ["PATH"]} | env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    assert concerns.requests == ["fetch", "receipt", "acknowledge"]


def test_every_problem_type_of_the_feed_is_in_the_pages_table() -> None:
    slugs = re.findall(r'slug = "([a-z-]+)"', (ROOT / "services" / "exchange" / "domain.py").read_text())
    named = PAGE.read_text() + (ROOT / "docs" / "architecture" / "exchange.md").read_text()
    assert [slug for slug in slugs if f"`{slug}`" not in named] == []


def test_the_programs_to_copy_are_short_and_import_nothing_of_ours() -> None:
    # Over Kafka a program shows its certificate, too.
    for variant, bound in (("https", 150), ("kafka", 160)):
        program = (ROOT / "deploy" / "sandbox" / f"municipality_{variant}" / "__main__.py").read_text()
        assert len(program.splitlines()) < bound
        assert not re.search(r"^(from|import) (contracts|chassis|services|deploy)", program, re.MULTILINE)
