"""What is no record's own fault parks nothing and loses nothing: the poll is repeated until the house is back."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.consumers import WaitForBatch
from chassis.database import Tx
from chassis.inbox import Inbox
from contracts.event import Envelope
from tests.component.chassis.house import BOUND_S, Ear, House, Reacting, until
from tests.component.chassis.kafka import Broker, note
from tests.probe.hearer import keep
from tests.probe.v1 import NoteWritten


async def test_while_the_database_is_away_nothing_is_committed_and_then_all_is_handled(
    broker: Broker, hearer: House
) -> None:
    topic = await broker.topic()
    await broker.send(topic, *(note(number) for number in range(5)))
    async with Ear(hearer, topic) as ear:
        await hearer.shut_out()
        assert len(await ear.poll()) == 5
        assert len(await ear.poll()) == 5, "the same records come again"
        assert await ear.committed() is None
        await hearer.let_in()
        await ear.poll()
        assert await ear.committed() == 5
    assert sorted(await hearer.heard()) == list(range(5))
    assert await hearer.count("parked_message") == 0


async def test_the_gauge_says_how_long_the_oldest_record_has_waited(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    async with Ear(hearer, topic) as ear:
        assert ear.inbox.oldest_unhandled(ear.consumer) == 0.0
        await broker.send(topic, note(1), note(2))
        await hearer.shut_out()
        began = time.time()
        await ear.poll()
        await ear.poll()
        assert ear.inbox.oldest_unhandled(ear.consumer) >= time.time() - began
        await hearer.let_in()
        await ear.poll(most=1)

        async def the_second_waits() -> bool:
            return 0 < ear.inbox.oldest_unhandled(ear.consumer) < BOUND_S

        await until(the_second_waits, "one is handled, one waits")
        await ear.poll()
        assert ear.inbox.oldest_unhandled(ear.consumer) < 0.1, "nothing waits"


async def test_it_waits_longer_each_time_and_starts_anew_when_the_house_is_back(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    await broker.send(topic, note(1))
    async with Ear(hearer, topic) as ear:
        first = ear.inbox._pause
        await hearer.shut_out()
        pauses = []
        for _ in range(4):
            await ear.poll()
            pauses.append(ear.inbox._pause)
        assert pauses == [first * 2, first * 4, 0.5, 0.5]
        await hearer.let_in()
        await ear.poll()
        assert ear.inbox._pause == first


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.SerializationError("40001"),
        asyncpg.DeadlockDetectedError("40P01"),
        asyncpg.LockNotAvailableError("55P03"),
        asyncpg.AdminShutdownError("57P01"),
        asyncpg.TooManyConnectionsError("53300"),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_fault_of_the_house_in_a_handler_parks_nothing(
    broker: Broker, hearer: House, reacting: Reacting, error: Exception
) -> None:
    failures = [error]

    async def fails_once(event: NoteWritten, envelope: Envelope, tx: Tx) -> None:
        if failures:
            raise failures.pop()
        await keep(event, envelope, tx)

    reacting(fails_once)
    topic = await broker.topic()
    await broker.send(topic, note(1), note(2))
    async with Ear(hearer, topic) as ear:
        await ear.poll()
        assert await ear.committed() is None
        await ear.poll()
        assert await ear.committed() == 2
    assert sorted(await hearer.heard()) == [1, 2]
    assert await hearer.count("parked_message") == 0


async def test_offsets_are_committed_only_after_the_transaction(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    await broker.send(topic, note(1))
    seen: list[int] = []

    class Watched(Inbox):
        async def commit_offsets(self, records: Sequence[Any], consumer: AIOKafkaConsumer) -> None:
            seen.append(await hearer.count("heard"))
            await super().commit_offsets(records, consumer)

    async with Ear(hearer, topic) as ear:
        ear.inbox = Watched(hearer.database, hearer.settings, topic)
        await ear.hear(1)
        assert await ear.committed() == 1
    assert seen == [1], "seen from outside the transaction"


async def test_offsets_that_cannot_be_committed_are_no_reason_to_do_it_twice(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    await broker.send(topic, note(1))
    async with Ear(hearer, topic) as ear, Ear(hearer, topic) as another:
        records = [one for batch in (await polled(ear)).values() for one in batch]
        another.consumer.unsubscribe()
        await ear.inbox.handle(records, another.consumer)
        assert await ear.committed() is None
        await ear.again()
        await ear.hear(1)
        assert await ear.committed() == 1
    assert await hearer.heard() == [1]


async def polled(ear: Ear) -> dict[TopicPartition, list[Any]]:
    async with asyncio.timeout(20):
        while not (found := await ear.consumer.getmany(timeout_ms=50)):
            continue
    result: dict[TopicPartition, list[Any]] = found
    return result


async def test_two_inboxes_with_the_same_records_have_one_effect(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    await broker.send(topic, *(note(number) for number in range(50)))
    async with Ear(hearer, topic) as one, Ear(hearer, topic) as other:
        # Both from the beginning, even when one has committed before the other asks where to begin.
        await asyncio.gather(one.again(), other.again())
        await asyncio.gather(one.hear(50), other.hear(50))
    assert sorted(await hearer.heard()) == list(range(50))


async def test_a_partition_is_given_away_only_when_the_batch_under_way_has_ended(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def waits(event: NoteWritten, envelope: Envelope, tx: Tx) -> None:
        under_way.set()
        await go_on.wait()
        await keep(event, envelope, tx)

    reacting(waits)
    topic = await broker.topic()
    await broker.send(topic, note(1))
    async with Ear(hearer, topic) as ear:
        handling = asyncio.create_task(ear.hear(1))
        await under_way.wait()
        revoked = asyncio.create_task(WaitForBatch(ear.inbox).on_partitions_revoked(set()))
        done, _ = await asyncio.wait({revoked}, timeout=0.1)
        assert not done
        go_on.set()
        await asyncio.wait_for(asyncio.gather(handling, revoked), 10)
    assert await hearer.heard() == [1]


async def test_the_lag_of_a_partition_ends_at_its_end(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    await broker.send(topic, *(note(number) for number in range(500)))

    async with Ear(hearer, topic) as ear:
        await ear.hear(500)

        async def nothing_left() -> bool:
            return await ear.committed() == 500

        await until(nothing_left, "all offsets committed")
    assert await hearer.count("heard") == 500
