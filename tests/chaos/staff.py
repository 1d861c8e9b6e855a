"""The fourth layer: a whole activation of the staff, through the death of whoever takes part in it at any moment."""

import asyncio
import random
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from tests.chaos import collect
from tests.chaos.checker import Told
from tests.chaos.client import NotAccepted
from tests.chaos.field import DidNotBite
from tests.chaos.result import Result
from tests.chaos.say import say
from tests.chaos.staff_checker import Called, Event, StaffEvidence, StaffFindings, check_staff
from tests.chaos.staff_plays import VICTIMS, Playing, without_broker
from tests.chaos.staff_stage import Played, StaffStage, on_stage
from tests.chaos.timings import QUIET_WITHIN_S
from tests.stack import Stack

TOPIC, PARTITIONS = "samvirke.beredskabsstab.activation.v1", 12
SETTLED_WITHIN_S = 10.0


def run(stack: Stack, folder: Path, rng: random.Random, only: str = "") -> tuple[Result, StaffFindings]:
    """Play one activation for each victim and one without the broker, and check all."""
    result, began = Result(), time.monotonic()
    starts = asyncio.run(collect.ends(stack.kafka, {TOPIC: PARTITIONS}))
    with on_stage(stack, folder, rng) as stage:
        say("beredskabsstab, alerting and two providers run")
        for victim in (one for one in VICTIMS if only in one):
            _play(Playing(stage, victim, result), result)
        if only in "without the broker":
            result.meet("an activation without the broker", partial(without_broker, stage, result))
        result.recover(partial(stage.ground.wait_until_quiet, stage.is_quiet, QUIET_WITHIN_S), QUIET_WITHIN_S)
        evidence = _evidence(stage, starts)
        found = check_staff(evidence)
        result.commands = len([line for line in stage.desk.journal.read() if line.state == "accepted"])
    result.findings.append(found.house)
    result.complaints += found.own()
    result.redelivered += found.house.redelivered
    say(
        f"{len(evidence.activations)} activations, {sum(len(one.said) for one in evidence.activations)} answers,"
        f" {len([one for one in evidence.ledger if one.kind == 'message'])} messages at providers;"
        f" the kill matrix of the staff took {time.monotonic() - began:.0f} s"
    )
    return result, found


def _play(playing: Playing, result: Result) -> None:
    """Play to the end; what does not get there is a complaint, and its moments have no place to count."""
    try:
        playing.play()
    except (DidNotBite, NotAccepted, StackError) as error:
        result.complaints.append(f"an activation in which {playing.victim} is killed: {error}")
        say(f"WRONG: {error}")
    finally:
        playing.stage.ground.runner.disarm()


def broken(stack: Stack, folder: Path, rng: random.Random, variant: str, moment: str) -> StaffFindings:
    """Play an activation of a broken beredskabsstab that dies at one moment, and check what it did."""
    starts = asyncio.run(collect.ends(stack.kafka, {TOPIC: PARTITIONS}))
    with on_stage(stack, folder, rng, variant) as stage:
        stage.patience_s = SETTLED_WITHIN_S
        playing = Playing(stage, VICTIMS[0], Result(), frozenset({moment}))
        with suppress(DidNotBite, NotAccepted, StackError):
            one = playing.activate()
            playing.everybody_has_seen_it(one)
        with suppress(StackError):
            wait_until(stage.is_quiet, "the variant is quiet", SETTLED_WITHIN_S, step=0.2)
        return check_staff(_evidence(stage, starts))


def _evidence(stage: StaffStage, starts: collect.Offsets) -> StaffEvidence:
    records = asyncio.run(collect.records(stage.alerting.stack.kafka, starts))
    return StaffEvidence(
        activations=[_called(stage, one) for one in stage.played],
        ledger=stage.alerting.duty.ledger(),
        topic=[
            Told(
                one.key.decode(), int(collect.header_of(one, "ce_aggregateversion")), 0, collect.header_of(one, "ce_id")
            )
            for one in records
        ],
        parked=stage.rows("select count(*) from parked_message")[0][0],
        first_hand_over=stage.first_hand_over,
        by_mirror=stage.by_mirror,
    )


def _called(stage: StaffStage, one: Played) -> Called:
    told = stage.rows(
        "select id::text, split_part(type, '.', 4) as name, coalesce(value::json ->> 'step', '') as step from event"
        " where aggregate_id = $1 order by aggregate_version",
        one.activation,
    )
    return Called(
        title=one.title,
        expected=one.expected,
        told=[Event(row["id"], row["name"], row["step"]) for row in told],
        telephones=_telephones(stage, one),
        said=one.said,
        board=stage.on_board(one.activation),
        call_ins=stage.rows("select count(*) from call_in where activation_id = $1", one.activation)[0][0],
        alerts=stage.alerting.count("select count(*) from alert where case_id = $1", one.activation),
    )


def _telephones(stage: StaffStage, one: Played) -> frozenset[str]:
    """Return the telephones of everybody whom the steps have called that it came to."""
    steps = [("vagt",), ("stabsleder", "logfoerer", "stabsmedlem"), ("kommunikation",)]
    reached = one.expected.count(("StaffCalled", ""))
    roles = frozenset(role for names in steps[:reached] for role in names)
    return frozenset(stage.numbers(roles))
