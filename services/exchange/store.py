"""The mailboxes as they lie in Kafka: one partition each, read from an offset for any number of pollers.

Nothing is kept in memory between two polls. A *scout* asks the broker, once for all waiting pollers, how long the
mailboxes are; it decides only how soon a poller looks again, never what it sees. A few *readers*, consumers without
a group, are lent to one poll at a time and given its one partition.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from chassis.kafka import KafkaSettings, connection
from contracts.codes import Mailbox
from services.exchange.domain import Bounds, FeedUnavailable, Window, cursor_before, entry, first_offset

READERS = 4
"""Polls that read at the same moment; the others wait their turn, which is milliseconds."""

PAGE_BYTES = 512 * 1024
"""About how much one read brings, so that memory has a bound whatever the limit; one larger record still comes."""

LOOK_EVERY = 0.1
NOTICE_WITHIN = 1.0
ANSWER_WITHIN = 5.0
"""Seconds: between two looks of the scout; until it is noticed that nobody waits any more; that the broker may take."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one poll brings."""

    entries: list[dict[str, Any]]
    next_offset: int


class Mailboxes:
    """Every mailbox of the broker, open for reading; it does not ask whose they are."""

    def __init__(self, kafka: KafkaSettings) -> None:
        """Remember the broker; connections are made at the first poll."""
        self._kafka = kafka
        self._turns = asyncio.Semaphore(READERS)
        self._idle: list[AIOKafkaConsumer] = []
        self._scout: AIOKafkaConsumer | None = None
        self._scout_starts = asyncio.Lock()
        self._waiting: defaultdict[TopicPartition, set[tuple[int, asyncio.Future[None]]]] = defaultdict(set)

    async def close(self) -> None:
        """Disconnect from the broker."""
        for consumer in [*self._idle, *([self._scout] if self._scout else [])]:
            await consumer.stop()
        self._idle.clear()
        self._scout = None

    async def bounds(self, mailbox: Mailbox) -> Bounds:
        """Return what a mailbox keeps."""
        partition = TopicPartition(mailbox.topic, 0)
        scout = await self._get_scout()
        with _broker_may_be_away():
            earliest = await scout.beginning_offsets([partition])
            end = await scout.end_offsets([partition])
        return Bounds(earliest[partition], end[partition])

    async def poll(self, mailbox: Mailbox, window: Window, nobody_waits: Callable[[], Awaitable[bool]]) -> Page:
        """Return the events after the cursor, at once or as soon as there is one; none when the wait is over."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + window.wait
        while True:
            bounds = await self.bounds(mailbox)
            offset = first_offset(window.after, bounds)
            if offset < bounds.end:
                page = await self._read(TopicPartition(mailbox.topic, 0), offset, window.limit)
                if page.entries:
                    return page
                if page.next_offset > offset:  # Nothing but a transaction's markers or compacted records.
                    window = replace(window, after=cursor_before(page.next_offset))
            elif not await self._until_longer(mailbox, offset, deadline, nobody_waits):
                return Page([], offset)

    async def _until_longer(
        self, mailbox: Mailbox, offset: int, deadline: float, nobody_waits: Callable[[], Awaitable[bool]]
    ) -> bool:
        """Wait until the mailbox holds the offset; False when time is over or nobody listens any more."""
        loop = asyncio.get_running_loop()
        longer: asyncio.Future[None] = loop.create_future()
        partition, waiter = TopicPartition(mailbox.topic, 0), (offset, longer)
        self._waiting[partition].add(waiter)
        try:
            while not longer.done() and (left := deadline - loop.time()) > 0 and not await nobody_waits():
                await asyncio.wait([longer], timeout=min(left, NOTICE_WITHIN))
            return longer.done()
        finally:
            self._waiting[partition].discard(waiter)

    async def watch(self) -> None:
        """Wake the pollers of mailboxes that have grown; runs, and keeps the connections, as long as the service."""
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                with suppress(FeedUnavailable):
                    await self._look()
        finally:
            await self.close()

    async def _look(self) -> None:
        waited_for = [partition for partition, waiters in self._waiting.items() if waiters]
        if not waited_for:
            return
        scout = await self._get_scout()
        with _broker_may_be_away():
            ends = await scout.end_offsets(waited_for)
        for partition, end in ends.items():
            for offset, longer in self._waiting[partition]:
                if end > offset and not longer.done():
                    longer.set_result(None)

    async def _read(self, partition: TopicPartition, offset: int, limit: int) -> Page:
        """Read what lies at and after an offset that the mailbox is known to hold."""
        async with self._reader() as reader:
            reader.assign([partition])
            reader.seek(partition, offset)
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    return await _page(reader, partition, offset, limit)
            except OffsetOutOfRangeError:
                return Page([], offset)  # Retention took it just now: the next look at the bounds refuses the cursor.

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[AIOKafkaConsumer]:
        """Lend a reader; one that failed is not lent again."""
        with _broker_may_be_away():
            async with self._turns:
                reader = self._idle.pop() if self._idle else await self._connect()
                try:
                    yield reader
                except BaseException:  # a poll that was cancelled leaves a reader in no known place
                    await reader.stop()
                    raise
                self._idle.append(reader)

    async def _get_scout(self) -> AIOKafkaConsumer:
        with _broker_may_be_away():
            async with self._scout_starts:
                if self._scout is None:
                    self._scout = await self._connect()
                return self._scout

    async def _connect(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            **connection(self._kafka),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            request_timeout_ms=int(ANSWER_WITHIN * 1000),
            max_partition_fetch_bytes=PAGE_BYTES,
            fetch_max_bytes=PAGE_BYTES,
        )
        try:
            await consumer.start()
        except BaseException:  # also when cancelled: a consumer that half started holds sockets
            await consumer.stop()
            raise
        return consumer


@contextmanager
def _broker_may_be_away() -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError, UnicodeDecodeError) as error:  # The last: a header's name that is not UTF-8.
        raise FeedUnavailable from error


async def _page(reader: AIOKafkaConsumer, partition: TopicPartition, offset: int, limit: int) -> Page:
    while True:
        found = await reader.getmany(partition, timeout_ms=200, max_records=limit)
        position = await reader.position(partition)
        if position > offset:
            reader.pause(partition)  # No fetch ahead: the next poll of this reader may be another mailbox's.
            return Page([entry(each.offset, each.headers, each.value) for each in found.get(partition, [])], position)
