"""Days of the inbox that are long past are put together by month, and what was heard on them stays known."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from chassis.maintenance import tidy
from tests.component.chassis.house import Ear, House, until
from tests.component.chassis.kafka import Broker, Record, note

LONG_AGO = [datetime(2020, 3, day, 12, tzinfo=UTC) for day in (1, 15, 31)]
GATHER = "select gather_inbox_month()"


async def tables(house: House, like: str) -> list[str]:
    sql = (
        "select relname::text from pg_inherits join pg_class on oid = inhrelid"
        " where inhparent = 'inbox'::regclass and relname ~ $1 order by relname"
    )
    return [name for (name,) in await house.rows(sql, f"^inbox_{like}")]


async def heard_long_ago(broker: Broker, house: House) -> tuple[str, Sequence[Record]]:
    """Let three notes of three days of one month be heard; returns them, and where they were sent."""
    topic = await broker.topic()
    notes = [note(number, time=day) for number, day in enumerate(LONG_AGO, 1)]
    await broker.send(topic, *notes)
    async with Ear(house, topic) as ear:
        await ear.hear(3)
    return topic, notes


@pytest.fixture(autouse=True)
async def _no_month_is_there(hearer: House) -> None:
    for name in await tables(hearer, "2020_"):
        await hearer.eye.execute(f"drop table {name}")


async def test_what_was_heard_in_a_gathered_month_has_no_second_effect(broker: Broker, hearer: House) -> None:
    topic, notes = await heard_long_ago(broker, hearer)
    assert await tables(hearer, "2020_") == ["inbox_2020_03_01", "inbox_2020_03_15", "inbox_2020_03_31"]
    await tidy(hearer.database)
    assert await tables(hearer, "2020_") == ["inbox_2020_03"]
    await broker.send(topic, *notes)
    async with Ear(hearer, topic) as ear:
        await ear.hear(3)
    assert sorted(await hearer.heard()) == [1, 2, 3]
    assert await hearer.count("inbox") == 3


async def test_an_event_of_a_gathered_month_finds_its_place(broker: Broker, hearer: House) -> None:
    topic, _ = await heard_long_ago(broker, hearer)
    await tidy(hearer.database)
    await broker.send(topic, note(4, time=LONG_AGO[0] + timedelta(days=3)))
    async with Ear(hearer, topic) as ear:
        await ear.hear(1)
    assert 4 in await hearer.heard()
    assert await tables(hearer, "2020_") == ["inbox_2020_03"]


async def test_every_month_of_the_past_is_gathered_and_the_last_two_stay_in_days(hearer: House) -> None:
    await hearer.eye.execute("select provide_inbox_day(clock()::date - ago) from generate_series(0, 150) ago")
    await tidy(hearer.database)
    first_in_days = await hearer.eye.fetchval("select date_trunc('month', clock()) - interval '2 months'")
    days = [datetime.strptime(name, "inbox_%Y_%m_%d").replace(tzinfo=UTC) for name in await tables(hearer, r"\d+_\d+_")]
    assert min(days) == first_in_days
    assert not await hearer.eye.fetchval(GATHER), "nothing is left to gather"


async def test_whoever_is_busy_with_the_inbox_is_not_waited_for_and_loses_nothing(
    broker: Broker, hearer: House
) -> None:
    await heard_long_ago(broker, hearer)
    async with hearer.tx() as tx:
        await tx.execute(
            "insert into inbox (day, consumer, event_id, state, topic) values ($1, 'busy', $2, 'handled', 't')",
            *(LONG_AGO[0].date(), uuid4()),
        )
        await tidy(hearer.database)
        assert len(await tables(hearer, "2020_")) == 3
    await tidy(hearer.database)
    assert await tables(hearer, "2020_") == ["inbox_2020_03"]
    assert await hearer.count("inbox_2020_03", "consumer = 'busy'") == 1


async def test_a_gathering_that_is_cut_off_leaves_the_days_as_they_were(broker: Broker, hearer: House) -> None:
    await heard_long_ago(broker, hearer)
    con = await asyncpg.connect(hearer.settings.worker_url)
    await con.execute("begin")
    assert await con.fetchval(GATHER)
    pid = con.get_server_pid()
    await hearer.eye.execute("select pg_terminate_backend($1)", pid)
    await until(lambda: _is_gone(hearer, pid), "the session ends")
    con.terminate()
    assert len(await tables(hearer, "2020_")) == 3
    assert await hearer.count("inbox") == 3


async def _is_gone(house: House, pid: int) -> bool:
    return not await house.eye.fetchval("select count(*) from pg_stat_activity where pid = $1", pid)


async def test_a_transaction_that_would_not_see_what_others_wrote_meanwhile_gathers_nothing(hearer: House) -> None:
    async with hearer.eye.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.AssertError):
            await hearer.eye.fetchval(GATHER)


async def test_each_has_its_effect_once_while_its_month_is_gathered(broker: Broker, hearer: House) -> None:
    topic, number = await broker.topic(), 200
    notes = [note(one, time=datetime(2020, 1 + one % 12, 1 + one % 28, tzinfo=UTC)) for one in range(1, number + 1)]
    await broker.send(topic, *notes)
    await broker.send(topic, *notes)

    async def gathering() -> None:
        while True:
            await tidy(hearer.database)

    task = asyncio.create_task(gathering())
    async with Ear(hearer, topic) as ear:
        while await ear.committed() != 2 * number:
            await ear.poll()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert sorted(await hearer.heard()) == list(range(1, number + 1))
