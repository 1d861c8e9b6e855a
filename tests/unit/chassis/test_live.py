"""Live pages: one rendering for all, the newest and never what was before, for as long as somebody may watch."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from chassis.web.live import BEGINNING, HEARTBEAT, SIGNED_OUT, Live, Topic, message_of

BOUND_S = 5.0
TOPIC = Topic("board", "politi-mvj")


class Board:
    """Something that changes, and how often it was read and rendered."""

    def __init__(self) -> None:
        self.version = 1
        self.rendered = 0
        self.asked = asyncio.Semaphore(0)
        self.fault: Exception | None = None

    async def version_of(self, _: str) -> int:
        self.asked.release()
        if self.fault:
            raise self.fault
        return self.version

    async def render(self) -> str:
        self.rendered += 1
        return f"<p>{self.version}</p>"


@pytest.fixture
def board() -> Board:
    return Board()


def live(board: Board, **how: float) -> Live:
    return Live(board.version_of, **{"look_every_s": 0.02, "heartbeat_s": BOUND_S} | how)


async def allowed() -> bool:
    return True


def watch(
    of: Live,
    board: Board,
    seen: str = "",
    topic: Topic = TOPIC,
    is_stopping: Callable[[], bool] = lambda: False,
    still: Callable[[], Awaitable[bool]] = allowed,
) -> AsyncIterator[bytes]:
    return of.messages(topic, board.render, seen, is_stopping, still)


async def following(watching: AsyncIterator[bytes]) -> bytes:
    """Return the next message, soon."""
    async with asyncio.timeout(BOUND_S):
        return await anext(watching)


async def until_asked(board: Board, times: int) -> None:
    """Wait until the version was read so often from now on."""
    while not board.asked.locked():
        await board.asked.acquire()
    async with asyncio.timeout(BOUND_S):
        for _ in range(times):
            await board.asked.acquire()


async def closed(*watching: Any) -> None:  # noqa: ANN401  an async generator
    for one in watching:
        await one.aclose()


def shown(version: int) -> bytes:
    return f"id: {version}\ndata: <p>{version}</p>\n\n".encode()


async def test_a_watcher_is_told_how_soon_to_come_back_then_what_is_then_each_change(board: Board) -> None:
    watching = watch(live(board), board)
    assert await following(watching) == BEGINNING
    assert await following(watching) == shown(1)
    board.version = 2
    assert await following(watching) == shown(2)
    await closed(watching)


async def test_however_many_watch_a_change_is_rendered_once(board: Board) -> None:
    of = live(board)
    watching = [watch(of, board) for _ in range(200)]
    for expected in (BEGINNING, shown(1)):
        assert {await following(one) for one in watching} == {expected}
    board.version = 2
    assert {await following(one) for one in watching} == {shown(2)}
    assert board.rendered == 2
    await closed(*watching)


async def test_another_view_is_another_rendering(board: Board) -> None:
    of = live(board)
    police, others = watch(of, board), watch(of, board, topic=Topic("board", "kommune-0657"))
    for one in (police, others):
        assert [await following(one), await following(one)] == [BEGINNING, shown(1)]
    assert board.rendered == 2
    await closed(police, others)


async def test_who_is_slow_is_given_the_newest_and_holds_nobody(board: Board) -> None:
    of = live(board)
    slow, quick = watch(of, board), watch(of, board)
    for one in (slow, quick):
        assert [await following(one), await following(one)] == [BEGINNING, shown(1)]
    for version in (2, 3, 4):
        board.version = version
        assert await following(quick) == shown(version)
    assert await following(slow) == shown(4)
    await closed(slow, quick)


async def test_who_comes_back_resumes_after_what_was_seen(board: Board) -> None:
    of = live(board)
    same, older = watch(of, board, seen="1"), watch(of, board, seen="0")
    assert [await following(older), await following(older)] == [BEGINNING, shown(1)]
    assert await following(same) == BEGINNING
    board.version = 2
    assert await following(same) == shown(2), "what it had seen is not sent again"
    await closed(same, older)


async def test_a_commit_wakes_at_once_and_a_look_finds_what_others_changed(board: Board) -> None:
    of = live(board, look_every_s=60)
    watching = watch(of, board)
    assert [await following(watching), await following(watching)] == [BEGINNING, shown(1)]
    board.version = 2
    of.wake()
    assert await following(watching) == shown(2)
    await closed(watching)


async def test_while_nothing_changes_the_connection_is_kept(board: Board) -> None:
    watching = watch(live(board, heartbeat_s=0.05), board)
    assert [await following(watching), await following(watching)] == [BEGINNING, shown(1)]
    assert [await following(watching) for _ in range(3)] == [HEARTBEAT] * 3
    await closed(watching)


async def test_who_is_signed_in_no_more_is_told_so_and_nothing_else(board: Board) -> None:
    async def no_more() -> bool:
        return False

    watching = watch(live(board, heartbeat_s=0.05), board, seen="1", still=no_more)
    assert [await following(watching), await following(watching)] == [BEGINNING, SIGNED_OUT]
    with pytest.raises(StopAsyncIteration):
        await following(watching)


async def test_while_the_database_is_away_who_watched_goes_on(board: Board) -> None:
    async def away() -> bool:
        raise ConnectionError

    watching = watch(live(board, heartbeat_s=0.05), board, seen="1", still=away)
    assert [await following(watching), await following(watching)] == [BEGINNING, HEARTBEAT]
    await closed(watching)


@pytest.mark.parametrize("fault", [ConnectionError(), ZeroDivisionError()])
async def test_what_cannot_be_read_now_is_read_at_the_next_look(board: Board, fault: Exception) -> None:
    watching = watch(live(board), board)
    assert [await following(watching), await following(watching)] == [BEGINNING, shown(1)]
    board.fault, board.version = fault, 2
    await until_asked(board, 2)
    board.fault = None
    assert await following(watching) == shown(2)
    await closed(watching)


async def test_a_view_that_cannot_be_rendered_holds_no_other(board: Board) -> None:
    async def broken() -> str:
        raise ZeroDivisionError

    of = live(board)
    bad = of.messages(Topic("board", "bad"), broken, "", lambda: False, allowed)
    good = watch(of, board)
    assert [await following(bad), await following(good), await following(good)] == [BEGINNING, BEGINNING, shown(1)]
    board.version = 2
    assert await following(good) == shown(2)
    await closed(bad, good)


async def test_a_process_that_ends_lets_every_watcher_go(board: Board) -> None:
    ending = False
    of = live(board)
    watching = [watch(of, board, is_stopping=lambda: ending) for _ in range(3)]
    for expected in (BEGINNING, shown(1)):
        assert {await following(one) for one in watching} == {expected}
    ending = True
    for one in watching:
        with pytest.raises(StopAsyncIteration):
            await following(one)


async def test_nothing_runs_and_nothing_is_kept_where_nobody_watches(board: Board) -> None:
    of = live(board)
    watching = watch(of, board)
    assert [await following(watching), await following(watching)] == [BEGINNING, shown(1)]
    await closed(watching)
    assert of.feeds == {}
    assert of._following is not None
    async with asyncio.timeout(BOUND_S):
        await of._following


async def test_the_answer_is_a_stream_that_nothing_keeps(board: Board) -> None:
    service = SimpleNamespace(stopping=False)
    app = SimpleNamespace(state=SimpleNamespace(service=service))
    request = Request({"type": "http", "headers": [(b"last-event-id", b"1")], "app": app})
    answer = await live(board).stream(request, TOPIC, board.render)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("version", "text", "message"),
    [
        ("1", "<p>\n</p>", b"id: 1\ndata: <p>\ndata: </p>\n\n"),
        ("1", "a\r\rdata: b", b"id: 1\ndata: a\ndata: \ndata: data: b\n\n"),
        ("1\nevent: x", "", b"id: 1 event: x\ndata: \n\n"),
        ("", "æ", "id: \ndata: æ\n\n".encode()),
    ],
)
def test_what_is_shown_cannot_become_another_field(version: str, text: str, message: bytes) -> None:
    assert message_of(version, text) == message
