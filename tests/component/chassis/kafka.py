"""A real broker's topics, written and read by tests as any other party would."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts.cloudevents import from_headers, to_headers
from contracts.event import Envelope, Event
from tests.probe.v1 import NoteWritten

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOUND_S = 90

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Record:
    """A record to be sent."""

    key: bytes | None
    value: bytes
    headers: Headers

    def header(self, name: str, value: bytes | None) -> "Record":
        """Return the same record with one header of another value."""
        others = [(other, old) for other, old in self.headers if other != name]
        return replace(self, headers=[*others, (name, value)])


def note(number: int = 1, note_id: UUID | None = None, version: int = 1, **envelope: Any) -> Record:  # noqa: ANN401
    """Return the record of a note's event, as the teller would publish it."""
    event = NoteWritten(note_id=note_id or uuid4(), number=number)
    return record_of(event, version, **envelope)


def record_of(event: Event, version: int, **envelope: Any) -> Record:  # noqa: ANN401
    """Return an event as a record."""
    said = Envelope(
        id=uuid4(),
        type=event.type(),
        source="/samvirke/teller",
        subject=str(event.aggregate_id),
        time=NOON,
        correlation_id=event.aggregate_id,
        legal_basis=event.legal_basis,
        purpose=event.purpose,
        aggregate_version=version,
    )
    headers: Headers = list(to_headers(replace(said, **envelope)))
    return Record(str(event.aggregate_id).encode(), event.value(), headers)


class Broker:
    """The broker, as a test uses it."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5)

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()
        await self._admin.close()

    async def topic(self, partitions: int = 1, largest: int = 1_048_588) -> str:
        """Make a topic of its own for one test."""
        name = f"samvirke.test.t{uuid4().hex[:12]}.v1"
        await self._admin.create_topics(
            [NewTopic(name, partitions, 1, topic_configs={"max.message.bytes": str(largest)})]
        )
        return name

    async def change(self, topic: str, setting: str, value: str) -> None:
        """Change a setting of a topic."""
        await self._admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {setting: value})])

    async def send(self, topic: str, *records: Record) -> None:
        """Send records to the first partition, in order."""
        sent = [
            await self._producer.send(topic, one.value, key=one.key, headers=one.headers, partition=0)
            for one in records
        ]
        await asyncio.gather(*sent)

    async def read(self, topic: str, at_least: int, partitions: int = 1) -> list[Any]:
        """Return what stands in a topic once it holds so many records."""
        places = [TopicPartition(topic, number) for number in range(partitions)]
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        found: list[Any] = []
        try:
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            async with asyncio.timeout(BOUND_S):
                while len(found) < at_least:
                    for batch in (await consumer.getmany(timeout_ms=100)).values():
                        found.extend(batch)
        finally:
            await consumer.stop()
        return found


def envelopes(records: Sequence[Any]) -> list[Envelope]:
    """Return the envelopes of records."""
    return [from_headers(one.headers) for one in records]
