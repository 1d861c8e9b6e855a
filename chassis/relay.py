"""The relay: publishes the outbox, in order, nothing lost.

One leader a service and shard, held by an advisory lock on a connection of its own. It reads in order of id, sends
from one task through an idempotent producer, and deletes a row only after the broker has acknowledged it. There is no
cursor to overtake a late commit and no transaction open while Kafka works. See docs/architecture/outbox.md.
"""

import asyncio
import logging
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTopicError, KafkaError, MessageSizeTooLargeError, RecordTooLargeError

from chassis import metrics, telemetry
from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.kafka import connection
from chassis.settings import Settings

if TYPE_CHECKING:
    from asyncpg import Connection, Record

log = logging.getLogger(__name__)

OWN_FAULT = (MessageSizeTooLargeError, RecordTooLargeError, InvalidTopicError)
"""What the broker holds against one record, however often it is sent."""

_LOCK_CLASS = zlib.crc32(b"samvirke relay") & 0x7FFFFFFF

_NEXT = """
with gone as (delete from outbox where shard = $2 and id = any($1::bigint[]))
select id, topic, key, headers, value
from outbox o
where shard = $2 and id <> all($1::bigint[])
  and not exists (select from outbox_parked_key p where p.topic = o.topic and p.key = o.key)
order by id limit $3
"""


class Relay:
    """Publishes one shard of one service's outbox while it leads."""

    def __init__(self, settings: Settings, shard: int) -> None:
        """Remember what to publish; `run` does it."""
        self.settings = settings
        self.shard = shard
        self.leads = False
        self.wake = asyncio.Event()
        self._label = str(shard)
        self._singly = 0
        """How many rows are sent alone: a broker refuses batches, and only alone a row shows that it is the one."""
        self._producer: AIOKafkaProducer | None = None

    async def run(self) -> None:
        """Ask for the lead and publish while it lasts, for ever."""
        while True:
            try:
                await self._one_life()
            except (*DATABASE_ERRORS, KafkaError) as error:
                log.warning("relay starts again", extra={"shard": self.shard, "cause": describe(error)})
                await asyncio.sleep(min(1.0, self.settings.relay_ask_s))

    async def _one_life(self) -> None:
        con = await asyncpg.connect(self.settings.worker_url, timeout=10, command_timeout=30)
        try:
            idle = int(self.settings.relay_idle_session_s * 1000)
            # This connection only deletes what the broker has: after a crash it is sent again and known by its id.
            await con.execute("set synchronous_commit = off")
            await con.execute(f"set application_name = 'relay {self.shard}'; set idle_session_timeout = {idle}")
            while not await con.fetchval("select pg_try_advisory_lock($1, $2)", _LOCK_CLASS, self.shard):  # noqa: ASYNC110  another process
                await asyncio.sleep(self.settings.relay_ask_s)
            # Ready before the first record: whoever tells first need not wait for a connection.
            await self._ready_producer()
            self._lead(leads=True)
            await self._publish_all(con)
        finally:
            self._lead(leads=False)
            await self._drop_producer()
            con.terminate()

    def _lead(self, *, leads: bool) -> None:
        self.leads = leads
        metrics.RELAY_LEADS.labels(self._label).set(leads)

    async def _publish_all(self, con: "Connection[Record]") -> None:
        sent: list[int] = []
        while True:
            self.wake.clear()
            rows = await self.read(con, sent)
            sent = await self.publish(con, rows) if rows else []
            if not rows:
                await self._wait()

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self.wake.wait(), self.settings.relay_poll_s)
        except TimeoutError:
            return

    async def read(self, con: "Connection[Record]", sent: list[int]) -> "list[Record]":
        """Delete what the broker has acknowledged and return the next rows, in one round trip."""
        limit = 1 if self._singly else self.settings.relay_batch
        return await con.fetch(_NEXT, sent, self.shard, limit)

    async def publish(self, con: "Connection[Record]", rows: "Sequence[Record]") -> list[int]:
        """Send rows in order and return the ids of those that the broker has."""
        headers = [orjson.loads(row["headers"]) for row in rows]
        with telemetry.sending([row["topic"] for row in rows], [h.get("traceparent") for h in headers]):
            results = await self._send(rows, headers)
        acknowledged = [row["id"] for row, result in zip(rows, results, strict=True) if result is None]
        metrics.RELAY_SENT.labels(self._label).inc(len(acknowledged))
        self._singly = max(0, self._singly - len(rows))
        failures = [(row, result) for row, result in zip(rows, results, strict=True) if result]
        if failures:
            self._singly = max(self._singly, len(failures) * any(isinstance(e, OWN_FAULT) for _, e in failures))
            await self._after_failure(con, *failures[0])
            if len(rows) == 1 and isinstance(failures[0][1], OWN_FAULT):
                await self._park(con, *failures[0])
        return acknowledged

    async def _send(self, rows: "Sequence[Record]", headers: Sequence[dict[str, str]]) -> list[BaseException | None]:
        """Return, for each row, None when the broker has it, or why not."""
        results: list[BaseException | None] = [TimeoutError("not sent")] * len(rows)
        futures: list[asyncio.Future[Any]] = []
        try:
            producer = await self._ready_producer()
            for row, head in zip(rows, headers, strict=True):
                futures.append(
                    await producer.send(
                        row["topic"],
                        row["value"].encode(),
                        key=row["key"].encode(),
                        headers=[(name, value.encode()) for name, value in head.items()],
                    )
                )
        except (KafkaError, OSError, TimeoutError) as error:
            results[len(futures)] = error
        await self._outcome(futures, results)
        return results

    async def _outcome(self, futures: list[asyncio.Future[Any]], results: list[BaseException | None]) -> None:
        if not futures:
            return
        await asyncio.wait(futures, timeout=self.settings.relay_send_timeout_s)
        for place, future in enumerate(futures):
            if not future.done():
                results[place] = TimeoutError("the broker has not answered")
                future.add_done_callback(lambda late: late.cancelled() or late.exception())
            else:
                results[place] = future.exception()

    async def _after_failure(self, _: "Connection[Record]", row: "Record", error: BaseException) -> None:
        """Start a new producer: an idempotent one is out of order for good after a refusal (aiokafka #1017)."""
        metrics.RELAY_FAILURES.labels(self._label).inc()
        log.warning("relay sends again", extra={"shard": self.shard, "topic": row["topic"], "cause": describe(error)})
        await self._drop_producer()
        if not isinstance(error, OWN_FAULT):
            await asyncio.sleep(min(1.0, self.settings.relay_ask_s))

    async def _park(self, con: "Connection[Record]", row: "Record", error: BaseException) -> None:
        """Hold the key of a row that was refused though it was sent alone; other keys go on."""
        await con.execute(
            "insert into outbox_parked_key (topic, key, reason) values ($1, $2, $3) on conflict do nothing",
            *(row["topic"], row["key"], type(error).__name__),
        )

    async def _ready_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            compression = self.settings.relay_compression
            producer = AIOKafkaProducer(
                **connection(self.settings),
                client_id=f"{self.settings.identity}-relay-{self.shard}",
                enable_idempotence=True,
                max_batch_size=524_288,
                compression_type=None if compression == "none" else compression,
                linger_ms=0,
            )
            # Kept before it has started: one that could not start is closed as any other.
            self._producer = producer
            await asyncio.wait_for(producer.start(), self.settings.relay_send_timeout_s)
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 2)
            except (TimeoutError, KafkaError, OSError):
                await _cut_off(producer)


async def _cut_off(producer: AIOKafkaProducer) -> None:
    """End a producer that cannot flush: it must not go on sending beside the next one."""
    await producer._sender.close()  # noqa: SLF001  aiokafka offers no other way
    await producer.client.close()
