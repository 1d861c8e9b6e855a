"""What does not add up is told once, at the second look, and settles by itself."""

import json
from datetime import timedelta

import pytest

from services.audit.app.signing import sign_daily
from services.audit.app.watching import Watch
from tests.component.audit.proof import LONG_AGO, Log
from tests.component.audit.records import access

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-13")]


async def told(log: Log) -> list[tuple[str, str, int]]:
    """Return what was told of days that do not add up."""
    rows = await log.owner.fetch("select value from event where type like '%ClosingMismatched.v1' order by place")
    values = [json.loads(row["value"]) for row in rows]
    return [(one["service"], one["fault"], one["records_held"]) for one in values]


async def to_the_day_after(log: Log, days: int = 1) -> None:
    """Put the clock where the day is over and not long ago."""
    moment = LONG_AGO + timedelta(days=days)
    await log.owner.execute("select set_clock_offset($1::timestamptz - clock_timestamp())", moment)


async def test_days_that_add_up_are_quiet(log: Log) -> None:
    await to_the_day_after(log)
    await log.hear_day(3)
    watch = Watch(log.database)
    assert await watch.look() == []
    assert await watch.look() == []
    assert await told(log) == []


async def test_a_difference_is_told_at_the_second_look_and_once(log: Log) -> None:
    await to_the_day_after(log)
    values = [access(at=LONG_AGO).value() for _ in range(3)]
    for value in values[:2]:
        await log.hear(value)
    await log.close_day(values)
    watch = Watch(log.database)
    assert await watch.look() == []
    assert await told(log) == []
    assert len(await watch.look()) == 1
    await watch.look()
    assert await told(log) == [("concerns", "differs", 2)]
    await log.hear(values[2])
    assert await watch.look() == []
    assert await log.owner.fetchval("select count(*) from closing_finding where settled_at is null") == 0


async def test_a_missing_closing_is_told(log: Log) -> None:
    await to_the_day_after(log)
    await log.hear(access(at=LONG_AGO).value())
    watch = Watch(log.database)
    await watch.look()
    await watch.look()
    assert await told(log) == [("concerns", "missing", 1)]


async def test_a_jump_of_the_clock_is_no_fault_when_the_closing_follows_before_the_second_look(log: Log) -> None:
    value = access(at=LONG_AGO).value()
    await log.hear(value)
    await to_the_day_after(log, 30)
    watch = Watch(log.database)
    await watch.look()
    await log.close_day([value])
    found = [(one.day, one.fault) for one in await watch.look()]
    assert [fault for _, fault in found if fault != "silent"] == []
    assert await told(log) == []


async def test_a_checkpoint_is_signed_once_a_day_and_only_when_the_log_has_grown(log: Log) -> None:
    await to_the_day_after(log)
    assert not await sign_daily(log.database, log.keys)
    await log.hear(access(at=LONG_AGO).value())
    assert await sign_daily(log.database, log.keys)
    await log.hear(access(at=LONG_AGO).value())
    assert not await sign_daily(log.database, log.keys), "today's is signed"
    await to_the_day_after(log, 2)
    assert await sign_daily(log.database, log.keys)
    await to_the_day_after(log, 3)
    assert not await sign_daily(log.database, log.keys), "nothing was told since"
    rows = await log.owner.fetch("select aggregate_version, value from event where type like '%CheckpointSigned.v1'")
    assert [(row["aggregate_version"], json.loads(row["value"])["size"]) for row in rows] == [(1, 1), (2, 2)]
