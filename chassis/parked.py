"""Parked messages: what could not be handled waits in the consumer's own database, with all that comes after it.

A parked key is one row. A batch locks the rows of its keys and a release takes the same lock, so that neither
overtakes the other. See docs/architecture/parked.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from uuid import UUID

import orjson

from chassis.database import Tx

if TYPE_CHECKING:
    from asyncpg import Record

    from chassis.received import Received


@dataclass(frozen=True, slots=True)
class Parked:
    """One record to be parked."""

    topic: str
    key: str | None
    """None parks it alone, holding nobody."""
    partition: int
    offset: int
    event_id: UUID | None
    correlation_id: UUID | None
    cause: str
    reason: str
    traceparent: str | None
    headers: list[tuple[str, str]]
    """Header values in hexadecimal, byte for byte."""
    raw_key: bytes | None
    value: bytes | None

    @classmethod
    def of(cls, received: "Received") -> Self:
        """Return the record as it is to be kept."""
        record, envelope = received.record, received.envelope
        return cls(
            topic=record.topic,
            key=None if received.cause == "exercise" else received.key,
            partition=record.partition,
            offset=record.offset,
            event_id=envelope.id if envelope else None,
            correlation_id=envelope.correlation_id if envelope else None,
            cause=received.cause,
            reason=received.reason,
            traceparent=envelope.traceparent if envelope else None,
            headers=[(name, (value or b"").hex()) for name, value in record.headers],
            raw_key=record.key,
            value=record.value,
        )


async def parked_keys(tx: Tx, consumer: str, topic: str, keys: Collection[str]) -> set[str]:
    """Lock and return those of the keys that are parked."""
    if not keys:
        return set()
    rows = await tx.fetch(
        "select key from parked_key where consumer = $1 and topic = $2 and key = any($3) order by key for update",
        *(consumer, topic, list(keys)),
    )
    return {row["key"] for row in rows}


async def park(tx: Tx, consumer: str, parked: Parked) -> None:
    """Keep a record and hold its key; a record that is kept already stays as it is."""
    if parked.key is not None:
        await tx.execute(
            # The update that changes nothing locks the row: a release must not remove the key in between.
            "insert into parked_key (consumer, topic, key, cause) values ($1, $2, $3, $4)"
            " on conflict (consumer, topic, key) do update set cause = parked_key.cause",
            *(consumer, parked.topic, parked.key, parked.cause),
        )
    await tx.execute(
        'insert into parked_message (consumer, topic, key, partition, "offset", event_id, correlation_id, cause,'
        " reason, traceparent, headers, raw_key, value)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing",
        *(consumer, parked.topic, parked.key, parked.partition, parked.offset, parked.event_id),
        *(parked.correlation_id, parked.cause, parked.reason, parked.traceparent),
        *(orjson.dumps(parked.headers).decode(), parked.raw_key, parked.value),
    )


async def first_of_key(tx: Tx, consumer: str, topic: str, key: str) -> "Record | None":
    """Lock a parked key and return the oldest record that waits under it."""
    locked = await tx.fetchval(
        "select key from parked_key where consumer = $1 and topic = $2 and key = $3 for update", consumer, topic, key
    )
    if locked is None:
        return None
    return await tx.fetchrow(
        "select * from parked_message where consumer = $1 and topic = $2 and key = $3 order by id limit 1",
        *(consumer, topic, key),
    )


async def alone(tx: Tx, message: int) -> "Record | None":
    """Lock and return a record that was parked alone."""
    return await tx.fetchrow("select * from parked_message where id = $1 and key is null for update", message)


async def settle(tx: Tx, row: "Record", state: str) -> None:
    """Remove a record that was handled or skipped, and its key with the last one."""
    await tx.change_one("delete from parked_message where id = $1", row["id"])
    if row["event_id"]:
        await tx.execute(
            "update inbox set state = $3, handled_at = clock_timestamp() where consumer = $1 and event_id = $2",
            *(row["consumer"], row["event_id"], state),
        )
    if row["key"] is not None:
        await tx.execute(
            "delete from parked_key k where consumer = $1 and topic = $2 and key = $3 and not exists (select from"
            " parked_message m where m.consumer = k.consumer and m.topic = k.topic and m.key = k.key)",
            *(row["consumer"], row["topic"], row["key"]),
        )


async def failed_again(tx: Tx, message: int, reason: str) -> None:
    """Count a release that did not help."""
    await tx.change_one("update parked_message set attempts = attempts + 1, reason = $2 where id = $1", message, reason)
