"""The same by hand: Apache Kafka's own command line tools, with the files that an integrating system gets."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.codes import Mailbox, Office
from tests.component.kafka_security.apache import Tool
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

HERNING, VIBORG = Mailbox("kommune-0657", Office.BOERN), Mailbox("kommune-0791", Office.BOERN)
READ = ("--from-beginning", "--max-messages", "1", "--timeout-ms", "60000")


@pytest.fixture(scope="module")
def said(seeded: Stack) -> dict[str, str]:
    """What each tool said; they run beside each other."""
    herning, provisioner = Tool(seeded, str(HERNING)), Tool(seeded, "provisioner")
    own, foreign = ["--topic", HERNING.topic], ["--topic", VIBORG.topic]
    group = ["--group", f"{HERNING}.hand", *READ]
    runs: dict[str, tuple[Tool, str, list[str]]] = {
        "own": (herning, "consumer.ConsoleConsumer", own + group),
        "foreign": (herning, "consumer.ConsoleConsumer", foreign + group),
        "write": (herning, "ConsoleProducer", [*own, "--sync", "--command-property", "enable.idempotence=false"]),
        "rights": (provisioner, "AclCommand", ["--list", "--principal", f"User:{HERNING}"]),
    }
    with ThreadPoolExecutor(2) as pool:
        started = {name: pool.submit(tool.run, which, *more) for name, (tool, which, more) in runs.items()}
        return {name: run.result() for name, run in started.items()}


def test_the_consumer_shows_the_own_mailbox(said: dict[str, str]) -> None:
    assert HERNING.topic in said["own"].splitlines()
    assert "Exception" not in said["own"]


@pytest.mark.parametrize("run", ["foreign", "write"])
def test_the_tools_are_refused_all_else(said: dict[str, str], run: str) -> None:
    assert "TopicAuthorizationException" in said[run]


def test_the_tool_for_rights_lists_two_and_no_more(said: dict[str, str]) -> None:
    listed = [line.strip() for line in said["rights"].splitlines() if "operation=" in line]
    assert len(listed) == 2, said["rights"]
    assert all("operation=READ, permissionType=ALLOW" in line for line in listed)
