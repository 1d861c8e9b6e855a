"""Days as services closed them, as the log holds them, and where the two differ."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import orjson

from chassis.database import Tx
from services.audit.domain.closing import Closing, Day, Finding, Tally

if TYPE_CHECKING:
    from asyncpg import Record

_TOLD = """
select distinct on (service, value ->> 'day') service, value::text as value
from (select service, position, (told::jsonb ->> 'value')::jsonb as value from entry where kind = 'DayClosed') told
where (value ->> 'day')::date >= $1 order by service, value ->> 'day', position desc
"""

_HELD = """
select service, day, count(*) filter (where kind = 'AccessRecorded') as records,
       count(*) filter (where kind = 'AccessRefused') as refusals,
       encode(sha256(string_agg(value_sha256, ''::bytea order by value_sha256)), 'hex') as digest
from entry where kind <> 'DayClosed' and day >= $1 group by service, day
"""


async def told(tx: Tx, since: date) -> dict[Day, Closing]:
    """Return the newest closing of each day since one, by service."""
    values = [(row["service"], orjson.loads(row["value"])) for row in await tx.fetch(_TOLD, since)]
    return {(service, date.fromisoformat(value["day"])): _closing(value) for service, value in values}


def _closing(value: dict[str, str]) -> Closing:
    previous = value.get("previous_day")
    tally = Tally(int(value["records"]), int(value["refusals"]), value["digest"])
    return Closing(tally, date.fromisoformat(previous) if previous else None)


async def held(tx: Tx, since: date) -> dict[Day, Tally]:
    """Return what the log holds of each day since one, by service."""
    rows = await tx.fetch(_HELD, since)
    return {(row["service"], row["day"]): Tally(row["records"], row["refusals"], row["digest"]) for row in rows}


async def open_findings(tx: Tx) -> "list[Record]":
    """Return the days that do not add up and are not settled."""
    return await tx.fetch("select * from closing_finding where settled_at is null order by day, service")


async def add_finding(tx: Tx, found: Finding, at: datetime) -> int:
    """Save a day that does not add up; returns which time it is that this day does not."""
    version: int = await tx.fetchval(
        "insert into closing_finding (service, day, fault, version, found_at) values ($1, $2, $3,"
        " coalesce((select max(version) from closing_finding where service = $1 and day = $2), 0) + 1, $4)"
        " returning version",
        *(found.service, found.day, found.fault, at),
    )
    return version


async def settle(tx: Tx, service: str, day: date, at: datetime) -> None:
    """Note that a day adds up now."""
    await tx.execute(
        "update closing_finding set settled_at = $3 where service = $1 and day = $2 and settled_at is null",
        *(service, day, at),
    )
