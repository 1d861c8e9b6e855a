"""The data server is lost and restored, as docs/operations/backups.md says; what that took is reckoned."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from tests.chaos.say import say
from tests.drill import people
from tests.drill.evidence import Found, find, known_commands
from tests.drill.reckoning import Evidence, Fact, Reckoning, reckon
from tests.drill.stage import ARCHIVED_EVERY_S, ARCHIVED_WITHIN_S, Stage
from tests.drill.writers import Writers

BOUND_S = ARCHIVED_EVERY_S + ARCHIVED_WITHIN_S
NEARLY_NOTHING_S = 5.0
"""Where the log could be saved, only the time since the last commit lies before the stop."""
TOLD_WITHIN_S = 60
SHREDS_WITHIN_S = 60
ENOUGH_AFTER = 30
"""So many commands go through after a restore before it is called one."""
SHOWN = 5
FORGOTTEN = "told and forgotten  "
"""How a line begins, after the service's name, that names one event."""


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of one loss and its restore, and how long what took."""

    stopped_at: datetime
    silent_at: datetime
    """When every service had been stopped."""
    restored_at: datetime
    server_s: float
    commands_s: float
    """From the loss to the first command that was acknowledged again."""


@dataclass(frozen=True, slots=True)
class Then:
    """What the restored databases knew before anybody went on."""

    commands: frozenset[str]
    found: Found
    numbers: set[UUID]


def drill(stage: Stage, *, disk: bool) -> tuple[dict[str, Any], list[str]]:
    """Lose the server with or without its disk; returns figures and what is wrong."""
    say(f"DRILL: the data server dies {'with its disk' if disk else 'and its disk can still be read'}")
    before = find(stage)
    erased = people.meet(stage, f"610397000{1 + disk}")
    copy = stage.copy("data", "with" if disk else "without")
    say(f"base copy made; the log is archived at the latest every {ARCHIVED_EVERY_S} s")
    writers = Writers(stage.stack)
    writers.start()
    try:
        times, then, faults = _lose_and_restore(stage, writers, copy, erased, disk=disk)
        faults += _stays_erased(stage, erased)
        compared = _settle(stage, writers, times)
    finally:
        writers.stop()
    found = find(stage)
    faults += _verify(stage, found, "at the end")
    compared -= {one.event_id for one in before.records}
    told = reckon(_evidence(stage, writers, times, found.since(before), then, compared, disk=disk))
    if disk and not (told.lost and told.strangers and told.made_good):
        faults.append("the loss took nothing: this drill proves nothing")
    figures = _figures(told, times, writers)
    _tell(told, figures)
    return figures, [*told.faults, *faults]


def _lose_and_restore(
    stage: Stage,
    writers: Writers,
    copy: Path,
    erased: UUID,
    *,
    disk: bool,
) -> tuple[Times, Then, list[str]]:
    faults = _refused_while_it_runs(stage)
    stage.wait_for_archive("data")
    signed = stage.operate("services.audit", "checkpoint")
    say(f"{len(writers.book)} commands are acknowledged; audit signs: {signed.stdout.splitlines()[:2]}")
    shredded_at = datetime.now(UTC)
    people.shred(stage, erased)
    say("a person is shredded")
    wait_until(
        lambda: stage.has_told("persons") and len(writers.acknowledged_since(shredded_at)) >= ENOUGH_AFTER,
        "the shredding is told, and commands after it",
        TOLD_WITHIN_S,
    )
    stopped_at = stage.lose("data", disk=disk)
    began = time.monotonic()
    say(f"the data server is killed at {stopped_at:%H:%M:%S.%f}{' and its folder removed' if disk else ''}")
    stage.stack.stop_services()
    silent_at = datetime.now(UTC)
    say("every service is stopped: none may go on before its place is right")
    restored_at = stage.restore("data", copy, saved=not disk)
    server_s = time.monotonic() - began
    say(f"restored to {restored_at:%H:%M:%S.%f}; {server_s:.1f} s after the loss")
    then = Then(known_commands(stage), find(stage), people.with_numbers(stage))
    if disk and erased not in then.numbers:
        faults.append("the restored data know of the shredding: this drill proves nothing")
    faults += _verify(stage, then.found, "after the restore")
    stage.for_each_service("restored", restored_at)
    stage.start_services()
    wait_until(lambda: bool(writers.acknowledged_since(silent_at)), "a command goes through", 120)
    times = Times(stopped_at, silent_at, restored_at, server_s, time.monotonic() - began)
    say(f"commands go through again, {times.commands_s:.1f} s after the loss")
    return times, then, faults


def _stays_erased(stage: Stage, erased: UUID) -> list[str]:
    """See that nobody reads who was shredded, whatever the restored data knew of it, and that their number is gone."""
    try:
        wait_until(lambda: people.is_gone(stage, erased), "shredded again", SHREDS_WITHIN_S, 0.5)
    except StackError:
        return [f"{erased} was shredded, and whoever asks is not told so"]
    say("whoever asks for the shredded person is told that they are gone")
    back = [where for where in (people.with_numbers, people.with_keys) if erased in where(stage)]
    return [f"{erased} was shredded and is found: {where.__name__}" for where in back]


def _refused_while_it_runs(stage: Stage) -> list[str]:
    """Try to move the place of a service that is at work: it must stay where it is."""
    words = ("chassis.operations", "restored", "--service", "hearer", "--since", datetime.now(UTC).isoformat())
    tried = stage.operate(*words, service="hearer", SESSION_TIMEOUT_MS="1000")
    say(f"moving the place of a service that runs: {tried.stdout.strip()}")
    return (
        [] if tried.returncode == 1 and "still runs" in tried.stdout else ["the place of a running service was moved"]
    )


def _settle(stage: Stage, writers: Writers, times: Times) -> set[str]:
    """Let commands go on for a while, wait for silence, and ask every service what it told and forgot."""
    enough = ENOUGH_AFTER
    wait_until(lambda: len(writers.acknowledged_since(times.silent_at)) >= enough, f"{enough} commands more", 180)
    writers.stop()
    say(f"all quiet after {stage.wait_until_quiet():.1f} s; what others hold and the restored services do not know:")
    told = stage.for_each_service("compare", times.restored_at)
    lines = [line.split("  ") for text in told.values() for line in text.splitlines() if FORGOTTEN in line]
    return {line[4] for line in lines}


def _verify(stage: Stage, found: Found, when: str) -> list[str]:
    """Ask the audit log; it must miss exactly the checkpoints that were told and forgotten, and nothing else."""
    said = stage.operate("services.audit", "verify").stdout.splitlines()
    if not said:
        raise StackError("audit says nothing")
    faults = [line for line in said if line.startswith("fault: ")]
    rollback = [line for line in faults if line.startswith("fault: told checkpoint")]
    gone = [one for one in found.records if _is_forgotten_checkpoint(one, found)]
    say(f"audit {when}: {said[-1]}")
    wrong = [f"audit {when}: {line}" for line in faults if line not in rollback]
    return wrong + [f"audit {when}: {len(gone)} signed checkpoints are gone and nobody says so"] * (
        bool(gone) != bool(rollback)
    )


def _is_forgotten_checkpoint(one: Fact, found: Found) -> bool:
    return one.type == "CheckpointSigned" and one.event_id not in found.history


def _evidence(
    stage: Stage, writers: Writers, times: Times, found: Found, then: Then, compared: set[str], *, disk: bool
) -> Evidence:
    return Evidence(
        stopped_at=times.stopped_at,
        silent_at=times.silent_at,
        restored_at=times.restored_at,
        bound_s=BOUND_S if disk else NEARLY_NOTHING_S,
        commands=list(writers.book),
        known_then=then.commands,
        known_now=known_commands(stage),
        history=list(found.history.values()),
        records=found.records,
        copies=found.copies,
        effects=list(found.effects.elements()),
        effects_then=list(then.found.effects.elements()),
        entries=list(found.entries.elements()),
        reported=compared,
    )


def _figures(told: Reckoning, times: Times, writers: Writers) -> dict[str, Any]:
    before = [one for one in writers.book if one.acknowledged_at <= times.silent_at]
    return {
        "window_s": round(told.window_s, 1),
        "acknowledged_before": len(before),
        "lost": len(told.lost),
        "effects_made_good": told.made_good,
        "told_and_forgotten": len(told.strangers),
        "versions_told_twice": told.told_twice,
        "acknowledged_after": len(writers.book) - len(before),
        "server_restored_s": round(times.server_s, 1),
        "commands_again_s": round(times.commands_s, 1),
    }


def _tell(told: Reckoning, figures: dict[str, Any]) -> None:
    say(f"loss window: {told.window_s:.1f} s, from the restored moment to the stop")
    say(f"{figures['acknowledged_before']} commands were acknowledged before it, {len(told.lost)} of them are lost:")
    for kind in sorted({name.partition(" ")[0] for name in told.lost}):
        say(f"  {kind}: " + ", ".join(name.partition(" ")[2] for name in told.lost if name.startswith(kind)))
    say(f"{told.made_good} effects were forgotten and have been made good from the topics")
    say(f"{len(told.strangers)} events are with others and not in the history of who told them")
    if told.strangers:
        say(f"  {', '.join(told.strangers[:SHOWN])}, …")
    say(f"{told.told_twice} versions stand on a topic twice, before the loss and after it")
