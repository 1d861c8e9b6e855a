"""Collects the evidence: reads databases, topics and consumer groups as they are, through no code under test."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.kafka import KafkaSettings, connection
from contracts.audit.v1 import AccessRecorded
from tests.chaos.checker import Evidence, Parked, Told
from tests.chaos.journal import Journal
from tests.probe.v1 import NoteWritten
from tests.probe.world import PARTITIONS, database_of
from tests.stack import Stack

NOTES, ACCESS = NoteWritten.topic(), AccessRecorded.topic()
GROUP = "hearer"

Offsets = dict[TopicPartition, int]


@dataclass(frozen=True, slots=True)
class Quiet:
    """How much is still under way."""

    outbox: int
    lag: int


async def ends(kafka: KafkaSettings, topics: Mapping[str, int]) -> Offsets:
    """Return where each partition of the topics ends; topics come with their numbers of partitions."""
    consumer = AIOKafkaConsumer(**connection(kafka))
    await consumer.start()
    try:
        every = [TopicPartition(topic, place) for topic, partitions in topics.items() for place in range(partitions)]
        # Otherwise the client learns of one topic after the other, a round trip each.
        consumer.assign(every)
        return dict(await consumer.end_offsets(every))
    finally:
        await consumer.stop()


async def records(kafka: KafkaSettings, starts: Offsets) -> list[Any]:
    """Return every record from the given places to the end, by partition and offset."""
    consumer = AIOKafkaConsumer(**connection(kafka), enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(starts))
        end = dict(await consumer.end_offsets(list(starts)))
        for partition, offset in starts.items():
            consumer.seek(partition, offset)
        return sorted(await _read_to(consumer, end, starts), key=lambda one: (one.topic, one.partition, one.offset))
    finally:
        await consumer.stop()


async def _read_to(consumer: AIOKafkaConsumer, end: Offsets, starts: Offsets) -> list[Any]:
    found: list[Any] = []
    missing = sum(end[partition] - starts[partition] for partition in starts)
    while len(found) < missing:
        batch = await asyncio.wait_for(consumer.getmany(timeout_ms=1000), 10)
        found += [record for several in batch.values() for record in several]
    return found


async def how_quiet(stack: Stack) -> Quiet:
    """Return what waits in the teller's outbox and what the hearer's group has not committed."""
    outbox = (await rows(stack, "teller", "select count(*) from outbox"))[0][0]
    return Quiet(outbox, await lag(stack, GROUP, {NOTES: PARTITIONS}))


async def rows(stack: Stack, name: str, sql: str, *values: object) -> list[Any]:
    """Return what a statement finds in one service's database."""
    con = await asyncpg.connect(database_of(stack, name), timeout=5)
    try:
        return list(await con.fetch(sql, *values))
    finally:
        await con.close()


async def lag(stack: Stack, group: str, topics: Mapping[str, int]) -> int:
    """Return how many records of the topics a group has not committed."""
    end = await ends(stack.kafka, topics)
    admin = AIOKafkaAdminClient(**connection(stack.kafka), request_timeout_ms=5000)
    await admin.start()
    try:
        committed = await admin.list_consumer_group_offsets(group)
    finally:
        await admin.close()
    return sum(offset - max(0, _committed(committed, place)) for place, offset in end.items())


def _committed(offsets: dict[TopicPartition, Any], place: TopicPartition) -> int:
    return int(offsets[place].offset) if place in offsets else 0


async def forget(stack: Stack) -> Offsets:
    """Empty the probe's tables, let its group begin at the end of the topic, and return where that is."""
    for name in ("teller", "hearer"):
        con = await asyncpg.connect(database_of(stack, name))
        await con.execute(
            "truncate note, heard, event, outbox, inbox, parked_key, parked_message, outbox_parked_key, idempotency"
        )
        await con.close()
    starts = await ends(stack.kafka, {NOTES: PARTITIONS, ACCESS: PARTITIONS})
    consumer = AIOKafkaConsumer(**connection(stack.kafka), group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        ours = {place: offset for place, offset in starts.items() if place.topic == NOTES}
        consumer.assign(list(ours))
        await consumer.commit(ours)
    finally:
        await consumer.stop()
    return starts


async def evidence(stack: Stack, journal: Journal, starts: Offsets, poison: frozenset[tuple[int, int]]) -> Evidence:
    """Return everything that was found, for the checker."""
    teller, hearer = [await asyncpg.connect(database_of(stack, name)) for name in ("teller", "hearer")]
    try:
        found = await records(stack.kafka, starts)
        events = await teller.fetch(
            "select id::text, topic, aggregate_id::text, aggregate_version, value from event order by recorded_at"
        )
        return Evidence(
            journal=journal.read(),
            states={row[0]: row[1] for row in await teller.fetch("select id::text, version from note")},
            history=[_told_of(row) for row in events if row["topic"] == NOTES],
            topic=[_read(one) for one in found if one.topic == NOTES and (one.partition, one.offset) not in poison],
            heard=[
                Told(*row)
                for row in await hearer.fetch("select note_id::text, version, number from heard order by heard_at")
            ],
            side_told=[row["id"] for row in events if row["topic"] == ACCESS],
            side_topic=[header_of(one, "ce_id") for one in found if one.topic == ACCESS],
            poison=poison,
            parked=[
                Parked((row[0], row[1]), row[2])
                for row in await hearer.fetch('select partition, "offset", cause from parked_message order by id')
            ],
        )
    finally:
        await teller.close()
        await hearer.close()


def _told_of(row: Any) -> Told:  # noqa: ANN401  an asyncpg row
    return Told(row["aggregate_id"], row["aggregate_version"], json.loads(row["value"])["number"], row["id"])


def _read(record: Any) -> Told:  # noqa: ANN401  aiokafka is untyped
    version = int(header_of(record, "ce_aggregateversion"))
    return Told(record.key.decode(), version, json.loads(record.value)["number"], header_of(record, "ce_id"))


def header_of(record: Any, name: str) -> str:  # noqa: ANN401  aiokafka is untyped
    return str(next(value.decode() for header, value in record.headers if header == name))
