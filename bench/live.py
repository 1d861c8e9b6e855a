"""A live page: how long until the last of two hundred watchers sees a change, against one who watches alone."""

import asyncio
import time
from contextlib import AsyncExitStack
from itertools import count
from statistics import median

import aiohttp

from tests.component.chassis.processes import ready
from tests.component.chassis.visitor import Visitor, session_of, version_of, visiting
from tests.stack import Stack

WATCHERS, CHANGES = 200, 20
PLACE = 7
NUMBERS = count(1)


def live(stack: Stack, rounds: int) -> dict[str, float]:
    """Return the slowest watcher's time of two hundred against the time of one alone."""
    with ready(stack, "teller", PLACE, module="tests.probe.paged") as paged, visiting(paged, stack) as visitor:
        visitor.sign_in()
        ratios = [asyncio.run(_round(visitor)) for _ in range(rounds)]
    print(f"the last of {WATCHERS} watchers against one alone: {[round(one, 1) for one in ratios]}", flush=True)
    return {"live_watchers_ratio": round(median(ratios), 1)}


async def _round(visitor: Visitor) -> float:
    async with session_of(visitor) as session:
        alone, together = await _seen(session, 1), await _seen(session, WATCHERS)
    print(
        f"a change is seen by one after {alone * 1000:.0f} ms, by {WATCHERS} after {together * 1000:.0f} ms", flush=True
    )
    return together / alone


async def _seen(session: aiohttp.ClientSession, watchers: int) -> float:
    """Return the median time from a change to the last watcher's sight of it."""
    async with AsyncExitStack() as open_:
        opening = (open_.enter_async_context(session.get("/desk/live")) for _ in range(watchers))
        streams = await asyncio.gather(*opening)
        await _all_see(streams)
        return median([await _change(session, streams) for _ in range(CHANGES)])


async def _change(session: aiohttp.ClientSession, streams: list[aiohttp.ClientResponse]) -> float:
    headers = {"Idempotency-Key": f"bench-{next(NUMBERS)}", "Sec-Fetch-Site": "same-origin"}
    began = time.perf_counter()
    async with session.post("/desk", headers=headers) as answer:
        answer.raise_for_status()
    await _all_see(streams)
    return time.perf_counter() - began


async def _all_see(streams: list[aiohttp.ClientResponse]) -> None:
    await asyncio.gather(*(version_of(stream) for stream in streams))
