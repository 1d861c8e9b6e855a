"""What was told is published in order, nothing lost, by one leader; a refused record holds its own key only."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.operations.resend import held_keys, resend
from chassis.outbox import BULK, URGENT, Recorded, append_all
from chassis.relay import Relay
from contracts.cloudevents import from_headers
from tests.component.chassis.house import House, until
from tests.component.chassis.kafka import NOON, Broker
from tests.component.chassis.processes import ready, running
from tests.probe.v1 import NoteWritten
from tests.stack import Stack


@asynccontextmanager
async def relaying(house: House, shard: int = URGENT) -> AsyncIterator[Relay]:
    relay = Relay(house.settings, shard)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def tell(house: House, topic: str, notes: Sequence[tuple[UUID, int, str]]) -> None:
    """Tell notes (key, version, filling) on a topic of the test's own."""
    recorded = [
        Recorded(NoteWritten(note_id=key, number=version, filling=filling), version, key, NOON)
        for key, version, filling in notes
    ]
    async with house.tx() as tx:
        await append_all(tx, recorded)
        tx.before_commit.append(lambda: tx.execute("update outbox set topic = $1 where topic like '%.note.v1'", topic))


async def emptied(house: House, left: int = 0) -> None:
    async def is_empty() -> bool:
        return await house.count("outbox") == left

    await until(is_empty, f"{left} rows left in the outbox")


def versions(records: Sequence[Any]) -> dict[str, list[int | None]]:
    """Return the versions of each key, in the order of the topic, the first occurrence of each."""
    found: dict[str, list[int | None]] = defaultdict(list)
    for record in records:
        envelope = from_headers(record.headers)
        if envelope.aggregate_version not in found[record.key.decode()]:
            found[record.key.decode()].append(envelope.aggregate_version)
    return dict(found)


async def test_everything_is_published_in_the_order_of_its_key(broker: Broker, teller: House) -> None:
    topic, keys = await broker.topic(partitions=3), [uuid4() for _ in range(7)]
    await tell(teller, topic, [(key, version, "") for version in range(1, 41) for key in keys])
    async with relaying(teller):
        await emptied(teller)
    found = await broker.read(topic, 280, partitions=3)
    assert len(found) == 280
    assert versions(found) == {str(key): list(range(1, 41)) for key in keys}


async def test_a_commit_wakes_the_relay(broker: Broker, teller: House) -> None:
    async with relaying(teller) as relay:
        teller.database.wakers["relays"] = relay.wake.set
        await until_leads(relay)
        relay.wake.clear()
        await tell(teller, await broker.topic(), [(uuid4(), 1, "")])
        await asyncio.wait_for(emptied(teller), 10)


async def until_leads(*relays: Relay) -> None:
    async def one_leads() -> bool:
        return any(relay.leads for relay in relays)

    await until(one_leads, "a leader")


async def test_of_two_relays_one_leads_and_the_other_follows_it(teller: House) -> None:
    async with relaying(teller) as second_to_none:
        await until_leads(second_to_none)
        async with relaying(teller) as next_one:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(until_leads(next_one), 0.5)
            assert second_to_none.leads
            await teller.eye.execute(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                " and database = (select oid from pg_database where datname = 'teller')"
            )
            await until_leads(next_one)

            # For a moment both believe it: both send the same rows in the same order, and copies are known by their id.
            async def knows() -> bool:
                return not second_to_none.leads

            await until(knows, "the first one to know that it lost the lead")


async def test_a_frozen_leader_loses_the_lead(probe: Stack, broker: Broker, teller: House) -> None:
    with ready(probe, "teller") as leader:
        await tell(teller, topic := await broker.topic(), [(uuid4(), 1, "")])
        await emptied(teller)
        leader.freeze()
        async with relaying(teller) as heir:
            await until_leads(heir)
            await tell(teller, topic, [(uuid4(), 1, "")])
            await emptied(teller)
    assert len(await broker.read(topic, 2)) == 2


async def test_killed_between_publishing_and_deleting_it_publishes_again_in_order(
    probe: Stack, broker: Broker, teller: House
) -> None:
    topic, keys = await broker.topic(), [uuid4() for _ in range(3)]
    await tell(teller, topic, [(key, version, "") for version in range(1, 11) for key in keys])
    with running(probe, "teller", module="tests.component.chassis.dies_before_delete") as doomed:
        await asyncio.to_thread(doomed.process.wait, 30)
    assert doomed.process.returncode == -9
    assert await teller.count("outbox") == 30
    async with relaying(teller):
        await emptied(teller)
    found = await broker.read(topic, 60)
    assert len(found) == 60, "each record twice"
    assert versions(found) == {str(key): list(range(1, 11)) for key in keys}


async def test_a_record_that_the_broker_refuses_holds_its_key_and_no_other(broker: Broker, teller: House) -> None:
    topic = await broker.topic(largest=4000)
    mine, poor, yours = uuid4(), uuid4(), uuid4()
    too_much = secrets.token_hex(6000)
    before = [(mine, 1, ""), (poor, 1, ""), (poor, 2, too_much), (poor, 3, ""), (yours, 1, "")]
    await tell(teller, topic, [*before, *((mine, version, "") for version in range(2, 30))])
    async with relaying(teller):
        await emptied(teller, left=2)
        assert await held_keys(teller.database) == [(topic, str(poor), "MessageSizeTooLargeError")]
        found = versions(await broker.read(topic, 31))
        assert found == {str(mine): list(range(1, 30)), str(poor): [1], str(yours): [1]}
        await broker.change(topic, "max.message.bytes", "20000")
        assert await resend(teller.database, topic=topic, key=str(poor), reason="the limit was raised", by="test") == 1
        await emptied(teller)
    assert versions(await broker.read(topic, 33))[str(poor)] == [1, 2, 3]
    assert await teller.rows("select decision, reason from parked_decision") == [("released", "the limit was raised")]


async def test_what_fits_a_record_only_alone_is_no_fault_of_its_own(broker: Broker, teller: House) -> None:
    topic = await broker.topic(largest=4000)
    await tell(teller, topic, [(uuid4(), 1, secrets.token_hex(700)) for _ in range(12)])
    async with relaying(teller):
        await emptied(teller)
    assert len(await broker.read(topic, 12)) == 12
    assert await held_keys(teller.database) == []


async def test_the_largest_value_that_may_be_told_passes(broker: Broker, teller: House) -> None:
    topic = await broker.topic()
    await tell(teller, topic, [(uuid4(), 1, secrets.token_hex(449_900))])
    async with relaying(teller):
        await emptied(teller)
    assert len(await broker.read(topic, 1)) == 1


async def test_the_shards_do_not_wait_for_each_other(broker: Broker, teller: House) -> None:
    topic = await broker.topic()
    await tell(teller, topic, [(uuid4(), 1, ""), (uuid4(), 2, "")])
    await teller.eye.execute("update outbox set shard = $1 where id = (select min(id) from outbox)", BULK)
    async with relaying(teller, URGENT):
        await emptied(teller, left=1)
    async with relaying(teller, BULK):
        await emptied(teller)
    assert [one.aggregate_version for one in map(envelope, await broker.read(topic, 2))] == [2, 1]


def envelope(record: Any) -> Any:  # noqa: ANN401  a consumer's record
    return from_headers(record.headers)
