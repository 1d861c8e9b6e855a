"""The third layer: alerts must reach people, through the death of alerting, Kafka and PostgreSQL at any moment."""

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from tests.chaos import alerting_evidence, collect
from tests.chaos.alerting_checker import AlertingEvidence, AlertingFindings, check_alerting
from tests.chaos.alerting_plays import ALERTING, MATRIX, killing
from tests.chaos.alerting_stage import Stage, on_stage
from tests.chaos.result import Result
from tests.chaos.say import say
from tests.chaos.timings import QUIET_WITHIN_S
from tests.stack import Stack

SETTLED_WITHIN_S = 15.0
"""A broken variant may never be quiet; what a dead process had in hand is taken up by then."""


def run(stack: Stack, folder: Path, rng: random.Random, only: str = "") -> tuple[Result, AlertingFindings]:
    """Play the whole matrix, and check it."""
    result, began = Result(), time.monotonic()
    starts = asyncio.run(alerting_evidence.starts(stack))
    with on_stage(stack, folder, rng) as stage:
        say("alerting and two providers run")
        for play in (one for one in MATRIX if only in one.name):
            result.meet(play.name, partial(play.strike, stage))
        result.recover(partial(stage.ground.wait_until_quiet, stage.is_quiet, QUIET_WITHIN_S), QUIET_WITHIN_S)
        found = _check(stage, starts, result)
    say(f"the kill matrix of alerting took {time.monotonic() - began:.0f} s")
    return result, found


def broken(stack: Stack, folder: Path, rng: random.Random, variant: str, point: str) -> AlertingFindings:
    """Kill a broken alerting once, and check what it did to two alerts."""
    starts = asyncio.run(alerting_evidence.starts(stack))
    with on_stage(stack, folder, rng, variant) as stage:
        with killing(stage, ALERTING, point) as one:
            one.strike()
        with suppress(StackError):
            wait_until(stage.is_quiet, "the variant is quiet", SETTLED_WITHIN_S, step=0.2)
        return check_alerting(alerting_evidence.collect_all(stage, starts))


def _check(stage: Stage, starts: collect.Offsets, result: Result) -> AlertingFindings:
    evidence = alerting_evidence.collect_all(stage, starts)
    found = check_alerting(evidence)
    result.findings.append(found.house)
    result.complaints += found.own()
    result.redelivered += found.house.redelivered
    result.commands = len([line for line in stage.duty.desk.journal.read() if line.state == "accepted"])
    _tell(stage, evidence, found)
    return found


def _tell(stage: Stage, evidence: AlertingEvidence, found: AlertingFindings) -> None:
    people = sum(len(one.on_duty) for one in evidence.alerts)
    kinds = Counter(line.kind for line in evidence.ledger)
    marked = sum(one.possible_duplicate for alert in evidence.alerts for one in alert.messages)
    say(
        f"{len(evidence.alerts)} alerts to {people} people, {len(stage.duty.said)} answers;"
        f" {kinds['message']} messages at providers, {kinds['repeat']} came again under their keys,"
        f" {marked} are called possible duplicates;"
        f" {len(stage.ends())} processes of alerting were replaced, {stage.ground.crew.not_alive} of them by their"
        f" liveness; slowest next hand-over {max(evidence.next_hand_over.values(), default=0):.1f} s, steps off by"
        f" {found.step_error_p99_s:.2f} s (p99 of {len(found.step_errors_s)});"
        f" {stage.duty.desk.failures} answers failed"
    )
