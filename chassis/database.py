"""The only way to a connection: `tx(principal)`.

A service has two database roles. Requests of people and systems run as `<service>_api`, which row-level security keeps
to the rows of their parties; the service's own work runs as `<service>_worker`. Beginning, naming the principal and the
command's first statement travel together, so that being correct costs no round trip.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg

from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS
from chassis.settings import Settings

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import Pool

LOCK_TIMEOUT = "5s"
"""How long a statement waits for somebody else's row before the caller is told to try again."""

QUICK_ANSWERS = {"max_parallel_workers_per_gather": "0", "jit": "off"}
"""For statements that find a few rows by an index, in a table of whatever size.

The planner cannot tell how few they are where row-level security or `clock()` decides it: out of a million it would
start workers, or compile, for three times the time of the answer.
"""


class NoOpenTransaction(RuntimeError):
    """Something that must be atomic was asked for outside an open transaction."""


class NotOneRow(RuntimeError):
    """An update of one aggregate changed no row, or several."""


class RolledBack(RuntimeError):
    """The database rolled back where a commit was asked for: an earlier error was caught on the way and hidden."""


class PlainConnection(asyncpg.Connection):
    """A connection that needs no cleaning when it goes back: all settings are local to a transaction."""

    def get_reset_query(self) -> str:
        """Return nothing to run: no session state is ever set."""
        return ""

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> Any:  # noqa: ANN401, ASYNC109  as the original
        """Return what types are, asking the database once a process about its built-in ones.

        Each new connection would ask of them anew, for 10 ms of the database: a burst opens many at once.
        """
        asked = frozenset(typeoids)
        if asked not in _BUILT_IN_TYPES:
            told = await super()._introspect_types(typeoids, timeout)  # type: ignore[misc]  # no public way
            if max(asked) >= FIRST_OWN_TYPE:
                return told
            _BUILT_IN_TYPES[asked] = told[0]
        return _BUILT_IN_TYPES[asked], _Asked()


FIRST_OWN_TYPE = 16384
"""Lower numbers are PostgreSQL's own types, and mean the same in every database."""

_BUILT_IN_TYPES: dict[frozenset[int], Any] = {}


class _Asked:
    """Stands for the statement that would have asked: it has taken no other one's place."""

    name = "asked before"


def literal(text: str) -> str:
    """Return text as an SQL literal for the statements that open a transaction; NUL is refused."""
    if "\x00" in text:
        message = "NUL in a literal"
        raise ValueError(message)
    return "'" + text.replace("'", "''") + "'"


class Tx:
    """One open transaction on behalf of one principal."""

    def __init__(self, con: "asyncpg.Connection[Record]", principal: Principal, settings: Settings) -> None:
        """Wrap a connection on which a transaction has begun."""
        self.con = con
        self.principal = principal
        self.service = settings.service
        self.mode = settings.mode
        self.is_open = True
        self.told: list[Any] = []
        """What is told with the commit; the relay is woken after it."""
        self.heard = b""
        """The value of the record that is being handled, word by word, where one is."""
        self.before_commit: list[Callable[[], Awaitable[None]]] = []
        """The last work of the transaction; when it fails, nothing has happened."""
        self.first_status = ""
        """How the statement that came with the beginning ended, as in `INSERT 0 1`."""
        self.last_words = ""
        """Statements that travel with the commit."""
        self.wakes: set[str] = set()
        """Who is woken after the commit, because there is work for them at once; see `Database.wakers`."""

    def require_open(self) -> None:
        """Refuse to go on when the transaction has ended."""
        if not self.is_open:
            raise NoOpenTransaction

    async def fetch(self, sql: str, *values: object) -> "list[Record]":
        """Run a statement and return its rows."""
        self.require_open()
        return await self.con.fetch(sql, *values)

    async def fetchrow(self, sql: str, *values: object) -> "Record | None":
        """Run a statement and return its first row, if any."""
        self.require_open()
        return await self.con.fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement and return the first column of its first row."""
        self.require_open()
        return await self.con.fetchval(sql, *values)

    async def execute(self, sql: str, *values: object) -> str:
        """Run a statement and return its status, as in `UPDATE 1`."""
        self.require_open()
        return await self.con.execute(sql, *values)

    async def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row."""
        self.require_open()
        await self.con.executemany(sql, rows)

    async def change_one(self, sql: str, *values: object) -> None:
        """Run an update that must change exactly one row; anything else ends the transaction with NotOneRow."""
        status = await self.execute(sql, *values)
        if status.rpartition(" ")[2] != "1":
            raise NotOneRow(status)


class Database:
    """The two pools of one service."""

    def __init__(self, settings: Settings) -> None:
        """Remember the settings; `start` connects."""
        self.settings = settings
        self.wakers: dict[str, Callable[[], None]] = {}
        """Whom a commit can wake, by the names that stand in `tx.wakes`; `relays` are woken when something is told."""
        self._pools: dict[str, Pool[Record]] = {}

    async def start(self) -> None:
        """Open both pools; fails when the database is away."""
        for name, url in (("api", self.settings.api_url), ("worker", self.settings.worker_url)):
            self._pools[name] = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=self.settings.database_pool,
                connection_class=PlainConnection,
                server_settings={
                    "application_name": f"{self.settings.identity} {name}",
                    "idle_in_transaction_session_timeout": "60s",
                    "lock_timeout": LOCK_TIMEOUT,
                    "timezone": "UTC",
                    **QUICK_ANSWERS,
                },
                timeout=10,
                command_timeout=120,
            )

    async def stop(self) -> None:
        """Close both pools, waiting a little for work that is under way."""
        for pool in self._pools.values():
            try:
                await asyncio.wait_for(pool.close(), 5)
            except TimeoutError:
                pool.terminate()
        self._pools.clear()

    @asynccontextmanager
    async def tx(self, principal: Principal, first: str = "") -> AsyncIterator[Tx]:
        """Open a transaction as the principal; commit at the end, roll back on any error.

        `first` is a statement without parameters that travels with the beginning; its status is in `tx.first_status`.
        """
        pool = self._pools["worker" if principal.kind == "worker" else "api"]
        async with pool.acquire() as con:
            tx = Tx(con, principal, self.settings)  # type: ignore[arg-type]  # a pooled proxy
            try:
                tx.first_status = await con.execute(_opening(principal) + first)
                yield tx
                for work in tx.before_commit:
                    await work()
                tx.is_open = False
                await self.commit(tx)
            except BaseException:  # a cancelled request must roll back too
                tx.is_open = False
                await _roll_back(con)  # type: ignore[arg-type]  # a pooled proxy
                raise
        for name in tx.wakes | ({"relays"} if tx.told else set()):
            self.wakers.get(name, _nobody)()

    async def commit(self, tx: Tx) -> None:
        """Commit, together with the transaction's last words."""
        # In a failed transaction PostgreSQL answers a commit with ROLLBACK and no error.
        if await tx.con.execute(tx.last_words + "commit") != "COMMIT":
            raise RolledBack


def _nobody() -> None:
    """Stand for whoever does not run in this process: they find their work by looking."""


def _opening(principal: Principal) -> str:
    return (
        "begin;"
        f"select set_config('samvirke.authority', {literal(principal.authority)}, true),"
        f" set_config('samvirke.office', {literal(principal.office)}, true),"
        f" set_config('samvirke.subject', {literal(principal.subject)}, true);"
    )


async def _roll_back(con: "asyncpg.Connection[Record]") -> None:
    try:
        await con.execute("rollback")
    except DATABASE_ERRORS:
        # The connection is gone, and with it the transaction; the pool may have noticed before us.
        with suppress(*DATABASE_ERRORS):
            con.terminate()
