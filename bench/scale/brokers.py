"""One broker against three: what replication costs in time and rate, and what the loss of one broker costs."""

import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from deploy.local.ports import listens
from deploy.local.processes import start, stop, wait_until
from deploy.local.servers import KAFKA_SETTINGS, Command
from tests.brokers import formatted
from tests.stack import Stack

NODES = (1, 2, 3)
PORTS = 190
"""The offset of the first broker's port; each has two."""
CLUSTER_ID = "bench-of-three-brokers"
SECONDS, FAULT_S = 5.0, 15.0

_OF_THREE = """\
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
"""
"""What differs from a single broker: the last word in a file of properties counts."""


def brokers(stack: Stack, rounds: int) -> dict[str, float]:
    """Return three brokers' latency and rate as ratios to one broker's, and the longest wait while one is killed."""
    ratios: dict[str, list[float]] = defaultdict(list)
    with _three(stack) as (bootstrap, running):
        for number in range(1, rounds + 1):
            one = _produce(stack.bootstrap, 1, SECONDS)
            alone = _produce(bootstrap, 1, SECONDS)
            three = _produce(bootstrap, 3, SECONDS)
            print(f"round {number}  one broker {one}  three, one copy {alone}  three copies {three}", flush=True)
            ratios["brokers_3_p50_ratio"].append(three["p50_ms"] / one["p50_ms"])
            ratios["brokers_3_p99_ratio"].append(three["p99_ms"] / one["p99_ms"])
            ratios["brokers_3_rate_ratio"].append(three["per_s"] / one["per_s"])
            ratios["copies_3_p50_ratio"].append(three["p50_ms"] / alone["p50_ms"])
            ratios["copies_3_rate_ratio"].append(three["per_s"] / alone["per_s"])
        _lose_one(bootstrap, running)
    return {name: _say(name, values) for name, values in ratios.items()}


def _lose_one(bootstrap: str, running: "dict[int, subprocess.Popen[bytes]]") -> None:
    """Kill one of three while records are sent at a rate, and print the longest that one waited."""
    process = _producer(bootstrap, 3, FAULT_S)
    try:
        process.communicate(timeout=FAULT_S / 3)
    except subprocess.TimeoutExpired:
        running[max(running)].kill()
    said, _ = process.communicate(timeout=120)
    print(f"one of three brokers killed: {json.loads(said.splitlines()[-1])}", flush=True)


def _produce(bootstrap: str, copies: int, seconds: float) -> dict[str, float]:
    said, _ = _producer(bootstrap, copies, seconds).communicate(timeout=120)
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    return figures


def _producer(bootstrap: str, copies: int, seconds: float) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "bench.scale.produce", bootstrap, str(copies), str(seconds)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


@contextmanager
def _three(stack: Stack) -> "Iterator[tuple[str, dict[int, subprocess.Popen[bytes]]]]":
    """Run three brokers, each a controller too, on one machine; yields their addresses and processes."""
    ports = {node: stack.ports.base + PORTS + 2 * (node - 1) for node in NODES}
    commands = [_broker(stack.run / f"kafka-{node}", node, ports) for node in NODES]
    running = {
        node: start(one, stack.run / "log" / f"{one.name}.log") for node, one in zip(NODES, commands, strict=True)
    }
    bootstrap = ",".join(f"127.0.0.1:{port}" for port in ports.values())
    try:
        wait_until(lambda: all(map(listens, ports.values())), "three brokers listen", 120)
        wait_until(lambda: asyncio.run(_members(bootstrap)) == len(NODES), "three brokers are a cluster", 120, 0.5)
        yield bootstrap, running
    finally:
        for process in running.values():
            stop(process)


def _broker(home: Path, node: int, ports: dict[int, int]) -> Command:
    voters = ",".join(f"{each}@127.0.0.1:{port + 1}" for each, port in ports.items())
    port, controller = ports[node], ports[node] + 1
    own = _OF_THREE.format(node=node, voters=voters, port=port, controller=controller)
    return formatted(home, CLUSTER_ID, KAFKA_SETTINGS.format(controller=controller, data=home / "data") + own)


async def _members(bootstrap: str) -> int:
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    try:
        await client.bootstrap()
        return len(client.cluster.brokers())
    except KafkaError:
        return 0
    finally:
        await client.close()


def _say(name: str, values: list[float]) -> float:
    middle = round(median(values), 2)
    print(f"{name}: median {middle}, range {min(values):.2f} to {max(values):.2f}", flush=True)
    return middle
