"""Each figure of alerting, measured from outside: from the command to the line in a provider's ledger."""

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Any
from uuid import UUID

from bench.alerting.world import Raised, World, bare_job, p99, start
from tests.stack import Stack

LATENCY_S = 0.05
EVERYONE, ALL_CHANNELS, STORM = 500, ("sms", "voice", "email"), ("sms",)
CREW, ALERTS_A_SECOND, STORM_S = 12, 20.0, 50.0
SINGLE_ALERTS, ANSWERS = 120, 120
SUSTAINED = 20
"""Alerts to everyone at once, so that the dispatcher always has work."""
PATIENCE_S = 180.0

Figures = dict[str, float]


def alerting(stack: Stack, rounds: int, storm_s: float = STORM_S) -> Figures:
    """Return every figure of alerting, a median where there are rounds."""
    start(stack)
    return asyncio.run(_measure(stack, rounds, storm_s))


async def _measure(stack: Stack, rounds: int, storm_s: float) -> Figures:
    world = await World.begin(stack)
    parts = os.environ.get("BENCH_ALERTING", "everyone first storm answers sustained").split()
    try:
        await world.behave(latency_s=LATENCY_S)
        found: Figures = {}
        if "everyone" in parts:
            found |= await _everyone(world, rounds)
        if "first" in parts:
            found["first_handover_p99_s"] = await _first_hand_overs(world)
        if "storm" in parts:
            found["storm_first_attempt_p99_s"] = await _storm(world, storm_s)
        if "answers" in parts:
            found["answer_to_board_p99_s"] = await _answers(world)
        if "sustained" in parts:
            found["handovers_per_s"] = await _sustained(world, rounds)
    finally:
        await world.end()
    return found


# -- 500 people by three channels --------------------------------------------------------------------------------------


async def _everyone(world: World, rounds: int) -> Figures:
    """Call everyone by every channel, in turn with the bare client; the first round of each opens connections."""
    roles = await world.crews(rounds + 1, EVERYONE, ALL_CHANNELS)
    seconds, ratios = [], []
    for number, role in enumerate(roles):
        bare, bare_cost = await _bare(world)
        before = world.cpu()
        ours, first = await _ours(world, role)
        spent = _spent(before, world.cpu(), EVERYONE * len(ALL_CHANNELS))
        print(
            f"round {number}  bare {bare:.2f} s  ours {ours:.2f} s  first {first:.2f} s"
            f"  CPU ms each: bare {bare_cost}, ours {spent}",
            flush=True,
        )
        if number:
            seconds.append(ours)
            ratios.append(ours / bare)
    return {"alert_500x3_ratio": _say("alert_500x3_ratio", ratios), "alert_500x3_s": _say("alert_500x3_s", seconds)}


async def _bare(world: World) -> tuple[float, float]:
    since = await world.marks()
    environment = dict(os.environ) | {"BARE": bare_job(world.stack, EVERYONE)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.alerting.bare", env=environment, stdout=asyncio.subprocess.PIPE
    )
    said = json.loads((await process.communicate())[0].splitlines()[-1])
    ours = [at for key, at in (await world.taken(since)).items() if key.startswith(said["prefix"])]
    assert len(ours) == EVERYONE * len(ALL_CHANNELS), len(ours)
    return max(ours) - said["began"], said["cpu_ms_each"]


async def _ours(world: World, role: str) -> tuple[float, float]:
    since = await world.marks()
    raised = await world.raise_alert(role, "all_at_once")
    ways = await _taken(world, [raised.alert_id], since, EVERYONE * len(ALL_CHANNELS))
    await _receipts(world)
    await world.close_all()
    times = [at for _, _, at in ways]
    return max(times) - raised.at, min(times) - raised.at


async def _taken(
    world: World, alerts: Sequence[UUID], since: dict[str, int], wanted: int
) -> list[tuple[UUID, UUID, float]]:
    """Wait until so many messages of alerts were handed over; returns the alert, the call and the time of each."""

    async def enough() -> bool:
        return sum((await world.marks()).values()) - sum(since.values()) >= wanted

    await _wait(enough, f"{wanted} hand-overs")
    deadline = time.monotonic() + PATIENCE_S
    while True:
        rows = await world.con.fetch("select key, alert_id, call_id from delivery where alert_id = any($1)", alerts)
        taken = await world.taken(since)
        found = [(row["alert_id"], row["call_id"], taken[row["key"]]) for row in rows if row["key"] in taken]
        if len(found) >= wanted:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {wanted} messages were handed over"
        await asyncio.sleep(0.2)


async def _receipts(world: World) -> None:
    """Wait until no receipt is waited for, so that one measurement does not fall into the next."""

    async def quiet() -> bool:
        return not await world.con.fetchval(
            "select exists (select from delivery where state in ('queued', 'sending')"
            " or state = 'accepted' and receipt_due_at is not null)"
        )

    await _wait(quiet, "every receipt")


async def _wait(condition: Any, what: str) -> None:  # noqa: ANN401  a coroutine's function
    ends = time.monotonic() + PATIENCE_S
    while not await condition():
        assert time.monotonic() < ends, f"{what} did not come"
        await asyncio.sleep(0.05)


# -- one alert, and many -----------------------------------------------------------------------------------------------


async def _first_hand_overs(world: World) -> float:
    """From the command to the first hand-over of its alert, at a pace that leaves each alert alone."""
    firsts = await _at_rate(world, SINGLE_ALERTS, 5.0, by="alert")
    print(
        f"first hand-over of {len(firsts)} alerts: median {median(firsts):.3f} s, max {max(firsts):.3f} s", flush=True
    )
    return _say("first_handover_p99_s", [p99(firsts)])


async def _storm(world: World, seconds: float) -> float:
    before = world.cpu()
    number = int(ALERTS_A_SECOND * seconds)
    firsts = await _at_rate(world, number, ALERTS_A_SECOND, by="call")
    spent = _spent(before, world.cpu(), len(firsts))
    print(
        f"storm: {number} alerts, {len(firsts)} first attempts: median {median(firsts):.2f} s, max {max(firsts):.2f} s,"
        f" CPU ms each {spent}",
        flush=True,
    )
    return _say("storm_first_attempt_p99_s", [p99(firsts)])


async def _at_rate(world: World, number: int, rate: float, *, by: str) -> list[float]:
    """Raise alerts to a dozen people each at a rate; returns the seconds until the first hand-over of each."""
    roles = await world.crews(number, CREW, STORM)
    since = await world.marks()
    raised = {one.alert_id: one for one in await _raise_at_rate(world, roles, rate)}
    firsts: dict[UUID, float] = defaultdict(lambda: float("inf"))
    answered = [one.accepted_at - one.at for one in raised.values()]
    print(f"commands answered: median {median(answered):.3f} s, p99 {p99(answered):.3f} s", flush=True)
    for alert, call, at in await _taken(world, [*raised], since, number * CREW):
        own = alert if by == "alert" else call
        firsts[own] = min(firsts[own], at - raised[alert].at)
    await _receipts(world)
    await world.close_all()
    return [*firsts.values()]


async def _raise_at_rate(world: World, roles: Sequence[str], rate: float) -> list[Raised]:
    tasks, began = [], time.perf_counter()
    for place, role in enumerate(roles):
        await asyncio.sleep(max(0.0, began + place / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(world.raise_alert(role, "everyone")))
    return [*await asyncio.gather(*tasks)]


# -- answers -----------------------------------------------------------------------------------------------------------


async def _answers(world: World) -> float:
    """From a person's SMS to the board that shows it, while other people are being called."""
    roles = await world.crews(ANSWERS // CREW, CREW, STORM)
    alerts = [(await world.raise_alert(role, "everyone")).alert_id for role in roles]
    await _receipts(world)
    calls = [(alert, call) for alert in alerts for call in await _calls(world, alert)]
    load = asyncio.create_task(_load(world))
    await asyncio.sleep(1)
    took = [await _answer(world, alert, call) for alert, call in calls]
    load.cancel()
    await asyncio.gather(load, return_exceptions=True)
    await world.close_all()
    await _receipts(world)
    print(f"answers to the board: {len(took)}, median {median(took):.3f} s, max {max(took):.3f} s", flush=True)
    return _say("answer_to_board_p99_s", [p99(took)])


async def _load(world: World) -> None:
    """Call other people until it is cancelled."""
    while True:
        await _raise_at_rate(world, await world.crews(50, CREW, STORM), ALERTS_A_SECOND / 2)


async def _calls(world: World, alert: UUID) -> "list[Any]":
    return await world.con.fetch(
        "select c.call_id, c.telephone, d.provider from call c join delivery d using (call_id)"
        " where c.alert_id = $1 and d.channel = 'sms' and d.wave = 1",
        alert,
    )


async def _answer(world: World, alert: UUID, call: Any) -> float:  # noqa: ANN401  a record
    began, own = time.perf_counter(), str(call["call_id"])
    await world.reply(call["telephone"], "1 30", call["provider"].removesuffix("-sms"))
    while True:
        board = await world.board(alert)
        if any(one["call_id"] == own and one["answer"] == "coming" for one in board["calls"]):
            return time.perf_counter() - began
        assert time.perf_counter() - began < PATIENCE_S, "an answer never came to the board"
        await asyncio.sleep(0.01)


# -- as fast as it goes ------------------------------------------------------------------------------------------------


async def _sustained(world: World, rounds: int) -> float:
    """Hand-overs a second while there is always more to do: the middle eight tenths, at providers without latency."""
    await world.behave(latency_s=0.0)
    rates = []
    for _ in range(rounds):
        roles, since, before = await world.crews(SUSTAINED, EVERYONE, STORM), await world.marks(), world.cpu()
        alerts = [(await world.raise_alert(role, "everyone")).alert_id for role in roles]
        times = sorted(at for *_, at in await _taken(world, alerts, since, SUSTAINED * EVERYONE))
        first, last = len(times) // 10, len(times) * 9 // 10
        rates.append((last - first) / (times[last] - times[first]))
        spent = _spent(before, world.cpu(), len(times))
        print(f"sustained {rates[-1]:.0f} a second, CPU ms each {spent}", flush=True)
        await _receipts(world)
        await world.close_all()
    return _say("handovers_per_s", rates)


def _spent(before: dict[str, float], after: dict[str, float], number: int) -> dict[str, float]:
    return {name: round((after[name] - before[name]) * 1000 / number, 2) for name in after}


def _say(name: str, values: Sequence[float]) -> float:
    middle = round(median(values), 2)
    print(f"{name}: median {middle}, range {min(values):.2f} to {max(values):.2f}", flush=True)
    return middle
