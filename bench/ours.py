"""The same hop with every guarantee on: row lock, idempotency, access record, outbox, relay, inbox, spans.

    python -m bench.ours RATE SECONDS

Reads where the servers are from the environment. Two processes, as in `hop.py`: one carries out commands and relays,
the other consumes. Prints one JSON object with the same fields: from just before the command to just after the commit
of the offsets.
"""

import asyncio
import gc
import hashlib
import json
import multiprocessing as mp
import sys
import time
import uuid
from multiprocessing.synchronize import Event
from typing import Any

import uvloop

from chassis import telemetry
from chassis.consumers import Consumers
from chassis.database import Database
from chassis.http import Command
from chassis.identity import Principal
from chassis.outbox import BULK, URGENT
from chassis.relay import Relay
from chassis.settings import Settings, settings_for
from tests.probe import hearer
from tests.probe.service import write

WORKERS = 32
WRITER = Principal("bench", "kommune-0657", "boern", frozenset({"system"}), "system")
FILLING = "x" * 370
"""Makes the event's value 450 bytes, as the hop's."""


async def consume(settings: Settings, expected: Any, ready: Event, out: Any) -> None:  # noqa: ANN401  shared values
    """Handle what comes with the probe's hearer until as many were seen as were sent."""
    assert hearer
    telemetry.start(settings)
    database = Database(settings)
    await database.start()
    consumers = Consumers(database, settings)
    seen: list[tuple[str, float]] = []
    for inbox in consumers.inboxes.values():
        _note_commits(inbox, seen)
    await consumers.start()
    ready.set()
    while expected.value == 0 or len(seen) < expected.value:
        await asyncio.sleep(0.02)
    out.put(seen)
    await consumers.stop()
    await database.stop()


def _note_commits(inbox: Any, seen: list[tuple[str, float]]) -> None:  # noqa: ANN401  its method is replaced
    commit = inbox.commit_offsets

    async def commit_and_note(records: Any, consumer: Any) -> None:  # noqa: ANN401  as the original
        await commit(records, consumer)
        now = time.perf_counter()
        seen.extend((record.key.decode(), now) for record in records)

    inbox.commit_offsets = commit_and_note


async def produce(settings: Settings, rate: float, seconds: float, expected: Any, out: Any) -> None:  # noqa: ANN401
    """Carry out commands at a rate, or as fast as the workers can, while the relays publish."""
    telemetry.start(settings)
    database = Database(settings)
    await database.start()
    relays = [Relay(settings, shard) for shard in (URGENT, BULK)]
    database.wakers["relays"] = lambda: [relay.wake.set() for relay in relays]  # type: ignore[assignment, return-value]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    while not all(relay.leads for relay in relays):
        await asyncio.sleep(0.02)
    gc.freeze()  # as a service does once it has started
    start: dict[str, float] = {}

    async def command() -> None:
        note = uuid.uuid4()
        start[str(note)] = time.perf_counter()
        scope, body = hashlib.sha256(note.bytes).hexdigest(), hashlib.sha256(b"body").hexdigest()
        with telemetry.span("bench command"):
            await Command(database, WRITER, scope, body).carry_out(lambda tx: write(tx, note, 1, FILLING))

    began = time.perf_counter()
    await (_at_rate(command, rate, seconds, began) if rate else _flat_out(command, seconds, began))
    expected.value = len(start)
    out.put((began, start))
    while any(await _left(database)):
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await database.stop()


async def _at_rate(command: Any, rate: float, seconds: float, began: float) -> None:  # noqa: ANN401
    tasks = []
    for place in range(int(rate * seconds)):
        wait = began + place / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(command()))
    await asyncio.gather(*tasks)


async def _flat_out(command: Any, seconds: float, began: float) -> None:  # noqa: ANN401
    async def worker() -> None:
        while time.perf_counter() - began < seconds:
            await command()

    await asyncio.gather(*(worker() for _ in range(WORKERS)))


async def _left(database: Database) -> list[bool]:
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        return [bool(await tx.fetchval("select exists (select from outbox)"))]


def _consumer(expected: Any, ready: Event, out: Any) -> None:  # noqa: ANN401
    settings = settings_for("hearer").model_copy(update={"database_pool": 4})
    uvloop.run(consume(settings, expected, ready, out))


def _producer(rate: float, seconds: float, expected: Any, out: Any) -> None:  # noqa: ANN401
    settings = settings_for("teller").model_copy(update={"database_pool": 16})
    uvloop.run(produce(settings, rate, seconds, expected, out))


def main(rate: float, seconds: float) -> None:
    """Run both processes and print the figures."""
    ready, seen, sent, expected = mp.Event(), mp.Queue(), mp.Queue(), mp.Value("q", 0)
    consumer = mp.Process(target=_consumer, args=(expected, ready, seen))
    consumer.start()
    ready.wait()
    time.sleep(1)
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
    main(float(sys.argv[1]), float(sys.argv[2]))
