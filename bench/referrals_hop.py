"""An act on a referral with every guarantee on, through the service's own command; the fields are those of `hop.py`.

    python -m bench.referrals_hop RATE SECONDS BOOTSTRAP DSN

Two processes, as in `hop.py`: one accepts referrals and relays, the other reads the domain topic, inserts a row for
each event into the hop's own table and commits the offsets.

What is measured is a rate that is kept up: before the clock starts each connection has carried out some acts, as in a
service that has run for a minute. The bare hop, too, has opened its connections by then.
"""

import asyncio
import gc
import json
import multiprocessing as mp
import sys
import time
import uuid
from multiprocessing.synchronize import Event
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer

from chassis import telemetry
from chassis.database import Database
from chassis.http import Command
from chassis.identity import Principal
from chassis.outbox import BULK, URGENT
from chassis.relay import Relay
from chassis.settings import settings_for

TOPIC = "samvirke.referrals.referral.v1"
POOL, WARM_ACTS = 16, 10
"""Connections, and how many acts each carries out first: PostgreSQL keeps a statement's plan from the sixth on."""
OFFICE = Principal("bench", "kommune-0657", "ssp", frozenset({"receiver"}), "person")
_SEED = """
insert into referral (referral_id, case_id, programme, sender, sender_office, receiver, receiver_office, kommune,
    age_band, state, due_at, verdict, version)
select id, id, 'ssp_generel', 'politi-mvj-fnt', 'ssp', 'kommune-0657', 'ssp', '0657', 'unknown', 'received',
    clock() + interval '1 day', '{}', 1 from unnest($1::uuid[]) id
"""


async def consume(bootstrap: str, dsn: str, expected: Any, ready: Event, out: Any) -> None:  # noqa: ANN401  shared values
    """Read the topic as the bare hop does, until as many were seen as were sent."""
    pool = await asyncpg.create_pool(dsn, min_size=4, max_size=4)
    consumer = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=bootstrap, group_id=f"bench-{uuid.uuid4()}", enable_auto_commit=False
    )
    await consumer.start()
    await consumer.seek_to_end()
    for partition in consumer.assignment():
        await consumer.position(partition)
    ready.set()
    seen: list[tuple[str, float]] = []
    while expected.value == 0 or len(seen) < expected.value:
        found = await consumer.getmany(timeout_ms=50, max_records=500)
        batch = [record for several in found.values() for record in several]
        if batch:
            keys = [(uuid.UUID(record.key.decode()),) for record in batch]
            async with pool.acquire() as con, con.transaction():
                await con.executemany("insert into hop_b values($1, 'x') on conflict do nothing", keys)
            now = time.perf_counter()
            await consumer.commit()
            seen += [(record.key.decode(), now) for record in batch]
    out.put(seen)
    await consumer.stop()


async def produce(rate: float, seconds: float, expected: Any, out: Any) -> None:  # noqa: ANN401  shared values
    """Accept referrals at a rate, while the relays publish."""
    # Only this process may import the service: its handlers are the process's.
    from services.referrals.api.acts import Acting, act_on
    from services.referrals.domain.states import Action

    settings = settings_for("referrals").model_copy(update={"database_pool": POOL})
    telemetry.start(settings)
    database = Database(settings)
    await database.start()
    relays = [Relay(settings, shard) for shard in (URGENT, BULK)]
    database.wakers["relays"] = lambda: [relay.wake.set() for relay in relays]  # type: ignore[assignment, return-value]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    while not all(relay.leads for relay in relays):
        await asyncio.sleep(0.02)
    warming, ids = ([uuid.uuid4() for _ in range(n)] for n in (POOL * WARM_ACTS, int(rate * seconds)))
    async with database.tx(Principal.worker("referrals")) as tx:
        await tx.execute(_SEED, warming + ids)
    start: dict[str, float] = {}
    body = Acting(version=1)

    async def accept(one: uuid.UUID) -> None:
        start[str(one)] = time.perf_counter()
        with telemetry.span("bench command"):
            command = Command(database, OFFICE, one.hex * 2, "0" * 64)
            await command.carry_out(lambda tx: act_on(tx, one, Action.ACCEPT, body, None, "referral.accept"))

    await asyncio.gather(*map(accept, warming))
    await asyncio.sleep(1)
    start.clear()
    gc.freeze()
    began = time.perf_counter()
    running = []
    for place, one in enumerate(ids):
        if (wait := began + place / rate - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        running.append(asyncio.create_task(accept(one)))
    await asyncio.gather(*running)
    expected.value = len(warming) + len(start)
    out.put((began, start))
    await asyncio.sleep(2)
    for task in tasks:
        task.cancel()
    await database.stop()


def _consumer(bootstrap: str, dsn: str, expected: Any, ready: Event, out: Any) -> None:  # noqa: ANN401
    uvloop.run(consume(bootstrap, dsn, expected, ready, out))


def _producer(rate: float, seconds: float, expected: Any, out: Any) -> None:  # noqa: ANN401
    uvloop.run(produce(rate, seconds, expected, out))


def main(rate: float, seconds: float, bootstrap: str, dsn: str) -> None:
    """Run both processes and print the figures."""
    ready, seen, sent, expected = mp.Event(), mp.Queue(), mp.Queue(), mp.Value("q", 0)
    consumer = mp.Process(target=_consumer, args=(bootstrap, dsn, expected, ready, seen))
    consumer.start()
    ready.wait()
    producer = mp.Process(target=_producer, args=(rate, seconds, expected, sent))
    producer.start()
    began, start = sent.get()
    done = [(key, at) for key, at in seen.get() if key in start]
    producer.join()
    consumer.join()
    ms = sorted((at - start[key]) * 1000 for key, at in done)
    figures = {
        "rate": rate,
        "n": len(ms),
        "p50_ms": round(ms[len(ms) // 2], 2),
        "p99_ms": round(ms[int(len(ms) * 0.99)], 2),
        "through_per_s": round(len(ms) / (max(at for _, at in done) - began)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4])
