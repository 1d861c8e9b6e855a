"""The deliberately broken variants: each is a known mistake, a few lines long, that the checker has to catch."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

import asyncpg

import chassis.inbox
from chassis.database import Database, Tx
from chassis.inbox import Inbox
from chassis.outbox import URGENT, Draft, as_text
from chassis.received import Received, read
from chassis.relay import Relay
from tests.chaos import broken_alerting, broken_staff

COLUMNS = "id, topic, key, headers, value, extract(epoch from clock_timestamp() - created_at)::float8 as age"


@dataclass(frozen=True, slots=True)
class Variant:
    """One mistake."""

    role: str
    """Whose process it is made in."""
    breaks: Callable[[], None]
    """Makes it, in this process."""


def acknowledge_first() -> None:
    """Commit the offsets before the transaction."""

    async def handle(self: Inbox, records: Sequence[Any], consumer: Any) -> None:  # noqa: ANN401  as the original
        async with self.busy:
            await self.commit_offsets(records, consumer)
            await self._handle_all([read(one, self.settings.mode, chassis.inbox.REACTIONS) for one in records])

    _replace(Inbox, "handle", handle)


def publish_before_commit() -> None:
    """Publish a command's events while its transaction is still open."""
    commit = Database.commit
    relays: list[Relay] = []

    async def publish_and_commit(self: Database, tx: Tx) -> None:
        if tx.told:
            relays[:] = relays or [Relay(self.settings, URGENT)]
            # Told from memory: row-level security lets no request read the outbox back.
            await relays[0].publish(tx.con, [_row(one) for one in tx.told if not one.event.bulk])  # type: ignore[misc]  # looks like a row
        await commit(self, tx)

    _replace(Database, "commit", publish_and_commit)


def _row(one: Draft) -> dict[str, object]:
    head = {"id": 0, "topic": one.event.topic(), "key": one.envelope.subject, "age": 0.0}
    return head | {"headers": as_text(one.envelope), "value": one.value}


def no_inbox() -> None:
    """Take every record for a new one."""

    async def all_are_new(tx: Tx, consumer: str, received: Sequence[Received], state: str) -> set[Any]:
        return {one.event_id for one in received}

    _replace(chassis.inbox, "first_seen", all_are_new)


def cursor() -> None:
    """Remember the last id instead of deleting what was sent."""
    last = {0: 0, 1: 0}

    async def read_on(self: Relay, con: Any, sent: list[int]) -> Any:  # noqa: ANN401  as the original
        after = f"select {COLUMNS} from outbox where shard = $1 and id > $2 order by id limit 100"
        rows = await con.fetch(after, self.shard, last[self.shard])
        last[self.shard] = rows[-1]["id"] if rows else last[self.shard]
        return rows

    _replace(Relay, "read", read_on)


def commit_on_error() -> None:
    """Commit the offsets of records that could not be handled."""

    async def go_on(self: Inbox, records: Sequence[Any], consumer: Any, error: BaseException) -> None:  # noqa: ANN401
        await self.commit_offsets(records, consumer)

    _replace(Inbox, "_poll_again", go_on)


def three_relays() -> None:
    """Let three relays share one outbox by SKIP LOCKED."""

    async def share(self: Relay, con: Any) -> None:  # noqa: ANN401  as the original
        await asyncio.gather(*(_one_of_three(Relay(self.settings, self.shard)) for _ in range(3)))

    _replace(Relay, "_publish_all", share)


async def _one_of_three(relay: Relay) -> None:
    con = await asyncpg.connect(relay.settings.worker_url)
    free = f"select {COLUMNS} from outbox where shard = $1 order by id limit 2 for update skip locked"
    while True:
        async with con.transaction():
            rows = await con.fetch(free, relay.shard)
            sent = await relay.publish(con, rows) if rows else []
            await con.execute("delete from outbox where id = any($1)", sent)
        if not rows:
            await asyncio.sleep(0.02)


def horizon_by_timestamp() -> None:
    """Let a run take what is stamped before its start, instead of claiming the rows that it sees."""
    registrations = import_module("services.concerns.store.registrations")

    async def claim_by_time(tx: Tx, run: int, sunday: date) -> int:
        status = await tx.execute(
            "update registration set seen_by = $1, claimed_by = $1 where occurred_on <= $2 and registered_at <= clock()"
            " and registered_at > coalesce((select max(started_at) from search where number < $1), '-infinity')",
            *(run, sunday),
        )
        return int(status.rpartition(" ")[2])

    _replace(registrations, "claim", claim_by_time)


def _replace(owner: object, name: str, new: Callable[..., Any]) -> None:
    """Put the mistake in a method's place, in this process."""
    setattr(owner, name, new)


VARIANTS = {
    "acknowledge_first": Variant("hearer", acknowledge_first),
    "publish_before_commit": Variant("teller", publish_before_commit),
    "no_inbox": Variant("hearer", no_inbox),
    "cursor": Variant("teller", cursor),
    "commit_on_error": Variant("hearer", commit_on_error),
    "three_relays": Variant("teller", three_relays),
    "horizon_by_timestamp": Variant("concerns", horizon_by_timestamp),
    "record_first": Variant("alerting", broken_alerting.record_first),
    "new_key_each_try": Variant("alerting", broken_alerting.new_key_each_try),
    "unmarked": Variant("alerting", broken_alerting.unmarked),
    "done_before_told": Variant("beredskabsstab", broken_staff.done_before_told),
    "quorum_without_memory": Variant("beredskabsstab", broken_staff.quorum_without_memory),
}
