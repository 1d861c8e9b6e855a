"""Publishes from the history again: for a rebuild, a lost mailbox, or brokers that came back empty."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.outbox import as_text, copy_for_mailbox
from contracts.cloudevents import from_headers

if TYPE_CHECKING:
    from asyncpg import Record

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of the history is meant."""

    since: datetime
    until: datetime
    topic: str | None = None
    """One domain topic or one mailbox; None means all."""
    aggregate: UUID | None = None


async def republish(database: Database, selection: Selection, *, dry_run: bool) -> int:
    """Write the selected events into the outbox again, in their order; returns how many records that makes.

    Ids, versions and mailbox sequences are those of the first time, so receivers know what they have.
    """
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        rows = 0
        async for event in tx.con.cursor(_SELECT, selection.since, selection.until, selection.aggregate, prefetch=PAGE):
            records = _records(event, selection.topic)
            rows += len(records)
            if not dry_run:
                await _put_out(tx, event, records)
    return rows


_SELECT = """
select id, topic, aggregate_id, shard, headers, value, mailboxes from event
where recorded_at >= $1 and recorded_at < $2 and ($3::uuid is null or aggregate_id = $3)
order by place
"""


def _records(event: "Record", only: str | None) -> list[tuple[str, str]]:
    """Return topic and headers of each record that the event makes."""
    head = orjson.loads(event["headers"])
    envelope = from_headers([(name, value.encode()) for name, value in head.items()])
    copies = orjson.loads(event["mailboxes"])
    records = [(event["topic"], event["headers"])]
    records += [(topic, as_text(copy_for_mailbox(envelope, sequence))) for topic, sequence in sorted(copies.items())]
    return [record for record in records if only in {None, record[0]}]


async def _put_out(tx: Tx, event: "Record", records: list[tuple[str, str]]) -> None:
    await tx.executemany(
        "insert into outbox (shard, event_id, topic, key, headers, value) values ($1, $2, $3, $4, $5, $6)",
        [
            (event["shard"], event["id"], topic, str(event["aggregate_id"]), headers, event["value"])
            for topic, headers in records
        ],
    )
