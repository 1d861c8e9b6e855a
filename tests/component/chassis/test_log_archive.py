"""A server whose log cannot be archived says since when, and is quiet again as soon as it can."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from chassis.gauges import LOG_UNSAVED_S
from deploy.local.fast_start import fetch_servers
from deploy.local.log_archive import FOLDERS
from deploy.local.ready import postgres_answers
from deploy.local.servers import keys
from tests.component.chassis.house import until
from tests.stack import Stack

WITHIN_S = 120.0
"""A server waits a minute after the third failure before it tries again."""


@dataclass
class Server:
    """A PostgreSQL that archives its log."""

    con: "asyncpg.Connection[asyncpg.Record]"
    archive: Path

    async def unsaved_s(self) -> float:
        """Write something that must be archived, and return what the gauge shows."""
        await self.con.execute("select pg_logical_emit_message(false, 'test', 'written')")
        await self.con.execute("select pg_switch_wal()")
        return float(await self.con.fetchval(LOG_UNSAVED_S))

    async def has_archived(self) -> bool:
        return bool(await self.con.fetchval("select archived_count > 0 from pg_stat_archiver"))


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    stack = Stack(secure=False)
    stack.run.mkdir(parents=True, exist_ok=True)
    stack.run.chmod(0o755)
    archive = stack.run / "archive"
    monkeypatch.setenv(FOLDERS["keys"], str(archive))
    address = f"postgresql://postgres@127.0.0.1:{stack.ports.of('keys')}"
    try:
        stack._start(keys(fetch_servers(), stack.run, stack.ports))
        await until(lambda: postgres_answers(address), "the server answers", WITHIN_S)
        con = await asyncpg.connect(f"{address}/postgres")
        yield Server(con, archive)
        await con.close()
    finally:
        stack.stop()


async def test_a_log_that_cannot_be_archived_is_seen_until_it_is(server: Server) -> None:
    assert await server.unsaved_s() == 0
    await until(server.has_archived, "the first segment is archived", WITHIN_S)
    away = server.archive.rename(server.archive.with_name("away"))

    async def is_seen() -> bool:
        return await server.unsaved_s() > 0

    await until(is_seen, "it is seen", WITHIN_S)
    away.rename(server.archive)

    async def is_quiet() -> bool:
        return float(await server.con.fetchval(LOG_UNSAVED_S)) == 0

    await until(is_quiet, "it is quiet again", WITHIN_S)
