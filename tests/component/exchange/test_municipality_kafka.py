"""The example system over Kafka: killed anywhere, it ends with each effect once."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.codes import Mailbox
from tests.component.exchange.conftest import Relay
from tests.component.exchange.samvirke_double import SamvirkeDouble
from tests.component.exchange.sandbox import StandIn
from tests.stack import Stack

pytestmark = pytest.mark.component

BOTH = ("underretning-0", "underretning-1")


@pytest.fixture
def samvirke() -> Iterator[SamvirkeDouble]:
    with SamvirkeDouble([]).serving() as it:
        yield it


@pytest.fixture
def municipality(stack: Stack, mailbox: Mailbox, samvirke: SamvirkeDouble, tmp_path: Path) -> StandIn:
    env = {"KAFKA_BOOTSTRAP": stack.bootstrap, "MAILBOX": str(mailbox)}
    return StandIn("deploy.sandbox.municipality_kafka", samvirke, tmp_path, **env)


async def tell_two(relay: Relay, mailbox: Mailbox) -> None:
    """Tell of two underretninger, with everything between them that a mailbox may hold."""
    first = await relay.tell(mailbox, value=json.dumps({"underretning_id": BOTH[0]}).encode())
    await relay.tell(mailbox, kind="dk.samvirke.concerns.Other.v1")
    await relay.write(mailbox, [("ce_id", None), ("ce_type", b"\xff")])
    await relay.tell(mailbox, value=b"not json")
    await relay.tell(mailbox, value=json.dumps({"underretning_id": BOTH[0]}).encode(), event=first)
    await relay.tell(mailbox, value=json.dumps({"underretning_id": BOTH[1]}).encode())


async def test_it_deals_with_each_underretning_once(mailbox: Mailbox, relay: Relay, municipality: StandIn) -> None:
    await tell_two(relay, mailbox)
    shown = municipality.finish()
    municipality.assert_each_effect_once(*BOTH)
    assert shown.count("unreadable at offset") == 2
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)


@pytest.mark.parametrize("step", ["token", "fetch", "receipt", "acknowledge"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_at_any_step_it_ends_with_each_effect_once(
    mailbox: Mailbox, relay: Relay, municipality: StandIn, when: str, step: str
) -> None:
    await tell_two(relay, mailbox)
    assert municipality.killed(when, step) == -signal.SIGKILL
    municipality.finish()
    municipality.assert_each_effect_once(*BOTH)


async def test_silent_it_receipts_and_never_acknowledges(
    mailbox: Mailbox, relay: Relay, samvirke: SamvirkeDouble, municipality: StandIn
) -> None:
    await tell_two(relay, mailbox)
    municipality.finish("--silent")
    assert samvirke.requests.count("receipt") == 2
    assert "acknowledge" not in samvirke.requests
