"""`python -m bench`: every figure as a ratio of one run; the last line is one flat JSON object.

Baseline is `bench/hop.py`, a copy of the bare hop that is never edited. Rounds are interleaved, so that whatever else
the machine does falls on both; printed are median and range.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections import defaultdict
from functools import partial
from statistics import median
from typing import Any

import asyncpg

from bench.alerting.measure import STORM_S, alerting
from bench.archive import fill
from bench.councils import councils
from bench.imports import import_rate
from bench.live import live
from bench.memory import resting_memory
from bench.referrals import referrals
from bench.scale.brokers import brokers
from bench.scale.consumers import RECORDS, consumers
from bench.scale.days import days
from bench.staff import staff
from deploy.local.databases import in_database
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from deploy.local.topics import DOMAIN_PARTITIONS
from tests.probe.world import address, database_of, environment, make_probe, start_probe
from tests.stack import Stack

SECONDS = 5.0
RATES = (100, 500, 0)
FIRST_ARCHIVE, SECOND_ARCHIVE = 100_000, 1_000_000
BARE_OFFSET = 152
PARTS = ["hop", "http", "archive", "import", "memory", "live", "alerting", "staff", "referrals", "councils"]
SCALE = ["scale-hop", "scale-waiting", "scale-audit", "scale-brokers", "scale-days"]
"""Of docs/operations/scale.md; measured only when asked for."""

Figures = dict[str, list[float]]


def main() -> int:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=[*PARTS, *SCALE], action="append")
    parser.add_argument("--storm-s", type=float, default=STORM_S, help="how many seconds the storm of alerts lasts")
    options = parser.parse_args()
    stack = Stack(brief=False, partitions=DOMAIN_PARTITIONS)
    stack.start()
    bare = _in_the_clear(stack)
    try:
        for each in {stack, bare}:
            make_probe(each)
        asyncio.run(_create_hop_database(bare))
        result = _measure(stack, bare, options.rounds, options.only or PARTS)
        if "alerting" in (options.only or PARTS):
            result |= alerting(stack, options.rounds, options.storm_s)
        if "staff" in (options.only or PARTS):
            result |= staff(stack, options.rounds)
        if "referrals" in (options.only or PARTS):
            result |= referrals(stack, partial(_bare_hop, bare), _run, options.rounds)
        if "councils" in (options.only or PARTS):
            result |= councils(stack)
        result |= _scale(stack, options.rounds, options.only or PARTS)
    finally:
        for each in {stack, bare}:
            each.stop()
    print(json.dumps(result))
    return 0


def _in_the_clear(stack: Stack) -> Stack:
    """Return where the bare hop runs: it knows no TLS, so with `SECURE=1` it gets servers of its own."""
    if stack.kafka.kafka_security_protocol == "PLAINTEXT":
        return stack
    bare = Stack(secure=False, brief=False, partitions=DOMAIN_PARTITIONS)
    bare.start()
    return bare


def _measure(stack: Stack, bare: Stack, rounds: int, parts: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if "hop" in parts:
        result |= _hop(stack, bare, rounds)
    if "http" in parts:
        result["http_ratio"] = _http(stack, bare, rounds)
    if "archive" in parts:
        result["archive_growth_ratio"] = _archive(stack, rounds)
    if "import" in parts:
        result["import_per_s"] = import_rate(stack)
    if "memory" in parts:
        result["rss_rest_max_mb"] = resting_memory(stack)
    if "live" in parts:
        result |= live(stack, rounds)
    return result


def _scale(stack: Stack, rounds: int, parts: list[str]) -> dict[str, float]:
    result: dict[str, float] = {}
    kinds = [kind for kind in RECORDS if f"scale-{kind}" in parts]
    if kinds:
        result |= consumers(stack, rounds, kinds)
    if "scale-brokers" in parts:
        result |= brokers(stack, rounds)
    if "scale-days" in parts:
        result |= days(stack)
    return result


async def _create_hop_database(stack: Stack) -> None:
    con = await asyncpg.connect(in_database(admin_url(stack.ports), "postgres"))
    if not await con.fetchval("select 1 from pg_database where datname = 'hop'"):
        await con.execute("create database hop")
    await con.close()


def _run(module: str, *arguments: object, env: dict[str, str] | None = None) -> dict[str, float]:
    """Run a measurement as a process of its own and return the object that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=dict(os.environ) | (env or {}),
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _bare_hop(stack: Stack, rate: float) -> dict[str, float]:
    return _run("bench.hop", stack.bootstrap, in_database(admin_url(stack.ports), "hop"), rate, SECONDS)


def _our_hop(stack: Stack, rate: float) -> dict[str, float]:
    spans = {"SPAN_FILE": str(stack.run / "spans.jsonl")}
    return _run("bench.ours", rate, SECONDS, env=environment(stack, "teller") | spans)


def _hop(stack: Stack, bare_stack: Stack, rounds: int) -> dict[str, Any]:
    """Inside: the command function against the bare hop, at both rates and flat out."""
    ratios: Figures = defaultdict(list)
    for number in range(1, rounds + 1):
        for rate in RATES:
            bare, ours = _bare_hop(bare_stack, rate), _our_hop(stack, rate)
            print(f"round {number}  rate {rate or 'flat out'}  bare {bare}  ours {ours}", flush=True)
            if rate:
                ratios[f"hop_p50_ratio_{rate}"].append(ours["p50_ms"] / bare["p50_ms"])
                ratios[f"hop_p99_ratio_{rate}"].append(ours["p99_ms"] / bare["p99_ms"])
            else:
                ratios["sustained_ratio"].append(ours["through_per_s"] / bare["through_per_s"])
    return {name: _say(name, values) for name, values in ratios.items()}


def _http(stack: Stack, bare_stack: Stack, rounds: int) -> float:
    """Over HTTP: answered commands a second against a bare Starlette endpoint around the hop."""
    port = bare_stack.ports.base + BARE_OFFSET
    bare = _start_bare(bare_stack, port)
    hearer, teller = start_probe(stack, "hearer"), start_probe(stack, "teller", {"DATABASE_POOL": "16"})
    token = stack.token("system", "kommune-0657", "boern")
    ratios = []
    for number in range(1, rounds + 1):
        plain = _run("bench.load", port, SECONDS, token)["per_s"]
        ours = _run("bench.load", address(stack, "teller").rpartition(":")[2], SECONDS, token)["per_s"]
        wait_until(lambda: asyncio.run(_quiet(stack)), "outbox empty", 120)
        print(f"round {number}  HTTP  bare {plain}/s  ours {ours}/s", flush=True)
        ratios.append(ours / plain)
    for process in (bare, teller, hearer):
        process.terminate()
        process.wait(20)
    return _say("http_ratio", ratios)


def _start_bare(stack: Stack, port: int) -> "subprocess.Popen[bytes]":
    env = dict(os.environ) | {
        "DATABASE_URL": in_database(admin_url(stack.ports), "hop"),
        "KAFKA_BOOTSTRAP": stack.bootstrap,
        "HTTP_PORT": str(port),
        "TOPIC": "samvirke.probe.note.v1",
    }
    process = subprocess.Popen([sys.executable, "-m", "bench.bare"], env=env)
    wait_until(lambda: _listens(port), "the bare endpoint listens", 20)
    return process


def _listens(port: int) -> bool:
    async def connect() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return asyncio.run(connect())


async def _quiet(stack: Stack) -> bool:
    con = await asyncpg.connect(database_of(stack, "teller"))
    waiting = await con.fetchval("select exists (select from outbox)")
    await con.close()
    return not waiting


def _archive(stack: Stack, rounds: int) -> float:
    """Latency with ten times the archive against latency with the first: both at 100 commands a second."""
    before = _with_archive(stack, 1, FIRST_ARCHIVE, rounds)
    after = _with_archive(stack, FIRST_ARCHIVE + 1, SECOND_ARCHIVE, rounds)
    return _say("archive_growth_ratio", [late / early for early, late in zip(before, after, strict=True)])


def _with_archive(stack: Stack, first: int, last: int, rounds: int) -> list[float]:
    asyncio.run(fill(database_of(stack, "teller"), database_of(stack, "hearer"), first, last))
    latencies = [_our_hop(stack, 100)["p50_ms"] for _ in range(rounds)]
    print(f"archive of {last} closed cases  p50 {sorted(latencies)} ms", flush=True)
    return sorted(latencies)


def _say(name: str, values: list[float]) -> float:
    middle = round(median(values), 2)
    print(f"{name}: median {middle}, range {min(values):.2f} to {max(values):.2f}", flush=True)
    return middle


if __name__ == "__main__":
    sys.exit(main())
