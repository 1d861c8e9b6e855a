"""Services as they are, over the secured broker: what one tells, another hears, and a mailbox shows."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from chassis.database import Database
from chassis.identity import Principal
from chassis.outbox import append
from chassis.settings import Settings
from contracts.codes import Mailbox, Office
from contracts.concerns.v1 import UnderretningKind, UnderretningSent
from contracts.event import Event
from contracts.persons.v1 import PersonMerged
from deploy.local.databases import in_database
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from tests.component.kafka_security.apache import Attempts
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.timeout(300)]

HERNING, VIBORG = Mailbox("kommune-0657", Office.BOERN), Mailbox("kommune-0791", Office.BOERN)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOUND_S = 90


@pytest.fixture(scope="module")
def running(seeded: Stack) -> Iterator[Stack]:
    """Three services, each with its own certificate."""
    names = ("persons", "concerns", "exchange")
    for name in names:
        seeded.start_service(name, {"RELAY_POLL_S": "0.05"})
    yield seeded
    for name in names:
        seeded.stop_process(name)


async def tell(stack: Stack, service: str, event: Event) -> UUID:
    """Put an event into a service's outbox, as its own commands do; its process publishes it."""
    where = {"database_url": stack.database_url, "issuer": stack.issuer, "kafka_bootstrap": stack.bootstrap}
    database = Database(Settings.model_validate({"service": service, "http_port": 1} | where))
    await database.start()
    try:
        async with database.tx(Principal.worker(service)) as tx:
            return await append(tx, event, version=1, correlation_id=event.aggregate_id, time=NOON)
    finally:
        await database.stop()


async def test_what_persons_tells_concerns_hears(running: Stack) -> None:
    event = await tell(running, "persons", PersonMerged(person_id=uuid4(), merged_person_id=uuid4()))
    concerns = await asyncpg.connect(in_database(admin_url(running.ports), "concerns"))
    try:
        async with asyncio.timeout(BOUND_S):
            while await concerns.fetchval("select state from inbox where event_id = $1", event) != "handled":  # noqa: ASYNC110  another process
                await asyncio.sleep(0.05)
    finally:
        await concerns.close()


async def test_a_copy_reaches_its_mailbox_over_kafka_and_https_and_no_other(running: Stack, attempts: Attempts) -> None:
    sent = UnderretningSent(
        underretning_id=(the_id := uuid4()),
        receiver="0657",
        child_person_id=uuid4(),
        kind=UnderretningKind.NEW,
        urgent=False,
        document_path=f"/underretninger/{the_id}/document",
    )
    event = await tell(running, "concerns", sent)
    wait_until(lambda: str(event) in told_over_https(running, HERNING), "the copy is in the mailbox", BOUND_S)
    assert str(event) not in told_over_https(running, VIBORG)
    asked = attempts([(str(who), "end", HERNING.topic) for who in (HERNING, VIBORG)])
    assert list(asked.values()) == [f"ok {event}", "TopicAuthorizationException"]


def told_over_https(stack: Stack, mailbox: Mailbox) -> str:
    """Return what exchange shows of a mailbox."""
    headers = stack.bearer("system", mailbox.authority, mailbox.office)
    return httpx.get(f"{stack.url('exchange')}/mailboxes/{mailbox}/events", headers=headers).raise_for_status().text
