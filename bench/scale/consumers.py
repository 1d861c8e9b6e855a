"""One group of 1, 2 and 4 consumers, and as many relays: rates, each against the one process of the same round.

Three kinds of work. `hop` is the chassis' own, bound by the processor. `waiting` is the same with a database that takes
2 ms a record and no processor, as one on another machine would: more processes wait beside each other, so that it shows
what the design allows where the cores do not decide. `audit` chains each record under the lock of one row.
"""

import asyncio
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

import asyncpg

from bench.scale import backlog
from bench.scale.group import Group, Handled, Kind
from contracts.event import Event
from deploy.local.databases import in_database
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from deploy.local.services import service_command
from tests.probe.world import database_of, environment
from tests.stack import Stack

SIZES = (1, 2, 4)
RECORDS = {"hop": 20_000, "waiting": 3_000, "audit": 3_000}
RELAYS_WITHIN_S = 60

_WAITING = """
create or replace function wait_a_little() returns trigger language plpgsql as
$$ begin perform pg_sleep(0.002); return new; end $$;
create or replace trigger waits before insert on heard for each row execute function wait_a_little();
alter table heard disable trigger waits;
"""

Rates = dict[str, list[float]]


def consumers(stack: Stack, rounds: int, kinds: list[str]) -> dict[str, float]:
    """Return how much faster 2 and 4 processes are than one, for relays and for each kind of work."""
    asyncio.run(_execute(stack, _WAITING))
    ratios: Rates = defaultdict(list)
    for number in range(1, rounds + 1):
        rates: dict[tuple[str, int], float] = {}
        hearers, auditors = Group(_hearer(stack), *_world(stack)), Group(_audit(stack), *_world(stack))
        try:
            for size in SIZES:
                for kind in kinds:
                    group = auditors if kind == "audit" else hearers
                    rates |= _one(stack, group, kind, size, number)
        finally:
            hearers.stop()
            auditors.stop()
        for (kind, size), rate in rates.items():
            if size > 1:
                ratios[f"scale_{kind}_{size}"].append(rate / rates[kind, 1])
    return {name: _say(name, values) for name, values in ratios.items()}


def _one(stack: Stack, group: Group, kind: str, size: int, number: int) -> dict[tuple[str, int], float]:
    group.grow_to(size)
    group.freeze()
    records = RECORDS[kind]
    relayed = _relayed(stack, backlog.access if kind == "audit" else backlog.note, records, size)
    if kind != "audit":
        asyncio.run(_execute(stack, f"alter table heard {'enable' if kind == 'waiting' else 'disable'} trigger waits"))
    done = asyncio.run(group.handle(records, _servers(stack)))
    print(f"round {number}  {kind}  relays {size}: {relayed:.0f}/s  {_told(done, size, records)}", flush=True)
    handled = {(kind, size): records / done.seconds}
    return handled | ({("relays", size): relayed} if kind == "hop" else {})


def _told(done: Handled, size: int, records: int) -> str:
    thousands = records / 1000
    return (
        f"consumers {size}: {records / done.seconds:.0f}/s"
        f"  processor for a thousand: {done.processes_cpu / thousands:.2f} s here,"
        f" {done.servers_cpu / thousands:.2f} s in the servers"
        f"  cores busy {(done.processes_cpu + done.servers_cpu) / done.seconds:.2f}"
        f"  connections {done.connections}"
    )


def _relayed(stack: Stack, event: Callable[[], Event], records: int, shards: int) -> float:
    """Publish a backlog by one process a shard; returns the rate from its commit on."""
    env = dict(os.environ) | environment(stack, "teller") | {"RELAY_POLL_S": "0.02"}
    relays = [
        subprocess.Popen([sys.executable, "-m", "bench.scale.relay", str(shard)], env=env) for shard in range(shards)
    ]
    try:
        wait_until(lambda: asyncio.run(_leading(stack)) == shards, "every shard is led", 30)
        took = asyncio.run(_until_published(stack, event, records, shards))
    finally:
        for each in relays:
            each.terminate()
            each.wait(20)
    return records / took


async def _leading(stack: Stack) -> int:
    con = await asyncpg.connect(database_of(stack, "teller"))
    try:
        sql = "select count(*) from pg_locks where locktype = 'advisory' and granted and database = (select oid"
        return int(await con.fetchval(f"{sql} from pg_database where datname = current_database())"))
    finally:
        await con.close()


async def _until_published(stack: Stack, event: Callable[[], Event], records: int, shards: int) -> float:
    database = database_of(stack, "teller")
    con = await asyncpg.connect(database)
    try:
        began = await backlog.add(database, (event() for _ in range(records)), shards)
        async with asyncio.timeout(RELAYS_WITHIN_S):
            while await con.fetchval("select exists (select from outbox)"):
                await asyncio.sleep(0.02)
        return float(await con.fetchval("select extract(epoch from clock_timestamp())")) - began
    finally:
        await con.close()


async def _execute(stack: Stack, sql: str) -> None:
    con = await asyncpg.connect(database_of(stack, "hearer"))
    await con.execute(sql)
    await con.close()


def _hearer(stack: Stack) -> Kind:
    env = dict(os.environ) | environment(stack, "hearer")
    return Kind("hearer", database_of(stack, "hearer"), ["-m", "tests.probe.service", "hearer"], env)


def _audit(stack: Stack) -> Kind:
    command = service_command("audit", stack.run, stack.ports)
    env = dict(os.environ) | command.env | stack.settings
    return Kind("audit", in_database(admin_url(stack.ports), "audit"), command.argv[1:], env, topics=3)


def _world(stack: Stack) -> tuple[Any, ...]:
    return stack.kafka, stack.ports.base, stack.run / "log"


def _servers(stack: Stack) -> list[int]:
    return [stack.processes[name].pid for name in ("postgres", "kafka") if name in stack.processes]


def _say(name: str, values: list[float]) -> float:
    middle = round(median(values), 2)
    print(f"{name}: median {middle}, range {min(values):.2f} to {max(values):.2f}", flush=True)
    return middle
