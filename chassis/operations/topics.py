"""Reads topics from a moment on, for operators: without a group, so that nobody's place moves."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.kafka import KafkaSettings, connection

MAILBOXES = "samvirke.mailbox."
POLL_MS = 500


async def every_topic(kafka: KafkaSettings) -> list[str]:
    """Return the names of all topics of the house that the broker lets one see."""
    admin = AIOKafkaAdminClient(**connection(kafka))
    await admin.start()
    try:
        return sorted(name for name in await admin.list_topics() if name.startswith("samvirke."))
    finally:
        await admin.close()


async def partitions_of(kafka: KafkaSettings, topics: Iterable[str]) -> list[TopicPartition]:
    """Return every partition of the topics."""
    admin = AIOKafkaAdminClient(**connection(kafka))
    await admin.start()
    try:
        described = await admin.describe_topics(sorted(topics))
    finally:
        await admin.close()
    return [TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"]]


async def read_since(kafka: KafkaSettings, topics: Iterable[str], since: datetime) -> AsyncIterator[Any]:
    """Give every record that the broker took at a moment or later, up to where the topics end now."""
    names = sorted(topics)
    if not names:
        return
    consumer = AIOKafkaConsumer(*names, **connection(kafka), enable_auto_commit=False)
    await consumer.start()
    try:
        places = list(consumer.assignment())
        ends = await consumer.end_offsets(places)
        for place, offset in (await offsets_at(consumer, places, since)).items():
            consumer.seek(place, offset)
        while [place for place in places if await consumer.position(place) < ends[place]]:
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    yield record
    finally:
        await consumer.stop()


async def offsets_at(
    consumer: AIOKafkaConsumer, places: list[TopicPartition], since: datetime
) -> dict[TopicPartition, int]:
    """Return where each partition stood at a moment: its end where nothing has come since."""
    if not places:
        return {}
    found = await consumer.offsets_for_times(dict.fromkeys(places, int(since.timestamp() * 1000)))
    ends = await consumer.end_offsets(places)
    return {place: found[place].offset if found.get(place) else ends[place] for place in places}
