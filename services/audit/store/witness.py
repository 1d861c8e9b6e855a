"""Checkpoints as the broker has them: told once, kept by everyone who reads the topic, and not ours to take back."""

import asyncio

import orjson
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownTopicOrPartitionError

from chassis.kafka import connection
from chassis.settings import Settings
from contracts.audit.v1 import CheckpointSigned

TELLS_WITHIN_S = 20


async def told_notes(settings: Settings) -> list[str]:
    """Return every checkpoint that stands in the topic, in order of their sizes.

    Raises an error of aiokafka, or `TimeoutError`, where the broker does not tell of the topic: an empty answer would
    say that nobody keeps a checkpoint.
    """
    async with asyncio.timeout(TELLS_WITHIN_S):
        consumer = await _reader(settings)
    try:
        values = await _read_all(consumer)
    finally:
        await consumer.stop()
    told = [orjson.loads(value) for value in values if value]
    return [one["checkpoint"] for one in sorted(told, key=lambda one: int(one["size"]))]


async def _reader(settings: Settings) -> AIOKafkaConsumer:
    """Return a consumer that has every partition; a broker may tell of a topic only moments after it has started."""
    while True:
        # A seek to the beginning may be overtaken by the question for the end with which such a consumer starts.
        consumer = AIOKafkaConsumer(
            CheckpointSigned.topic(), **connection(settings), auto_offset_reset="earliest", enable_auto_commit=False
        )
        try:
            await consumer.start()
        except UnknownTopicOrPartitionError:
            await consumer.stop()
            await asyncio.sleep(0.2)
        else:
            return consumer


async def _read_all(consumer: AIOKafkaConsumer) -> list[bytes]:
    partitions = list(consumer.assignment())
    ends = await consumer.end_offsets(partitions)
    values: list[bytes] = []
    while [one for one in partitions if await consumer.position(one) < ends[one]]:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            values += [record.value for record in records]
    return values
