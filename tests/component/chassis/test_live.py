"""A board that two hundred watch over real connections: rendered once a change, and ended with the process."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.component.chassis.house import House
from tests.component.chassis.processes import Running, ready
from tests.component.chassis.visitor import Visitor, session_of, version_of, visiting
from tests.stack import Stack

pytestmark = pytest.mark.component

WATCHERS, CHANGES = 200, 10
BOUND_S = 90
OUT_OF_PATIENCE = "timeout graceful shutdown exceeded"
"""What the server says when it had to cancel somebody's answer."""


@pytest.fixture
def paged(probe: Stack) -> Iterator[Running]:
    with ready(probe, "teller", 7, module="tests.probe.paged") as one:
        yield one


@pytest.fixture
def visitor(probe: Stack, paged: Running, teller: House) -> Iterator[Visitor]:
    with visiting(paged, probe) as one:
        one.sign_in()
        yield one


async def test_two_hundred_see_each_change_and_it_is_rendered_once(
    visitor: Visitor, paged: Running, teller: House
) -> None:
    async with asyncio.timeout(BOUND_S), session_of(visitor) as session, AsyncExitStack() as open_:
        opening = (open_.enter_async_context(session.get("/desk/live")) for _ in range(WATCHERS))
        streams = await asyncio.gather(*opening)
        assert {stream.status for stream in streams} == {200}
        at = (await asyncio.gather(*(version_of(stream) for stream in streams)))[0]
        before = int(paged.get("/renders").text)
        for change in range(1, CHANGES + 1):
            answer = await session.post(
                "/desk", headers={"Idempotency-Key": f"k{change}", "Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status == 200
            assert set(await asyncio.gather(*(version_of(stream) for stream in streams))) == {at + change}
        assert int(paged.get("/renders").text) == before + CHANGES


async def test_what_another_process_changed_is_seen_and_a_reader_resumes(visitor: Visitor, teller: House) -> None:
    async with asyncio.timeout(BOUND_S), session_of(visitor) as session:
        async with session.get("/desk/live") as stream:
            at = await version_of(stream)
            await teller.eye.execute("update board set version = version + 1")
            assert await version_of(stream) == at + 1
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
            paged.process.terminate()
            await stream.content.read()
        await asyncio.to_thread(paged.process.wait, 60)
    assert OUT_OF_PATIENCE not in paged.log.read_text(encoding="utf-8")
