"""Every service closes its day: what it told of accesses and refusals, counted and hashed, once."""

import asyncio
import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.access import record_access
from chassis.closing import close_past_days
from contracts.codes import Purpose
from tests.component.chassis.house import House

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-13")]


async def access(house: House) -> None:
    """Record an access."""
    async with house.tx() as tx:
        await record_access(tx, operation="note.read", purpose=Purpose.IDENTITY, persons=[uuid4()])


async def move(house: House, by: timedelta) -> None:
    """Move the clock on."""
    await house.eye.execute("select set_clock_offset((select clock_offset from installation) + $1)", by)


async def told(house: House) -> list[dict[str, object]]:
    """Return the closings that were told, in order."""
    rows = await house.rows("select value, aggregate_version from event where type like '%DayClosed.v1' order by place")
    return [json.loads(value) | {"edition": version} for value, version in rows]


async def test_a_new_service_has_no_day_to_close(hearer: House) -> None:
    assert await close_past_days(hearer.database) == 0
    await access(hearer)
    assert await close_past_days(hearer.database) == 0, "today is not over"


async def test_a_day_is_closed_with_count_and_digest_and_only_once(hearer: House) -> None:
    for _ in range(3):
        await access(hearer)
    await move(hearer, timedelta(days=1, minutes=20))
    assert await close_past_days(hearer.database) in {1, 2}
    assert await close_past_days(hearer.database) == 0
    values = [value for (value,) in await hearer.rows("select value from event where type like '%AccessRecorded.v1'")]
    digest = hashlib.sha256(b"".join(sorted(hashlib.sha256(value.encode()).digest() for value in values))).hexdigest()
    first = (await told(hearer))[0]
    assert (first["records"], first["refusals"], first["digest"], first["edition"]) == (3, 0, digest, 1)
    assert first["service"] == "hearer"


async def test_a_clock_that_jumps_over_a_year_closes_the_day_with_records_and_the_last_one(hearer: House) -> None:
    await access(hearer)
    await move(hearer, timedelta(days=365))
    assert await close_past_days(hearer.database) == 2
    days = await told(hearer)
    assert [(day["records"], day["previous_day"]) for day in days] == [(1, None), (0, days[0]["day"])]
    await move(hearer, timedelta(days=1))
    assert await close_past_days(hearer.database) == 1, "a quiet day is closed too: silence would be noticed"


async def test_a_day_that_grew_after_it_was_closed_is_closed_again(hearer: House) -> None:
    await access(hearer)
    await move(hearer, timedelta(days=2))
    await close_past_days(hearer.database)
    closed = len(await told(hearer))
    await hearer.eye.execute("update installation set clock_offset = '0'")
    await access(hearer)
    await move(hearer, timedelta(days=3))
    await close_past_days(hearer.database)
    again = (await told(hearer))[closed:]
    assert [(day["records"], day["edition"]) for day in again] == [(2, 2), (0, 1)]


async def test_what_is_erased_later_is_not_closed_anew(hearer: House) -> None:
    await access(hearer)
    await move(hearer, timedelta(days=2))
    await close_past_days(hearer.database)
    await hearer.eye.execute("delete from event where type like '%AccessRecorded.v1'")
    await move(hearer, timedelta(days=1))
    assert await close_past_days(hearer.database) == 1
    assert (await told(hearer))[-1]["records"] == 0
    assert (await told(hearer))[0]["records"] == 1


async def test_two_processes_close_a_day_once(hearer: House) -> None:
    await access(hearer)
    await move(hearer, timedelta(days=2))
    counts = await asyncio.gather(close_past_days(hearer.database), close_past_days(hearer.database))
    assert sorted(counts) == [0, 2]
