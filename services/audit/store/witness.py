"""Checkpoints as the broker has them: told once, kept by everyone who reads the topic, and not ours to take back."""

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.kafka import connection
from chassis.settings import Settings
from contracts.audit.v1 import CheckpointSigned


async def told_notes(settings: Settings) -> list[str]:
    """Return every checkpoint that stands in the topic, in order of their sizes."""
    consumer = AIOKafkaConsumer(**connection(settings), group_id=None, enable_auto_commit=False)
    await consumer.start()
    try:
        values = await _read_all(consumer)
    finally:
        await consumer.stop()
    told = [orjson.loads(value) for value in values if value]
    return [one["checkpoint"] for one in sorted(told, key=lambda one: int(one["size"]))]


async def _read_all(consumer: AIOKafkaConsumer) -> list[bytes]:
    topic = CheckpointSigned.topic()
    # Asking for a topic's metadata makes the consumer know its partitions before it is assigned them.
    await consumer._client.force_metadata_update()  # noqa: SLF001  aiokafka offers no other way without subscribing
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(partitions)
    ends = await consumer.end_offsets(partitions)
    await consumer.seek_to_beginning(*partitions)
    values: list[bytes] = []
    while [one for one in partitions if await consumer.position(one) < ends[one]]:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            values += [record.value for record in records]
    return values
