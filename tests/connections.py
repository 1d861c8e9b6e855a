"""Kept connections to the databases of a stack: tests ask thousands of times, mostly whether something is so by now."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from threading import Lock, Thread
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")


class Connections:
    """Asks databases from any thread; a connection that the server has dropped is made anew."""

    def __init__(self) -> None:
        """Connect to nothing yet."""
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop
        self._thread: Thread | None = None
        """Runs the loop, from the first question to the end."""
        self._idle: dict[str, list[asyncpg.Connection[asyncpg.Record]]] = defaultdict(list)

    def fetchval(self, address: str, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Return what a statement finds first, in a transaction of its own."""
        return self._run(self._ask("fetchval", address, statement, values))

    def fetch(self, address: str, statement: str, *values: object) -> list[Any]:
        """Return all that a statement finds, in a transaction of its own."""
        return list(self._run(self._ask("fetch", address, statement, values)))

    def close(self) -> None:
        """Let all go."""
        with self._lock:
            if self._thread is not None:
                self._await(self._close())
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join()
                self._loop.close()
                self._thread = None

    async def _close(self) -> None:
        for each in [one for kept in self._idle.values() for one in kept]:
            each.terminate()
        self._idle.clear()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._lock:
            if self._thread is None:
                self._loop = asyncio.new_event_loop()
                self._thread = Thread(target=self._loop.run_forever, daemon=True)
                self._thread.start()
        return self._await(work)

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _ask(self, how: str, address: str, statement: str, values: tuple[object, ...]) -> Any:  # noqa: ANN401  as above
        while kept := self._idle[address]:
            connection = kept.pop()
            try:
                return await self._on(connection, how, address, statement, values)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                # It was dropped while nobody used it, as when a test stops the server; else the statement is at fault.
                if not connection.is_closed():
                    raise
        # Tests change tables under prepared statements.
        fresh = await asyncpg.connect(address, statement_cache_size=0)
        return await self._on(fresh, how, address, statement, values)

    async def _on(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        how: str,
        address: str,
        statement: str,
        values: tuple[object, ...],
    ) -> Any:  # noqa: ANN401  as above
        try:
            return await getattr(connection, how)(statement, *values)
        finally:
            if not connection.is_closed():
                self._idle[address].append(connection)
