"""The example systems and the integrator's page, against the real services."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from contracts.codes import Mailbox, Office
from deploy.local.identity.directory import directory
from services.concerns.domain.underretning import State
from tests.stack import Stack
from tests.system.playing import Player, World
from tests.unit.concerns.worked_cases import CASES, load, moment

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "integrate" / "README.md"
HERNING, VIBORG, STRUER = "0657", "0791", "0671"
BOUND_S = 120


@pytest.fixture(scope="module")
def world(stack: Stack) -> Iterator[World]:
    """Return every service that an underretning passes, as the processes that they are everywhere."""
    stack.start_services("register", "persons", "concerns", "exchange", env={"DEADLINE_POLL_S": "0.25"})
    world = World(stack)
    yield world
    world.clear()
    world.http.close()


@pytest.fixture
def send(world: World) -> "Sender":
    return Sender(world)


class Sender:
    """Lets the police find one child in a municipality and send one underretning about it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, kommune: str) -> str:
        """Empty the municipality's mailbox, play the first worked case there, and return the underretning's id."""
        asyncio.run(empty(self.world.stack.bootstrap, Mailbox(f"kommune-{kommune}", Office.BOERN)))
        case = load(CASES / "01-r1-solo-is-enough.yaml")
        case["dwellings"] = [row | {"kommune": kommune} for row in case["dwellings"]]
        player = Player(self.world, case)
        player.prepare()
        player.bring(case["registrations"])
        (run,) = case["runs"]
        player.tick(moment(run["starts_at"]), run["week"])
        (approval,) = run["approvals"]
        told = player.approve(moment(approval["approved_at"]), approval)
        assert told["receiver"] == kommune
        return str(told["underretning_id"])


async def empty(bootstrap: str, mailbox: Mailbox) -> None:
    """Take what other tests left in a mailbox away, as retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(mailbox.topic, 0): RecordsToDelete(-1)})
    finally:
        await admin.close()


def environment(stack: Stack, kommune: str, state: Path) -> dict[str, str]:
    """Return what a municipality's system is told about Samvirke."""
    client = directory().clients[f"kommune-{kommune}-boern"]
    return {
        "ISSUER": stack.issuer,
        "CLIENT_ID": client.id,
        "CLIENT_SECRET": client.secret,
        "EXCHANGE_URL": stack.url("exchange"),
        "CONCERNS_URL": stack.url("concerns"),
        "KAFKA_BOOTSTRAP": stack.bootstrap,
        "MAILBOX": f"kommune-{kommune}.boern",
        "STATE_DIR": str(state),
    }


class Municipality:
    """An example system, started as often as a test likes."""

    def __init__(self, variant: str, environment: dict[str, str]) -> None:
        self.argv = [sys.executable, "-m", f"deploy.sandbox.municipality_{variant}"]
        self.environment = environment

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start it."""
        env = os.environ | self.environment
        return subprocess.Popen([*self.argv, *options], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def until_it_says(self, words: str, *options: str) -> None:
        """Start it, and kill it when it says something; the test's own bound ends a wait in vain."""
        process = self.start(*options)
        assert process.stdout
        for line in process.stdout:
            if words in line:
                break
        process.kill()
        process.communicate()

    def ledger(self) -> list[dict[str, Any]]:
        """Return what it wrote down."""
        lines = (Path(self.environment["STATE_DIR"]) / "ledger.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]


def told(world: World, underretning: str) -> list[str]:
    """Return the events that concerns told about an underretning."""
    found: str = world.sql(
        "select string_agg(type, ',' order by aggregate_version) from event where aggregate_id = $1::uuid", underretning
    )
    return [name.split(".")[-2] for name in found.split(",")]


def state(world: World, kommune: str, underretning: str) -> dict[str, Any]:
    """Return where an underretning stands, as its receiver sees it."""
    who = ("system", f"kommune-{kommune}", "boern")
    found: dict[str, Any] = world.ask("GET", f"/underretninger/{underretning}/status", who)
    return found


@pytest.mark.ledger("O-6.1-27")
@pytest.mark.parametrize(("variant", "kommune"), [("https", HERNING), ("kafka", VIBORG)])
def test_killed_after_every_step_it_has_acknowledged_once(
    world: World, send: Sender, tmp_path: Path, variant: str, kommune: str
) -> None:
    underretning = send(kommune)
    municipality = Municipality(variant, environment(world.stack, kommune, tmp_path))
    for step in ("fetch", "receipt", "acknowledge"):
        municipality.until_it_says(f"{step} {underretning}")
    shown, _ = municipality.start("--once").communicate(timeout=BOUND_S)
    assert state(world, kommune, underretning)["state"] == State.ACKNOWLEDGED, shown
    assert told(world, underretning) == ["UnderretningSent", "UnderretningDelivered", "UnderretningAcknowledged"]
    (line,) = municipality.ledger()
    assert (line["underretning_id"], line["receipt"], line["acknowledged"]) == (underretning, True, True)
    served = world.sql("select bool_or(sha256 = $2) from underretning_served where underretning_id = $1::uuid",
                       underretning, line["sha256"])  # fmt: skip
    assert served


def test_a_silent_one_has_a_receipt_and_is_overdue_once(world: World, send: Sender, tmp_path: Path) -> None:
    underretning = send(STRUER)
    municipality = Municipality("https", environment(world.stack, STRUER, tmp_path))
    shown, _ = municipality.start("--silent", "--once").communicate(timeout=BOUND_S)
    found = state(world, STRUER, underretning)
    assert found["state"] == State.DELIVERED, shown
    row = world.sql("select acknowledge_by from underretning where underretning_id = $1::uuid", underretning)
    world.move_clock(row + timedelta(minutes=1))
    world.wait_for("overdue", lambda: told(world, underretning)[-1] == "UnderretningAcknowledgementOverdue")
    assert told(world, underretning).count("UnderretningAcknowledgementOverdue") == 1
    municipality.start("--silent", "--once").communicate(timeout=BOUND_S)
    assert [(line["receipt"], line["acknowledged"]) for line in municipality.ledger()] == [(True, False)]


# Where nobody looks, a missing tool must fail and not be passed over.
@pytest.mark.skipif(
    "CI" not in os.environ and not all(map(shutil.which, ("bash", "curl", "jq"))),
    reason="the page asks for bash, curl and jq",
)
def test_the_integrators_page_takes_an_underretning_to_its_acknowledgement(
    world: World, send: Sender, tmp_path: Path
) -> None:
    underretning = send(HERNING)
    blocks = re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input="\n".join(blocks),
        env={"PATH": os.environ["PATH"]} | environment(world.stack, HERNING, tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=BOUND_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert state(world, HERNING, underretning)["state"] == State.ACKNOWLEDGED
