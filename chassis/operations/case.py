"""One case's whole story: what each service told, heard, parked and waits for, and where in the topics it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from aiokafka import AIOKafkaConsumer

from chassis.database import Database
from chassis.health import handled
from chassis.kafka import KafkaSettings, connection
from contracts.cloudevents import peek

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

POLL_MS = 1000


@dataclass(slots=True)
class Line:
    """One thing that happened in a case."""

    at: datetime
    service: str
    text: str
    event_id: UUID | None = None
    topics: list[str] = field(default_factory=list)
    """Where the event was to be published; empty for anything but a telling."""
    places: dict[str, list[int]] = field(default_factory=dict)
    """Where it stands: topic and offsets; several after a repetition, which receivers know by the event's id."""

    def __str__(self) -> str:
        """Return it as a person reads it."""
        found = [f"in {topic}@{', '.join(map(str, offsets))}" for topic, offsets in sorted(self.places.items())]
        found += [f"NOT in {topic}" for topic in self.topics if topic not in self.places]
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.service:9}  {self.text}" + "".join(
            f"\n{'':32}{one}" for one in found
        )


async def lines_of(database: Database, case: UUID) -> list[Line]:
    """Return what one service's database says about a case."""
    story, service = await handled(database, case), database.settings.service
    lines = [_told(service, row) for row in story["told"]]
    lines += [Line(row["handled_at"], service, f"heard  {row['topic']}  {row['state']}") for row in story["heard"]]
    lines += [
        Line(row["parked_at"], service, f"PARKED {row['topic']}  {row['cause']}: {row['reason']}")
        for row in story["parked"]
    ]
    lines += [
        Line(row["due_at"], service, f"due    {row['kind']}  {row['failure'] or ''}".rstrip())
        for row in story["deadlines"]
    ]
    return lines


def _told(service: str, row: dict[str, Any]) -> Line:
    waits = "  WAITS TO BE SENT" if row["waits_to_be_sent"] else ""
    text = f"told   {row['type']}  version {row['aggregate_version']}{waits}"
    mailboxes = sorted(orjson.loads(row["mailboxes"]))
    return Line(row["recorded_at"], service, text, row["id"], [row["topic"], *mailboxes])


async def find_places(kafka: KafkaSettings, lines: Iterable[Line]) -> None:
    """Read the topics in which a case's events must stand, and note where they do."""
    wanted = {str(line.event_id): line for line in lines if line.topics}
    if not wanted:
        return
    topics = {topic for line in wanted.values() for topic in line.topics}
    consumer = AIOKafkaConsumer(*topics, **connection(kafka), auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                _note(records, wanted)
    finally:
        await consumer.stop()


def _note(records: "Iterable[ConsumerRecord[Any, Any]]", wanted: dict[str, Line]) -> None:
    for record in records:
        if line := wanted.get(str(peek(record.headers)[1])):
            line.places.setdefault(record.topic, []).append(record.offset)
