"""Every service closes its day: so many accesses and refusals told, and one digest over them.

`audit` holds what it heard against it, so that a record that never left a service, or went missing on the way, is seen.
See docs/architecture/audit.md.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.outbox import append
from contracts.audit.v1 import AccessRecorded, DayClosed

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

CLOSES_AFTER = timedelta(minutes=15)
"""How long after midnight, UTC, the last transaction of a day has ended for certain."""

LOOKED_AT_AGAIN = 10
"""So many closed days are counted again with each new one: a clock that jumps may overtake a transaction."""

_TALLIES = """
select day,
       count(*) filter (where type = $2) as records,
       count(*) filter (where type <> $2) as refusals,
       encode(sha256(string_agg(hash, ''::bytea order by hash)), 'hex') as digest
from (
    select ((headers::jsonb ->> 'ce_time')::timestamptz at time zone 'UTC')::date as day, type,
           sha256(convert_to(value, 'UTF8')) as hash
    from event where topic = $1 and recorded_at >= $3::date - 1
) told
where day between $3 and $4 group by day order by day
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """A day with what was told on it."""

    day: date
    records: int = 0
    refusals: int = 0
    digest: str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    """Of a day without records it is the digest of nothing."""


async def close_days(database: Database) -> None:
    """Close the days that have passed, for ever."""
    while True:
        try:
            await close_past_days(database)
        except DATABASE_ERRORS as error:
            log.warning("closing the day waits", extra={"cause": describe(error)})
        await asyncio.sleep(database.settings.closing_poll_s)


async def close_past_days(database: Database) -> int:
    """Close every day with records that has passed, and yesterday in any case; returns how many were told.

    A jump of the clock over months closes the days that hold records and the last one: no more is told.
    """
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        await tx.execute("select pg_advisory_xact_lock(hashtext('day closing'))")
        now: datetime = await tx.fetchval("select clock()")
        yesterday = (now - CLOSES_AFTER).date() - timedelta(days=1)
        closed = await _newest(tx)
        if any(row["day"] >= yesterday for row in closed) or not await _has_told_before(tx, yesterday):
            return 0
        open_days = [one for one in await _tallies(tx, closed, yesterday) if not _is_closed(one, closed)]
        for tally in open_days:
            await _close(tx, tally, now)
        return len(open_days)


async def _newest(tx: Tx) -> "list[Record]":
    return await tx.fetch(
        "select distinct on (day) day, records, refusals, digest from day_closing order by day desc, edition desc"
        " limit $1",
        LOOKED_AT_AGAIN,
    )


async def _has_told_before(tx: Tx, yesterday: date) -> bool:
    """Return whether the service had told anything by then: a new one has no days to close."""
    told: bool = await tx.fetchval("select exists (select from event where recorded_at < $1::date + 1)", yesterday)
    return told


async def _tallies(tx: Tx, closed: "Sequence[Record]", yesterday: date) -> list[Tally]:
    since = closed[-1]["day"] if closed else date.min
    # The first day that a calendar knows is before what the database can reckon with.
    since = max(since, date(1970, 1, 2))
    rows = await tx.fetch(_TALLIES, AccessRecorded.topic(), AccessRecorded.type(), since, yesterday)
    found = [Tally(**row) for row in rows]
    return found if yesterday in {one.day for one in found} else [*found, Tally(yesterday)]


def _is_closed(tally: Tally, closed: "Sequence[Record]") -> bool:
    """Return whether a day was closed with as much: what was erased since then stays as it was told."""
    told = tally.records + tally.refusals
    return any(row["day"] == tally.day and row["records"] + row["refusals"] >= told for row in closed)


async def _close(tx: Tx, tally: Tally, now: datetime) -> None:
    edition: int = await tx.fetchval(
        "insert into day_closing (day, edition, records, refusals, digest) values"
        " ($1, coalesce((select max(edition) from day_closing where day = $1), 0) + 1, $2, $3, $4) returning edition",
        *(tally.day, tally.records, tally.refusals, tally.digest),
    )
    event = DayClosed(
        closing_id=closing_of(tx.service, tally.day),
        service=tx.service,
        day=tally.day,
        records=tally.records,
        refusals=tally.refusals,
        digest=tally.digest,
        previous_day=await tx.fetchval("select max(day) from day_closing where day < $1", tally.day),
    )
    await append(tx, event, version=edition, correlation_id=event.closing_id, time=now)


def closing_of(service: str, day: date) -> UUID:
    """Return the id of a service's closing of a day, the same for everyone who reckons it."""
    return uuid5(NAMESPACE_URL, f"https://samvirke.example/closings/{service}/{day.isoformat()}")
