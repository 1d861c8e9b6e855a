"""Each broken variant meets the one fault that shows it, and the same checker has to catch it."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from tests.chaos import alerting, broken, collect, journey, seams, staff
from tests.chaos import seams_of_alerting as points
from tests.chaos.alerting_checker import AlertingFindings
from tests.chaos.checker import Findings, check
from tests.chaos.client import NotAccepted, some_keys, tasks
from tests.chaos.field import DidNotBite, Field
from tests.chaos.mechanism import members, playing
from tests.chaos.say import say
from tests.chaos.signals import WAIT
from tests.chaos.staff_checker import StaffFindings
from tests.chaos.staff_plays import FIRST_ERRAND
from tests.stack import Stack

COMMANDS = 40
KEYS = 4
PAUSE_S = 0.08
SETTLED_WITHIN_S = 12.0
STILL_S = 1.5


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


def run(stack: Stack, rng: random.Random, names: Iterable[str]) -> dict[str, bool]:
    """Play each variant and return whether it was caught."""
    return {name: _is_caught(stack, rng, name) for name in names}


def _is_caught(stack: Stack, rng: random.Random, name: str) -> bool:
    """Play a variant; it is caught when the checker names what this mistake does, and not just anything."""
    began, play = time.monotonic(), PLAYS[name]
    try:
        findings = play.on(stack, rng, name)
        caught, told = bool(play.shows(findings)), _summary(findings)
    except (DidNotBite, NotAccepted, StackError) as error:
        caught, told = False, f"its fault did not happen: {error}"
    verdict = "caught" if caught else "NOT CAUGHT"
    say(f"broken on purpose, {name}: {verdict}, {told} ({time.monotonic() - began:.1f} s)")
    return caught


def _on_the_probe(strike: Callable[[Field], None], stack: Stack, rng: random.Random, name: str) -> Findings:
    """Play a variant of the chassis on one teller and one hearer."""
    starts = asyncio.run(collect.forget(stack))
    crew = members(stack, 1, 1, (broken.VARIANTS[name].role, name))
    with playing(stack, stack.run / f"chaos-{name}", crew, rng) as (field, client):
        sending = client.begin(tasks(rng, COMMANDS, some_keys(rng, KEYS), PAUSE_S))
        strike(field)
        for one in sending:
            one.result()
        _settle(field)
        return check(asyncio.run(collect.evidence(stack, client.journal, starts, frozenset())))


def _on_the_journey(stack: Stack, rng: random.Random, name: str) -> Findings:
    """Play a variant of concerns: an import during a search."""
    return journey.broken(stack, stack.run / f"chaos-{name}", rng, name)


def _on_the_staff(moment: str, stack: Stack, rng: random.Random, name: str) -> StaffFindings:
    """Play a variant of beredskabsstab: it dies at one moment of an activation."""
    return staff.broken(stack, stack.run / f"chaos-{name}", rng, name, moment)


def _on_alerting(point: str, stack: Stack, rng: random.Random, name: str) -> AlertingFindings:
    """Play a variant of alerting: it dies at one moment of an alert."""
    return alerting.broken(stack, stack.run / f"chaos-{name}", rng, name, point)


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


def _summary(findings: Findings | AlertingFindings | StaffFindings) -> str:
    """Say what the checker found, by kind."""
    match findings:
        case AlertingFindings():
            kinds = _kinds_of_alerting(findings)
        case StaffFindings():
            more = {"unreached": findings.unreached, "doubled at a provider": findings.doubled_at_provider}
            kinds = _kinds(findings.house) | more
        case _:
            kinds = _kinds(findings)
    return ", ".join(f"{len(found)} {kind}" for kind, found in kinds.items() if found) or "nothing found"


def _kinds(findings: Findings) -> dict[str, list[str]]:
    return {
        "lost": findings.lost,
        "ghosts": findings.ghosts,
        "doubled": findings.doubled,
        "out of order": findings.reordered,
        "parked wrongly": findings.parked_wrongly,
    }


def _kinds_of_alerting(findings: AlertingFindings) -> dict[str, list[str]]:
    return _kinds(findings.house) | {
        "unreached": findings.unreached,
        "doubled at a provider": findings.doubled_at_provider,
        "unmarked": findings.unmarked,
        "late": findings.late,
        "slow": findings.slow,
    }


@dataclass(frozen=True, slots=True)
class Play:
    """How one variant is brought to show itself, and as what."""

    on: Callable[[Stack, random.Random, str], Any]
    """Returns the findings of its layer's checker."""
    shows: Callable[[Any], list[str]]


PLAYS = {
    "acknowledge_first": Play(
        partial(_on_the_probe, _killed("hearer", seams.BEFORE_HANDLER_COMMIT)), lambda found: found.lost
    ),
    "publish_before_commit": Play(
        partial(_on_the_probe, _killed("teller", seams.BEFORE_COMMIT)), lambda found: found.ghosts
    ),
    "no_inbox": Play(
        partial(_on_the_probe, _killed("hearer", seams.BEFORE_OFFSET_COMMIT)), lambda found: found.doubled
    ),
    "cursor": Play(partial(_on_the_probe, _slow_transaction), lambda found: found.lost),
    "commit_on_error": Play(partial(_on_the_probe, _database_away), lambda found: found.lost),
    "three_relays": Play(partial(_on_the_probe, _slow_relay), lambda found: found.reordered),
    "horizon_by_timestamp": Play(_on_the_journey, lambda found: found.lost),
    "record_first": Play(
        partial(_on_alerting, points.BEFORE_HAND_OVER),
        lambda found: [one for one in found.house.lost if "is called delivered" in one],
    ),
    "new_key_each_try": Play(partial(_on_alerting, points.BEFORE_RECORD), lambda found: found.doubled_at_provider),
    "unmarked": Play(partial(_on_alerting, points.BEFORE_RECORD), lambda found: found.unmarked),
    "done_before_told": Play(partial(_on_the_staff, FIRST_ERRAND), lambda found: found.unreached),
    "quorum_without_memory": Play(partial(_on_the_staff, "answer"), lambda found: found.house.doubled),
}
"""Each variant of `broken.py`."""
