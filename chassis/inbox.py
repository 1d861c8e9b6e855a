"""Events in: one batch at a time, inbox rows and effects in one transaction, offsets committed after it.

`@reacts_to(Event)` registers a function in a service's `handlers.py`. See docs/architecture/inbox.md.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from chassis import metrics, telemetry
from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.infrastructure import describe, is_of_the_house
from chassis.parked import Parked, park, parked_keys
from chassis.received import Received, read
from chassis.settings import Settings
from contracts.event import Envelope, Event

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, ConsumerRecord

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Reaction = Callable[[Any, Envelope, Tx], Awaitable[None]]

FIRST_PAUSE_S = 0.1

REACTIONS: dict[type[Event], Reaction] = {}
"""What this process reacts to, filled by `@reacts_to`; AsyncAPI takes its messages from here."""


def reacts_to(event: type[E]) -> Callable[[Callable[[E, Envelope, Tx], Awaitable[None]]], Reaction]:
    """Register a handler for one event; it may use its own database and nothing else."""

    def register(handler: Callable[[E, Envelope, Tx], Awaitable[None]]) -> Reaction:
        if event in REACTIONS:
            message = f"{event.type()} has a handler already"
            raise ValueError(message)
        REACTIONS[event] = handler
        return handler

    return register


@dataclass(frozen=True, slots=True)
class Passed:
    """How far a partition was handled, and up to what time nothing in it waits."""

    next_offset: int
    at: float


class Inbox:
    """Handles the batches of one topic for one service."""

    def __init__(self, database: Database, settings: Settings, topic: str) -> None:
        """Remember whose batches these are."""
        self.database = database
        self.settings = settings
        self.topic = topic
        self.consumer_name = settings.service
        self.member_at = time.monotonic()
        """When its consumer was last seen as a member of its group."""
        self.busy = asyncio.Lock()
        """Held while a batch is under way: a partition is not given away before it ends."""
        self.waiting: dict[TopicPartition, float] = {}
        """When the first record came that a partition waits with, for the batch under way or to be polled again."""
        self.passed: dict[TopicPartition, Passed] = {}
        self._known_days: set[Any] = set()
        self._pause = FIRST_PAUSE_S

    async def handle(self, records: "Sequence[ConsumerRecord[Any, Any]]", consumer: "AIOKafkaConsumer") -> None:
        """Handle one poll's records and commit their offsets; on a fault of the house, poll them again later."""
        async with self.busy:
            self.waiting = _first_times(records)
            try:
                await self._handle_all([read(record, self.settings.mode, REACTIONS) for record in records])
            except Exception as error:  # noqa: BLE001  whatever it is, going on would commit past these records
                await self._poll_again(records, consumer, error)
                return
            self._pause = FIRST_PAUSE_S
            self._pass(records)
            await self.commit_offsets(records, consumer)

    def _pass(self, records: "Sequence[ConsumerRecord[Any, Any]]") -> None:
        self.waiting = {}
        self.passed |= {
            TopicPartition(record.topic, record.partition): Passed(record.offset + 1, record.timestamp / 1000)
            for record in records
        }

    def oldest_unhandled(self, consumer: "AIOKafkaConsumer") -> float:
        """Return the age of the oldest record that waits in the partitions of a consumer, at most; 0 when none does."""
        now = time.time()
        since = [self._waits_since(partition, consumer, now) for partition in consumer.assignment()]
        return max(0.0, now - min(since, default=now))

    def _waits_since(self, partition: TopicPartition, consumer: "AIOKafkaConsumer", now: float) -> float:
        if partition in self.waiting:
            return self.waiting[partition]
        passed = self.passed.get(partition)
        if passed is None or (consumer.highwater(partition) or 0) <= passed.next_offset:
            # With nothing behind, what comes next has waited since now and not since the last record.
            self.passed[partition] = Passed(passed.next_offset if passed else 0, now)
            return now
        return passed.at

    async def _handle_all(self, received: list[Received]) -> None:
        await self._provide_days(received)
        try:
            await self._together(received)
        except Exception as error:
            if is_of_the_house(error):
                raise
            # One of them fails for a reason of its own; alone, each shows whether it is the one.
            for one in received:
                await self._alone(one)

    async def _together(self, received: list[Received]) -> None:
        async with self.database.tx(Principal.worker(self.settings.service)) as tx:
            await self._in_one_transaction(tx, received)

    async def _alone(self, one: Received) -> None:
        try:
            await self._together([one])
        except Exception as error:
            if is_of_the_house(error):
                raise
            log.warning("parked a record", extra={"topic": self.topic, "cause": describe(error)})
            await self._together([one.because("handler", describe(error))])

    async def _in_one_transaction(self, tx: Tx, received: list[Received]) -> None:
        held = await parked_keys(tx, self.consumer_name, self.topic, {one.key for one in received if one.key})
        wanted = [one for one in received if one.concerns_us]
        metrics.INBOX_IGNORED.labels(self.topic).inc(len(received) - len(wanted))
        named = [one for one in wanted if one.envelope]
        new = await first_seen(tx, self.consumer_name, named, "handled")
        metrics.INBOX_REPEATED.labels(self.topic).inc(len(named) - len(new))
        for one in wanted:
            if one.envelope and one.event_id not in new:
                continue
            new.discard(one.event_id)
            await self._take(tx, one, held)

    async def _take(self, tx: Tx, one: Received, held: set[str]) -> None:
        """Handle a record that is here for the first time, or park it; `held` grows with the keys that it holds."""
        if one.cause or one.key in held:
            await self._park(tx, one if one.cause else one.because("behind", "an earlier record of its key is parked"))
            if one.key and one.cause != "exercise":
                held.add(one.key)
            return
        await react(one, tx)
        metrics.INBOX_HANDLED.labels(self.topic).inc()
        metrics.INBOX_LAG.labels(self.topic).set(max(0.0, time.time() - one.record.timestamp / 1000))

    async def _park(self, tx: Tx, one: Received) -> None:
        if one.envelope:
            await tx.execute(
                "update inbox set state = 'parked' where day = $1 and event_id = $2 and consumer = $3",
                *(one.envelope.time.date(), one.envelope.id, self.consumer_name),
            )
        await park(tx, self.consumer_name, Parked.of(one))
        metrics.INBOX_PARKED.labels(self.topic, one.cause).inc()

    async def _provide_days(self, received: list[Received]) -> None:
        wanted = [one.envelope for one in received if one.envelope and one.concerns_us]
        days = {envelope.time.date() for envelope in wanted} - self._known_days
        for day in sorted(days):
            async with self.database.tx(Principal.worker(self.settings.service)) as tx:
                await tx.execute("select provide_inbox_day($1)", day)
        self._known_days |= days

    async def commit_offsets(self, records: "Sequence[ConsumerRecord[Any, Any]]", consumer: "AIOKafkaConsumer") -> None:
        """Commit exactly what has been handled; where that is refused, the records come again and are known."""
        try:
            await consumer.commit(_offsets(records))
        except KafkaError as error:
            log.warning("offsets were not committed", extra={"topic": self.topic, "cause": describe(error)})

    async def _poll_again(
        self, records: "Sequence[ConsumerRecord[Any, Any]]", consumer: "AIOKafkaConsumer", error: BaseException
    ) -> None:
        metrics.INBOX_RETRIES.labels(self.topic).inc()
        log.warning("polls again", extra={"topic": self.topic, "cause": describe(error)})
        for partition, offset in _first_offsets(records).items():
            if partition in consumer.assignment():
                consumer.seek(partition, offset)
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, self.settings.inbox_back_off_s)


async def first_seen(tx: Tx, consumer: str, received: Sequence[Received], state: str) -> set[Any]:
    """Write inbox rows and return the ids that were new: this is deduplication and mutual exclusion at once.

    Ids are written in order, so that two overlapping batches wait for each other instead of deadlocking.
    """
    rows = sorted(
        {(one.envelope.time.date(), one.envelope.id, one.envelope.correlation_id) for one in received if one.envelope}
    )
    if not rows:
        return set()
    new = await tx.fetch(
        "insert into inbox (day, consumer, event_id, state, topic, correlation_id)"
        " select day, $4, id, $5, $6, correlation_id"
        " from unnest($1::date[], $2::uuid[], $3::uuid[]) as r (day, id, correlation_id)"
        " on conflict do nothing returning event_id",
        *([row[place] for row in rows] for place in range(3)),
        *(consumer, state, received[0].record.topic),
    )
    return {row["event_id"] for row in new}


async def react(one: Received, tx: Tx) -> None:
    """Run the handler of one record, in a span that continues its creation."""
    if one.envelope is None or one.event is None:
        message = "only a readable record can be handled"
        raise ValueError(message)
    envelope = one.envelope
    tx.heard = one.record.value or b""
    with telemetry.processing(one.record.topic, envelope.type, envelope.correlation_id, envelope.traceparent):
        await REACTIONS[type(one.event)](one.event, envelope, tx)


def _offsets(records: "Sequence[ConsumerRecord[Any, Any]]") -> dict[Any, int]:
    return {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}


def _first_times(records: "Sequence[ConsumerRecord[Any, Any]]") -> dict[Any, float]:
    first: dict[Any, float] = {}
    for record in records:
        first.setdefault(TopicPartition(record.topic, record.partition), record.timestamp / 1000)
    return first


def _first_offsets(records: "Sequence[ConsumerRecord[Any, Any]]") -> dict[Any, int]:
    first: dict[Any, int] = {}
    for record in records:
        first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
    return first
