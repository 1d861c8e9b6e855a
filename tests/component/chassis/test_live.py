"""A board that two hundred watch over real connections: quick, rendered once a change, and ended with the process."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from tests.component.chassis.house import House
from tests.component.chassis.processes import Running, ready
from tests.component.chassis.visitor import COOKIE, Visitor, visiting
from tests.stack import Stack

pytestmark = pytest.mark.component

WATCHERS, CHANGES = 200, 10
BOUND_S = 90


@pytest.fixture
def paged(probe: Stack) -> Iterator[Running]:
    with ready(probe, "teller", 7, module="tests.probe.paged") as one:
        yield one


@pytest.fixture
def visitor(probe: Stack, paged: Running, teller: House) -> Iterator[Visitor]:
    with visiting(paged, probe) as one:
        one.sign_in()
        yield one


async def version_of(stream: aiohttp.ClientResponse) -> int:
    """Return the next version that a stream shows."""
    async for line in stream.content:
        if line.startswith(b"id: "):
            return int(line[4:])
    raise EOFError


def session_of(visitor: Visitor) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        str(visitor.client.base_url),
        headers={"Cookie": f"{COOKIE}={visitor.token}"},
        connector=aiohttp.TCPConnector(limit=0),
    )


async def test_two_hundred_see_each_change_within_half_a_second_rendered_once(
    visitor: Visitor, paged: Running, teller: House
) -> None:
    async with asyncio.timeout(BOUND_S), session_of(visitor) as session, AsyncExitStack() as open_:
        opening = (open_.enter_async_context(session.get("/desk/live")) for _ in range(WATCHERS))
        streams = await asyncio.gather(*opening)
        assert {stream.status for stream in streams} == {200}
        at = (await asyncio.gather(*(version_of(stream) for stream in streams)))[0]
        before, waits = int(paged.get("/renders").text), []
        for change in range(1, CHANGES + 1):
            began = time.perf_counter()

            async def seen(stream: aiohttp.ClientResponse, wanted: int = at + change, began: float = began) -> float:
                while await version_of(stream) < wanted:
                    pass
                return time.perf_counter() - began

            seeing = [asyncio.create_task(seen(stream)) for stream in streams]
            answer = await session.post(
                "/desk", headers={"Idempotency-Key": f"k{change}", "Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status == 200
            waits += await asyncio.gather(*seeing)
        assert int(paged.get("/renders").text) == before + CHANGES
    waits.sort()
    assert waits[int(len(waits) * 0.99)] <= 0.5, f"p99 {waits[int(len(waits) * 0.99)]:.3f} s"


async def test_what_another_process_changed_is_seen_within_two_seconds_and_a_reader_resumes(
    visitor: Visitor, teller: House
) -> None:
    async with asyncio.timeout(BOUND_S), session_of(visitor) as session:
        async with session.get("/desk/live") as stream:
            at = await version_of(stream)
            began = time.monotonic()
            await teller.eye.execute("update board set version = version + 1")
            assert await version_of(stream) == at + 1
            assert time.monotonic() - began < 2
        async with session.get("/desk/live", headers={"Last-Event-ID": str(at + 1)}) as again:
            await teller.eye.execute("update board set version = version + 1")
            assert await version_of(again) == at + 2


async def test_a_stranger_watches_nothing(visitor: Visitor) -> None:
    visitor.send("/logud")
    answer = visitor.client.get("/desk/live", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 401


async def test_a_process_that_is_told_to_end_does_not_wait_for_who_watches(
    visitor: Visitor, paged: Running, teller: House
) -> None:
    async with asyncio.timeout(BOUND_S), session_of(visitor) as session:
        async with session.get("/desk/live") as stream:
            await version_of(stream)
            began = time.monotonic()
            paged.process.terminate()
            await stream.content.read()
        await asyncio.to_thread(paged.process.wait, 10)
        assert time.monotonic() - began < 4, "less than the server's own patience of five seconds"
