"""What a service needs before it starts on a database that was restored to an earlier moment.

Its group goes back to that moment: what it handled in between is handled again, and what it knows is known by its id.
Its copies for mailboxes are numbered on from what receivers have: a number that meant two things would hide the later.
See docs/operations/backups.md.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, UnknownMemberIdError

from chassis.consumers import heard_topics
from chassis.database import Database
from chassis.identity import Principal
from chassis.inbox import REACTIONS
from chassis.kafka import connection
from chassis.operations.topics import MAILBOXES, every_topic, offsets_at, partitions_of, read_since
from chassis.settings import Settings
from contracts.cloudevents import UnreadableEnvelope, from_headers
from contracts.event import Envelope

MARGIN = timedelta(hours=1)
"""How far before the restored moment one begins: a consumer may have been behind, and clocks may differ."""

LEAVES_WITHIN_S = 15
"""Beyond a session, how long the broker may take to see that a group is empty."""


class GroupAtWork(RuntimeError):
    """The service still runs: its place in the topics is its own as long as it does."""


async def rewind(database: Database, since: datetime) -> int:
    """Move the service's group back to a moment, never forward; returns how many records it will hear again."""
    settings = database.settings
    places = await partitions_of(settings, heard_topics(REACTIONS, settings.mode))
    if not places:
        return 0
    consumer = AIOKafkaConsumer(**connection(settings), group_id=settings.identity, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(places)
        stands = {place: offset for place in places if (offset := await consumer.committed(place)) is not None}
        back = earlier(stands, await offsets_at(consumer, places, since - MARGIN))
        if back:
            await _commit(consumer, back, settings)
        return sum(stands[place] - offset for place, offset in back.items())
    finally:
        await consumer.stop()


def earlier(stands: dict[TopicPartition, int], wanted: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
    """Return the places to move to: those that lie before where the group stands."""
    return {place: wanted[place] for place, offset in stands.items() if wanted[place] < offset}


async def _commit(consumer: AIOKafkaConsumer, back: dict[TopicPartition, int], settings: Settings) -> None:
    """Commit for a group without members; one that has just been left may seem to have some for a session."""
    for _ in range(settings.session_timeout_ms // 1000 + LEAVES_WITHIN_S):
        try:
            await consumer.commit(back)
        except (CommitFailedError, UnknownMemberIdError):
            await asyncio.sleep(1)
        else:
            return
    raise GroupAtWork(f"{settings.identity} still runs: stop every process of it, then move its group")


async def renumber(database: Database, since: datetime) -> int:
    """Number copies on from the last that stands in a mailbox; returns how many aggregates and mailboxes that were."""
    settings = database.settings
    boxes = [name for name in await every_topic(settings) if name.startswith(MAILBOXES)]
    copies = [
        (record.topic, envelope)
        async for record in read_since(settings, boxes, since - MARGIN)
        if (envelope := envelope_of(record.headers)) and is_told_by(envelope, settings)
    ]
    rows = last_numbers(copies)
    async with database.tx(Principal.worker(settings.service)) as tx:
        moved = await tx.fetch(
            "insert into mailbox_sequence as s (aggregate_id, mailbox, last)"
            " select * from unnest($1::uuid[], $2::text[], $3::bigint[])"
            " on conflict (aggregate_id, mailbox) do update set last = excluded.last where s.last < excluded.last"
            " returning 1",
            *([row[place] for row in rows] for place in range(3)),
        )
    return len(moved)


def last_numbers(copies: Iterable[tuple[str, Envelope]]) -> list[tuple[UUID, str, int]]:
    """Return the last number of each aggregate in each mailbox."""
    last: dict[tuple[UUID, str], int] = defaultdict(int)
    for mailbox, envelope in copies:
        place = UUID(envelope.subject), mailbox
        last[place] = max(last[place], envelope.mailbox_sequence or 0)
    return [(aggregate, mailbox, number) for (aggregate, mailbox), number in sorted(last.items())]


def envelope_of(headers: Iterable[tuple[str, bytes]]) -> Envelope | None:
    """Return the envelope of a record; None for what cannot be read."""
    try:
        return from_headers(headers)
    except UnreadableEnvelope:
        return None


def is_told_by(envelope: Envelope, settings: Settings) -> bool:
    """Tell whether an event is the service's own, and of its mode: an exercise has a database of its own."""
    return envelope.source == f"/samvirke/{settings.service}" and envelope.mode is settings.mode
