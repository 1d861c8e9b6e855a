"""Each broken variant meets the one fault that shows it, and the same checker has to catch it."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from tests.chaos import broken, collect, seams
from tests.chaos.checker import Findings, check
from tests.chaos.client import some_keys, tasks
from tests.chaos.field import Field
from tests.chaos.mechanism import members, playing
from tests.chaos.say import say
from tests.chaos.signals import WAIT
from tests.stack import Stack

COMMANDS = 40
KEYS = 4
PAUSE_S = 0.08
SETTLED_WITHIN_S = 12.0
STILL_S = 1.5


@dataclass(frozen=True, slots=True)
class Play:
    """How one variant is brought to show itself."""

    strike: Callable[[Field], None]


def _killed(role: str, point: str) -> Callable[[Field], None]:
    def strike(field: Field) -> None:
        field.marked(field.order(role, point, passages=3))

    return strike


def _slow_transaction(field: Field) -> None:
    field.marked(field.order("teller", seams.BEFORE_COMMIT, WAIT, passages=5, wait_s=1.0))


def _slow_relay(field: Field) -> None:
    for passages in (3, 6, 9):
        field.order("teller", seams.BEFORE_PUBLISH, WAIT, passages=passages, wait_s=0.8)


def _database_away(field: Field) -> None:
    field.marked(field.order("hearer", seams.BEFORE_HANDLER_COMMIT, WAIT, passages=3, wait_s=1.5))
    field.stop_database_at_once()
    field.start_database()


PLAYS = {
    "acknowledge_first": Play(_killed("hearer", seams.BEFORE_HANDLER_COMMIT)),
    "publish_before_commit": Play(_killed("teller", seams.BEFORE_COMMIT)),
    "no_inbox": Play(_killed("hearer", seams.BEFORE_OFFSET_COMMIT)),
    "cursor": Play(_slow_transaction),
    "commit_on_error": Play(_database_away),
    "three_relays": Play(_slow_relay),
}


def run(stack: Stack, rng: random.Random, names: Iterable[str]) -> dict[str, bool]:
    """Play each variant and return whether it was caught."""
    return {name: _play(stack, rng, name) for name in names}


def _play(stack: Stack, rng: random.Random, name: str) -> bool:
    began = time.monotonic()
    starts = asyncio.run(collect.forget(stack))
    crew = members(stack, 1, 1, (broken.VARIANTS[name].role, name))
    with playing(stack, stack.run / f"chaos-{name}", crew, rng) as field:
        sending = field.client.begin(tasks(rng, COMMANDS, some_keys(rng, KEYS), PAUSE_S))
        PLAYS[name].strike(field)
        for one in sending:
            one.result()
        _settle(field)
        findings = check(asyncio.run(collect.evidence(stack, field.client.journal, starts, frozenset())))
    caught = bool(findings.all())
    took = time.monotonic() - began
    say(f"broken on purpose, {name}: {_summary(findings) if caught else 'NOT CAUGHT'} ({took:.1f} s)")
    return caught


def _settle(field: Field) -> None:
    """Wait until nothing moves any more; a broken variant may never be quiet."""
    moved_at, before = time.monotonic(), (-1, -1)

    def still() -> bool:
        nonlocal moved_at, before
        quiet = asyncio.run(collect.how_quiet(field.stack))
        if (quiet.outbox, quiet.lag) != before:
            moved_at, before = time.monotonic(), (quiet.outbox, quiet.lag)
        return quiet.lag == 0 and time.monotonic() - moved_at > STILL_S

    try:
        wait_until(still, "the variant stands still", SETTLED_WITHIN_S, step=0.2)
    except StackError:
        say("  it did not stand still; it is checked as it is")


def _summary(findings: Findings) -> str:
    """Say what the checker found, by kind."""
    kinds = {
        "lost": findings.lost,
        "ghosts": findings.ghosts,
        "doubled": findings.doubled,
        "out of order": findings.reordered,
        "parked wrongly": findings.parked_wrongly,
    }
    return "caught, " + ", ".join(f"{len(found)} {kind}" for kind, found in kinds.items() if found)
