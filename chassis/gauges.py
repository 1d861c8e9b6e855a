"""Gauges that are read when somebody looks: what waits in the service's tables and consumers.

A service shows its own with `@looked_at`, one query a gauge, in its `handlers`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from prometheus_client import Gauge

from chassis import metrics
from chassis.database import Tx
from chassis.infrastructure import describe, is_of_the_house
from chassis.outbox import BULK, URGENT

if TYPE_CHECKING:
    from chassis.service import Service

log = logging.getLogger(__name__)

Look = Callable[[Tx], Awaitable[None]]

LOOKS: list[Look] = []
"""What this process reads for its gauges, filled by `@looked_at`."""

LOOKS_WITHIN_S = 5.0

LOG_UNSAVED_S = """
select case when last_failed_time > coalesce(last_archived_time, '-infinity')
    then extract(epoch from clock_timestamp() - coalesce(last_archived_time, stats_reset, last_failed_time))
    else 0 end::float8
from pg_stat_archiver
"""
"""Since when the server that is asked has archived nothing of its log, if the last try failed; 0 without an archive."""


def looked_at(look: Look) -> Look:
    """Register a function that brings some gauges up to date, in a transaction of the service's own work."""
    LOOKS.append(look)
    return look


def show(gauge: Gauge, rows: Iterable[Iterable[Any]]) -> None:
    """Let a gauge say what the rows say, labels first and the number last, and nothing of before."""
    gauge.clear()
    for *labels, number in rows:
        gauge.labels(*labels).set(number)


async def refresh(service: "Service") -> None:
    """Bring every gauge up to date; while the database is away, say that alone."""
    show(metrics.INBOX_OLDEST, service.consumers.oldest_unhandled().items())
    try:
        async with asyncio.timeout(LOOKS_WITHIN_S), service.database.tx(service.worker) as tx:
            for look in LOOKS:
                await look(tx)
    except Exception as error:
        if not is_of_the_house(error):
            raise
        log.warning("gauges are old", extra={"cause": describe(error)})
        metrics.DATABASE_ANSWERS.set(0)
    else:
        metrics.DATABASE_ANSWERS.set(1)


@looked_at
async def what_waits(tx: Tx) -> None:
    """Show the outbox's age, the parked, the overdue, and a log that no archive takes."""
    oldest = await tx.fetch(
        "select shard::text, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8"
        " from unnest($1::smallint[]) shard left join outbox using (shard) group by shard",
        [URGENT, BULK],
    )
    show(metrics.OUTBOX_AGE, oldest)
    metrics.OUTBOX_PARKED.set(await tx.fetchval("select count(*) from outbox_parked_key"))
    show(metrics.PARKED_NOW, await tx.fetch("select cause, count(*) from parked_message group by cause"))
    overdue = await tx.fetch("select kind, count(*) from deadline where due_at < (select clock()) group by kind")
    show(metrics.DEADLINES_OVERDUE, overdue)
    metrics.LOG_UNSAVED.labels("data").set(await tx.fetchval(LOG_UNSAVED_S))
