"""The first layer: commands and faults on the probe pair, two tellers and two hearers."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import collect
from tests.chaos.checker import Findings, check
from tests.chaos.client import Client, some_keys, tasks
from tests.chaos.crew import Crew, Member
from tests.chaos.faults import Fault
from tests.chaos.field import DidNotBite, Field
from tests.chaos.journal import Journal
from tests.chaos.say import say
from tests.chaos.signals import Runner
from tests.chaos.timings import PROCESS, QUIET_WITHIN_S
from tests.probe.world import environment
from tests.stack import Stack

FIRST_PORT = 150
KEYS = 24
PAUSE_S = 0.5


@dataclass(slots=True)
class Result:
    """What one layer found."""

    commands: int = 0
    faults: int = 0
    faults_bit: int = 0
    findings: list[Findings] = field(default_factory=list)
    redelivered: int = 0
    recovery_s: float = 0.0
    complaints: list[str] = field(default_factory=list)
    """What went wrong besides the findings."""


def members(stack: Stack, tellers: int, hearers: int, broken: tuple[str, str] | None = None) -> list[Member]:
    """Return the processes to run; `broken` names a service and its variant."""
    named = [("teller", n) for n in range(tellers)] + [("hearer", n) for n in range(hearers)]
    return [
        Member(
            f"{service}-{number + 1}",
            service,
            stack.ports.base + FIRST_PORT + place,
            environment(stack, service) | PROCESS,
            broken[1] if broken and broken[0] == service else None,
        )
        for place, (service, number) in enumerate(named)
    ]


@contextmanager
def playing(stack: Stack, folder: Path, crew: list[Member], rng: random.Random) -> Iterator[Field]:
    """Start processes and a client on a field, and stop them at the end."""
    runner = Runner(folder)
    running = Crew(stack, runner, crew)
    running.start()
    addresses = [member.address for member in running.named("teller")]
    client = Client(addresses, stack.token("system", "kommune-0657", "boern"), Journal(folder / "journal.jsonl"))
    try:
        yield Field(stack, runner, running, client, rng)
    finally:
        client.close()
        running.stop()


def run(stack: Stack, folder: Path, rng: random.Random, commands: int, faults: Sequence[Fault]) -> Result:
    """Send the commands in shares, one share a fault, and check what is there when all is quiet."""
    result = Result(commands, len(faults))
    starts = asyncio.run(collect.forget(stack))
    keys = some_keys(rng, KEYS)
    with playing(stack, folder, members(stack, 2, 2), rng) as ground:
        first = 1
        for place, fault in enumerate(faults):
            share = commands * (place + 1) // len(faults) - first + 1
            _one(ground, fault, ground.client.begin(tasks(rng, share, keys, PAUSE_S, first)), result)
            first += share
        result.recovery_s = _recover(ground, result)
        _check(ground, starts, result)
    return result


def _one(ground: Field, fault: Fault, sending: list[Future[None]], result: Result) -> None:
    """Let one fault happen while its share of the commands is sent."""
    began = time.monotonic()
    try:
        mark = fault.strike(ground)
        result.faults_bit += 1
    except DidNotBite as error:
        mark = f"DID NOT BITE: {error}"
        result.complaints.append(f"{fault.name}: {error}")
    ground.runner.disarm()
    for one in sending:
        one.result()
    say(f"{fault.name}: {mark} ({time.monotonic() - began:.1f} s)")


def _recover(ground: Field, result: Result) -> float:
    """Return how long it took until nothing waited any more."""
    try:
        took = ground.wait_until_quiet(QUIET_WITHIN_S)
    except Exception as error:  # noqa: BLE001  whatever it is, the run goes on to its findings
        result.complaints.append(f"not quiet within {QUIET_WITHIN_S:.0f} s of the last fault: {error}")
        return QUIET_WITHIN_S
    say(f"all quiet again after {took:.1f} s")
    return took


def _check(ground: Field, starts: collect.Offsets, result: Result) -> None:
    poison = frozenset(ground.poison)
    found = asyncio.run(collect.evidence(ground.stack, ground.client.journal, starts, poison))
    result.findings.append(check(found))
    repeated = ground.runner.seen("repeated")
    result.redelivered = sum(len(one.said["ids"]) for one in repeated)
    ends = [end for member in ground.crew.members.values() for end in member.ends]
    say(
        f"{len(found.history)} events, {len(found.topic)} records, {len(found.heard)} effects;"
        f" {result.redelivered} came again; {len(ends)} processes were replaced,"
        f" {ground.crew.not_alive} of them by their liveness; {ground.client.failures} answers failed"
    )
