"""Whole processes through a dead broker, a lost database and a dead twin: nothing lost, nothing doubled."""

import asyncio
import re
from collections import Counter
from uuid import uuid4

import pytest

from chassis.maintenance import tidy
from chassis.outbox import Recorded, append_all
from tests.component.chassis.house import House, until
from tests.component.chassis.kafka import NOON
from tests.component.chassis.processes import QUICK, Running, ready
from tests.probe.v1 import NoteWritten
from tests.stack import Stack

pytestmark = pytest.mark.component

QUICK_GROUP = QUICK | {"SESSION_TIMEOUT_MS": "3000", "REBALANCE_TIMEOUT_MS": "5000"}


async def tell(teller: House, count: int) -> Counter[str]:
    events = [NoteWritten(note_id=uuid4(), number=number) for number in range(count)]
    async with teller.tx() as tx:
        await append_all(tx, [Recorded(event, 1, event.note_id, NOON) for event in events])
    return Counter(str(event.note_id) for event in events)


async def all_heard(hearer: House, told: Counter[str]) -> None:
    """Wait until everything was heard, and hold that nothing was heard twice."""

    async def heard() -> bool:
        return len(await effects(hearer, told)) == len(told)

    await until(heard, "all heard", 60)
    assert await effects(hearer, told) == told


async def effects(hearer: House, told: Counter[str]) -> Counter[str]:
    """Count the effects of what was told; the topic may still hold what other tests told."""
    rows = await hearer.rows("select note_id from heard where note_id = any($1::uuid[])", list(told))
    return Counter(str(note_id) for (note_id,) in rows)


async def says(process: Running, path: str, status: int) -> None:
    async def said() -> bool:
        return await asyncio.to_thread(process.answers, path) == status

    await until(said, f"{path} says {status}", 30)


async def test_a_broker_killed_and_started_again_loses_nothing(probe: Stack, teller: House, hearer: House) -> None:
    if "kafka" not in probe.processes:
        pytest.skip("the broker is not ours to kill")
    with ready(probe, "teller"), ready(probe, "hearer", 1, QUICK_GROUP) as hearing:
        told = await tell(teller, 20)
        await all_heard(hearer, told)
        probe.kill("kafka")
        told += await tell(teller, 30)
        await says(hearing, "/health/ready", 503)
        missing = hearing.missing()
        assert missing == ["broker"]
        assert hearing.answers("/health/live") == 200
        probe.start_server("kafka")
        await asyncio.to_thread(probe.wait_for_kafka)
        told += await tell(teller, 10)
        await all_heard(hearer, told)
        await says(hearing, "/health/ready", 200)
    assert await hearer.count("parked_message") == 0


async def test_a_dead_twins_partitions_are_taken_over_and_each_effect_is_one(
    probe: Stack, teller: House, hearer: House
) -> None:
    with (
        ready(probe, "teller"),
        ready(probe, "hearer", 1, QUICK_GROUP) as one,
        ready(probe, "hearer", 2, QUICK_GROUP) as other,
    ):
        told = await tell(teller, 200)
        await all_heard(hearer, told)
        assert other.answers("/health/live") == 200
        told += await tell(teller, 200)
        one.kill()
        told += await tell(teller, 200)
        await all_heard(hearer, told)


async def test_without_its_database_a_service_lives_and_is_not_ready(probe: Stack, hearer: House) -> None:
    with ready(probe, "hearer", 1) as hearing:
        await hearer.shut_out()
        await says(hearing, "/health/ready", 503)
        assert hearing.missing() == ["database"]
        assert hearing.answers("/health/live") == 200
        await hearer.let_in()
        await says(hearing, "/health/ready", 200)


async def test_without_tomorrows_partition_a_service_is_not_ready(probe: Stack, hearer: House) -> None:
    with ready(probe, "hearer", 1) as hearing:
        tomorrow = await hearer.eye.fetchval("select to_char(clock() + interval '1 day', '\"inbox_\"YYYY_MM_DD')")
        await hearer.eye.execute(f"drop table {tomorrow}")
        try:
            assert hearing.missing() == ["tomorrow's partitions"]
        finally:
            await hearer.eye.execute("select provide_partitions()")
        assert hearing.answers("/health/ready") == 200


async def test_a_demonstration_whose_clock_is_months_ahead_is_ready_today_and_tomorrow(
    probe: Stack, hearer: House
) -> None:
    await hearer.eye.execute("select set_clock_offset('200 days')")
    try:
        await tidy(hearer.database)
        today = await hearer.eye.fetchval("select to_regclass(to_char(now(), '\"inbox_\"YYYY_MM_DD'))::text")
        assert today, "what is written today is not past"
        tomorrow = await hearer.eye.fetchval("select to_char(now() + interval '1 day', '\"inbox_\"YYYY_MM_DD')")
        await hearer.eye.execute(f"drop table {tomorrow}")
        with ready(probe, "hearer", 1) as hearing:
            assert hearing.missing() == []
    finally:
        await hearer.eye.execute("select set_clock_offset('0')")


async def test_the_metrics_that_matter_are_there(probe: Stack, teller: House, hearer: House) -> None:
    with ready(probe, "teller"), ready(probe, "hearer", 1) as hearing:
        await all_heard(hearer, await tell(teller, 3))
        text = hearing.get("/metrics").text
    for name in (
        'outbox_oldest_seconds{shard="1"}',
        "outbox_parked_keys",
        "database_answers 1.0",
        f'inbox_oldest_unhandled_seconds{{topic="{NoteWritten.topic()}"}}',
        "relay_leads",
        "inbox_handled_total",
        "inbox_lag_seconds",
        "parked_messages",
        "deadlines_overdue",
        'database_log_unsaved_seconds{server="data"} 0.0',
    ):
        assert name in text
    [handled] = re.findall(
        rf'^inbox_handled_total{{topic="{re.escape(NoteWritten.topic())}"}} (.+)$', text, re.MULTILINE
    )
    assert float(handled) >= 3


async def test_metrics_are_told_while_the_database_is_away_and_say_so(probe: Stack, hearer: House) -> None:
    with ready(probe, "hearer", 1) as hearing:
        await hearer.shut_out()
        assert "database_answers 0.0" in hearing.get("/metrics").text
        await hearer.let_in()
        assert "database_answers 1.0" in hearing.get("/metrics").text


async def test_a_service_is_small(probe: Stack, teller: House, hearer: House) -> None:
    zipkin = {"OTEL_TRACES_EXPORTER": "zipkin", "OTEL_EXPORTER_ZIPKIN_ENDPOINT": "http://127.0.0.1:1/api/v2/spans"}
    with ready(probe, "teller", env=zipkin) as telling, ready(probe, "hearer", 1, env=zipkin) as hearing:
        await all_heard(hearer, await tell(teller, 100))
        assert telling.memory_mb() <= 120
        assert hearing.memory_mb() <= 120
