"""Live pages: server-sent events, one rendering for all who watch the same (WHATWG HTML, section 9.2).

    LIVE = Live(version_of)                      # and service.database.wakers[WAKE] = LIVE.wake
    return await LIVE.stream(request, Topic(activation_id, view=authority), render)

A commit that changes something says `tx.wakes.add(WAKE)`; what another process has changed is seen by a look each
second. Whoever is slow is given the newest and never what was before it, so that nothing is heaped up for anybody.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse

from chassis.http import service_of
from chassis.infrastructure import describe, is_of_the_house
from chassis.web.pages import HEADERS

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_EVERY_S = 1.0
LOOK_WITHIN_S = 5.0
PAUSE_S = 0.05
"""How soon after one look the next may be: a hundred commits in a moment are one rendering."""
HEARTBEAT_S = 15.0
BEGINNING = b"retry: 1000\n\n"
HEARTBEAT = b": her endnu\n\n"
SIGNED_OUT = b"event: logget-ud\ndata: Du er logget ud.\n\n"
"""The last words to a browser whose session has ended; the page shows them by `sse-swap="logget-ud"`."""


class Topic(NamedTuple):
    """What is watched, and as whom it is seen: who names the same is given the same bytes."""

    key: str
    view: str = ""


VersionOf = Callable[[str], Awaitable[object]]
"""Returns the version that a key has now: one cheap statement."""
Render = Callable[[], Awaitable[str]]
"""Makes the page's part in a transaction of its own. It outlives the request of whoever brought it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What all watchers of a topic are given."""

    version: str
    message: bytes


@dataclass
class Feed:
    """One topic while somebody watches it."""

    topic: Topic
    render: Render
    shown: Shown | None = None
    is_over: bool = False
    watchers: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Let all watchers look, each at its own pace."""
        self.changed.set()
        self.changed = asyncio.Event()


class Live:
    """The topics of one service that somebody watches in this process."""

    def __init__(
        self, version_of: VersionOf, *, look_every_s: float = LOOK_EVERY_S, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        """Remember how versions are read; nothing runs while nobody watches."""
        self.version_of = version_of
        self.look_every_s = look_every_s
        self.heartbeat_s = heartbeat_s
        self.feeds: dict[Topic, Feed] = {}
        self._woken = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look at once: a commit has changed something. It stands in `Database.wakers`."""
        self._woken.set()

    async def stream(self, request: Request, topic: Topic, render: Render) -> StreamingResponse:
        """Return the stream of a topic to one watcher; a browser that comes back resumes by `Last-Event-ID`."""
        still = getattr(request.state, "still_signed_in", _always)
        seen = request.headers.get("last-event-id", "")
        messages = self.messages(topic, render, seen, lambda: service_of(request).stopping, still)
        headers = HEADERS | {"X-Accel-Buffering": "no"}
        return StreamingResponse(messages, headers=headers, media_type="text/event-stream")

    async def messages(
        self,
        topic: Topic,
        render: Render,
        seen: str,
        is_stopping: Callable[[], bool],
        still: Callable[[], Awaitable[bool]],
    ) -> AsyncIterator[bytes]:
        """Yield what one watcher is sent, until the process ends or the watcher may watch no more."""
        feed = self._joined(topic, render, is_stopping)
        try:
            yield BEGINNING
            checked = time.monotonic()
            while not feed.is_over:
                changed, shown = feed.changed, feed.shown
                if time.monotonic() - checked >= self.heartbeat_s:
                    if not await _may_watch(still):
                        yield SIGNED_OUT
                        return
                    checked = time.monotonic()
                    yield HEARTBEAT
                elif shown is not None and shown.version != seen:
                    seen = shown.version
                    yield shown.message
                else:
                    await _either(changed, self.heartbeat_s - (time.monotonic() - checked))
        finally:
            self._left(feed)

    def _joined(self, topic: Topic, render: Render, is_stopping: Callable[[], bool]) -> Feed:
        feed = self.feeds.setdefault(topic, Feed(topic, render))
        feed.watchers += 1
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(is_stopping))
        if feed.shown is None:
            self.wake()
        return feed

    def _left(self, feed: Feed) -> None:
        feed.watchers -= 1
        if feed.watchers == 0 and self.feeds.get(feed.topic) is feed:
            del self.feeds[feed.topic]

    async def _follow(self, is_stopping: Callable[[], bool]) -> None:
        """Look at what is watched, when woken and each second, as long as anything is."""
        while self.feeds:
            if is_stopping():
                return self._end()
            self._woken.clear()
            await self._look()
            await asyncio.sleep(PAUSE_S)
            await _either(self._woken, self.look_every_s)
        return None

    async def _look(self) -> None:
        """Bring every topic up to date; one that cannot be read now holds no other, and is read at the next look."""
        by_key: dict[str, list[Feed]] = {}
        for feed in self.feeds.values():
            by_key.setdefault(feed.topic.key, []).append(feed)
        await asyncio.gather(*(self._refresh(key, feeds) for key, feeds in by_key.items()))

    async def _refresh(self, key: str, feeds: list[Feed]) -> None:
        # Before the rendering: what changes meanwhile has another version, and is rendered again.
        version = await _tried(self.version_of(key))
        if version is not None:
            await asyncio.gather(*(_show(feed, str(version)) for feed in feeds))

    def _end(self) -> None:
        for feed in self.feeds.values():
            feed.is_over = True
            feed.tell()


async def _show(feed: Feed, version: str) -> None:
    """Let a feed show a version, rendered once."""
    if feed.shown is None or feed.shown.version != version:
        text = await _tried(feed.render())
        if text is not None:
            feed.shown = Shown(version, message_of(version, text))
            feed.tell()


async def _tried(work: Awaitable[T]) -> T | None:
    """Return what work brings; None where it cannot be done now, which the log says."""
    try:
        async with asyncio.timeout(LOOK_WITHIN_S):
            return await work
    except Exception as error:  # one page's fault may hold no other, and is met again at the next look
        if is_of_the_house(error):
            log.warning("a live page is old", extra={"cause": describe(error)})
        else:
            log.exception("a live page cannot be rendered")
        return None


def message_of(version: str, text: str) -> bytes:
    """Return a message of the stream; what stands on a line of its own would be another field."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
    first = " ".join(version.split())
    return f"id: {first}\n{lines}\n".encode()


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, at most so long."""
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await event.wait()
    except TimeoutError:
        return


async def _may_watch(still: Callable[[], Awaitable[bool]]) -> bool:
    """Say whether a watcher is signed in still; while the database is away, who was goes on to see what was."""
    try:
        return await still()
    except Exception as error:
        if not is_of_the_house(error):
            raise
        return True


async def _always() -> bool:
    """Stand for a caller who has no session: a token has been checked, and an open page needs none."""
    return True
