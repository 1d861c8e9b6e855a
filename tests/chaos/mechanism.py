"""The first layer: commands and faults on the probe pair, two tellers and two hearers."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.chaos import collect
from tests.chaos.checker import check
from tests.chaos.client import Client, some_keys, tasks
from tests.chaos.crew import Crew, Member
from tests.chaos.faults import Fault
from tests.chaos.field import Field
from tests.chaos.journal import Journal
from tests.chaos.result import Result
from tests.chaos.say import say
from tests.chaos.signals import Runner
from tests.chaos.timings import PROCESS, QUIET_WITHIN_S
from tests.probe.world import environment
from tests.stack import Stack

FIRST_PORT = 150
KEYS = 24
PAUSE_S = 0.5


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
def playing(stack: Stack, folder: Path, crew: list[Member], rng: random.Random) -> Iterator[tuple[Field, Client]]:
    """Start processes and a client on a field, and stop them at the end."""
    runner = Runner(folder)
    running = Crew(stack, runner, crew)
    running.start()
    addresses = [member.address for member in running.named("teller")]
    client = Client(addresses, stack.token("system", "kommune-0657", "boern"), Journal(folder / "journal.jsonl"))
    try:
        yield Field(stack, runner, running, client, rng), client
    finally:
        client.close()
        running.stop()


def run(stack: Stack, folder: Path, rng: random.Random, commands: int, faults: Sequence[Fault]) -> Result:
    """Send the commands in shares, one share a fault, and check what is there when all is quiet."""
    result = Result(commands)
    starts = asyncio.run(collect.forget(stack))
    keys = some_keys(rng, KEYS)
    with playing(stack, folder, members(stack, 2, 2), rng) as (ground, client):
        first = 1
        for place, fault in enumerate(faults):
            share = commands * (place + 1) // len(faults) - first + 1
            sending = client.begin(tasks(rng, share, keys, PAUSE_S, first))
            result.meet(fault.name, partial(_strike, fault, ground, sending))
            first += share
        result.recover(partial(ground.wait_until_quiet, partial(_is_quiet, stack), QUIET_WITHIN_S), QUIET_WITHIN_S)
        _check(ground, starts, result)
    return result


def _strike(fault: Fault, ground: Field, sending: list[Future[None]]) -> str:
    """Let one fault happen while its share of the commands is sent, and wait for both."""
    try:
        return fault.strike(ground)
    finally:
        ground.runner.disarm()
        for one in sending:
            one.result()


def _is_quiet(stack: Stack) -> bool:
    quiet = asyncio.run(collect.how_quiet(stack))
    return quiet.outbox == 0 and quiet.lag == 0


def _check(ground: Field, starts: collect.Offsets, result: Result) -> None:
    poison = frozenset(ground.poison)
    found = asyncio.run(collect.evidence(ground.stack, ground.client.journal, starts, poison))
    result.findings.append(check(found))
    repeated = ground.runner.seen("repeated")
    result.redelivered += sum(len(one.said["ids"]) for one in repeated)
    ends = [end for member in ground.crew.members.values() for end in member.ends]
    say(
        f"{len(found.history)} events, {len(found.topic)} records, {len(found.heard)} effects;"
        f" {result.redelivered} came again; {len(ends)} processes were replaced,"
        f" {ground.crew.not_alive} of them by their liveness; {ground.client.failures} answers failed"
    )
