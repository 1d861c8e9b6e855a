"""One service's house in a test: its database, its settings, its inbox, and waiting with a bound."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.inbox import Inbox, Reaction
from chassis.settings import Settings
from tests.probe.world import database_of
from tests.stack import Stack

TABLES = (
    "event, outbox, outbox_parked_key, inbox, parked_key, parked_message, parked_decision, deadline, idempotency,"
    " mailbox_sequence, day_closing, note, heard, web_session, emergency_code, emergency_try"
)
BOUND_S = 90

Reacting = Callable[[Reaction], None]
"""Lets another handler react to notes."""


@dataclass
class House:
    """A service's database with both its roles, and an eye that sees everything."""

    database: Database
    settings: Settings
    eye: "asyncpg.Connection[asyncpg.Record]"

    @property
    def worker(self) -> Principal:
        """Return the principal of the service's own work."""
        return Principal.worker(self.settings.service)

    def tx(self) -> Any:  # noqa: ANN401  a context manager of Tx
        """Open a transaction of the service's own work."""
        return self.database.tx(self.worker)

    async def count(self, table: str, where: str = "true") -> int:
        """Return how many rows a table holds."""
        return int(await self.eye.fetchval(f"select count(*) from {table} where {where}"))

    async def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows as tuples."""
        return [tuple(row) for row in await self.eye.fetch(sql, *values)]

    async def heard(self) -> list[int]:
        """Return the numbers of the notes that were handled, in order."""
        return [number for (number,) in await self.rows("select number from heard order by heard_at")]

    async def shut_out(self) -> None:
        """Take the database away from the service: sessions end, new ones are refused."""
        user = f"{self.settings.service}_worker"
        await self.eye.execute(f"alter role {user} connection limit 0")
        await self.eye.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", user)

    async def let_in(self) -> None:
        """Give the database back."""
        await self.eye.execute(f"alter role {self.settings.service}_worker connection limit -1")


@asynccontextmanager
async def opened(stack: Stack, name: str) -> AsyncIterator[House]:
    """Open a service's house, empty."""
    eye = await asyncpg.connect(database_of(stack, name))
    await eye.execute(f"truncate {TABLES} restart identity; update installation set clock_offset = '0'")
    settings = Settings(
        service=name,
        database_url=stack.database_url,
        kafka_bootstrap=stack.bootstrap,
        issuer=stack.issuer,
        http_port=1,
        relay_ask_s=0.1,
        relay_poll_s=0.05,
        relay_idle_session_s=2.0,
        inbox_back_off_s=0.5,
        deadline_poll_s=0.05,
    )
    database = Database(settings)
    await database.start()
    try:
        yield House(database, settings, eye)
    finally:
        await database.stop()
        await eye.execute(f"alter role {name}_worker connection limit -1")
        await eye.close()


class Ear:
    """An inbox behind a real consumer, polled by the test."""

    def __init__(self, house: House, topic: str, partitions: int = 1) -> None:
        self.house = house
        self.topic = topic
        self.group = f"{house.settings.service}-{topic}"
        self.inbox = Inbox(house.database, house.settings, topic)
        self.places = [TopicPartition(topic, number) for number in range(partitions)]
        self.consumer = AIOKafkaConsumer(
            bootstrap_servers=house.settings.kafka_bootstrap,
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )

    async def __aenter__(self) -> Self:
        await self.consumer.start()
        self.consumer.assign(self.places)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()

    async def poll(self, most: int = 200) -> list[Any]:
        """Poll once, within a bound, and hand everything to the inbox; returns the records."""
        async with asyncio.timeout(BOUND_S):
            while not (found := await self.consumer.getmany(timeout_ms=50, max_records=most)):
                continue
        records = [record for batch in found.values() for record in batch]
        await self.inbox.handle(records, self.consumer)
        return records

    async def hear(self, count: int) -> None:
        """Poll until so many records have passed."""
        passed = 0
        while passed < count:
            passed += len(await self.poll())

    async def again(self) -> None:
        """Go back to the beginning, as after offsets that were not committed."""
        await self.consumer.seek_to_beginning(*self.places)

    async def committed(self) -> int | None:
        """Return the committed offset of the first partition."""
        offset: int | None = await self.consumer.committed(self.places[0])
        return offset


async def until(condition: Callable[[], Awaitable[object]], what: str, bound: float = BOUND_S) -> None:
    """Wait for a condition, within a bound."""
    end = time.monotonic() + bound
    while not await condition():
        assert time.monotonic() < end, f"{what}: not within {bound:.0f} s"
        await asyncio.sleep(0.02)


async def nothing(tx: Tx) -> None:
    """Do nothing in a transaction."""
    tx.require_open()
