"""A backlog in an outbox, as a service leaves it behind: rows that the relay publishes and an inbox handles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from chassis.outbox import as_text
from contracts.audit.v1 import AccessRecorded
from contracts.codes import Purpose
from contracts.event import Envelope, Event
from tests.probe.v1 import NoteWritten

COLUMNS = ["shard", "event_id", "topic", "key", "headers", "value"]
Row = tuple[int, UUID, str, str, str, str]


def note() -> Event:
    """Return an event whose value has the size of the hop's."""
    return NoteWritten(note_id=uuid4(), number=1, filling="x" * 370)


def access() -> Event:
    """Return what a service tells when somebody has read about a child and two parents."""
    return AccessRecorded(
        access_id=uuid4(),
        operation="underretning.read",
        subject="bench",
        authority="kommune-0657",
        stated_purpose=Purpose.UNDERRETNING,
        case_id=uuid4(),
        person_ids=(uuid4(), uuid4(), uuid4()),
        at=datetime.now(UTC),
    )


async def add(database: str, events: Iterator[Event], shards: int) -> float:
    """Commit all events to an outbox at once, spread over its shards; returns the database's time of the commit."""
    rows = [_row(event, place % shards) for place, event in enumerate(events)]
    con = await asyncpg.connect(database)
    try:
        await con.copy_records_to_table("outbox", records=rows, columns=COLUMNS)
        return float(await con.fetchval("select extract(epoch from clock_timestamp())"))
    finally:
        await con.close()


def _row(event: Event, shard: int) -> Row:
    legal_basis, purpose = event.grounds()
    envelope = Envelope(
        id=uuid4(),
        type=event.type(),
        source="/samvirke/teller",
        subject=str(event.aggregate_id),
        time=datetime.now(UTC),
        correlation_id=event.aggregate_id,
        legal_basis=legal_basis,
        purpose=purpose,
        aggregate_version=1,
        dataschema=f"/schemas/{event.schema_name()}.json",
    )
    value = event.value().decode()
    return shard, envelope.id, event.topic(), envelope.subject, as_text(envelope), value
