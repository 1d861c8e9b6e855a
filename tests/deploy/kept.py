"""Whether everything that a service has told lies in its topic, and in every mailbox that it is meant for."""

import asyncio
import json
from collections.abc import Iterable

import asyncpg
from aiokafka import AIOKafkaConsumer

from chassis.kafka import KafkaSettings, connection
from deploy.local.databases import in_database, service_databases
from deploy.local.topics import wanted_topics

SENT_WITHIN_S = 300
"""So long a busy machine may take to hand over what waited for brokers."""

Kept = set[tuple[str, str]]
"""A topic and the id of an event in it."""


async def told(server: str) -> Kept:
    """Return what stands in the histories of all services, when every outbox is empty."""
    found: Kept = set()
    for name in (one.name for one in service_databases()):
        con = await asyncpg.connect(in_database(server, name))
        await _is_empty(con)
        for row in await con.fetch("select id::text, topic, mailboxes from event"):
            found |= {(topic, row["id"]) for topic in (row["topic"], *json.loads(row["mailboxes"]))}
        await con.close()
    return found


async def _is_empty(con: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Wait until everything has been sent; nobody tells when."""
    async with asyncio.timeout(SENT_WITHIN_S):
        while await con.fetchval("select count(*) from outbox"):  # noqa: ASYNC110  it is another process's
            await asyncio.sleep(0.5)


async def kept(kafka: KafkaSettings, topics: Iterable[str]) -> Kept:
    """Return what lies in topics."""
    consumer = AIOKafkaConsumer(*topics, **connection(kafka), auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    ends = await consumer.end_offsets(consumer.assignment())
    found: Kept = set()
    while any([await consumer.position(one) < end for one, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            found |= {(one.topic, dict(one.headers)["ce_id"].decode()) for one in records}
    await consumer.stop()
    return found


async def require_all_kept(server: str, kafka: KafkaSettings, within: float = 120) -> int:
    """Refuse a loss; return how many records had to be there."""
    wanted = await asyncio.wait_for(told(server), within)
    if lost := wanted - await asyncio.wait_for(kept(kafka, wanted_topics()), within):
        raise AssertionError(f"told and in no topic: {len(lost)}, as {sorted(lost)[:3]}")
    return len(wanted)
