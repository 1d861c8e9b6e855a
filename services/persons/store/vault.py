"""The keys database: one wrapped key a person, apart from the data and from the key that wraps them."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from chassis.database import PlainConnection
from chassis.gauges import LOG_UNSAVED_S
from chassis.infrastructure import is_of_the_house
from contracts.refusal import Refusal
from services.persons.store.sealing import Secrets, new_keys

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import Pool

BACKUPS_KEPT = timedelta(days=7)
"""How long backups of the keys are kept unless `KEY_BACKUP_DAYS` says otherwise; see docs/operations/backups.md."""

CLOSED = asyncpg.ObjectNotInPrerequisiteStateError
"""The database takes no connections, as while its keys are restored."""


class KeysAway(Refusal):
    """The keys database cannot be reached: nothing can be sealed or opened."""

    slug = "keys-away"
    status = 503
    title = "Nøglerne til personoplysninger kan ikke nås lige nu."
    todo = "Prøv igen om lidt. Intet er gået tabt."


class Vault:
    """Gives out the keys of persons; makes new ones."""

    def __init__(
        self,
        url: str,
        secrets: Secrets,
        *,
        backups_kept: timedelta = BACKUPS_KEPT,
        connections: int = 4,
    ) -> None:
        """Remember where the keys are; the first use connects."""
        self.secrets = secrets
        self.backups_kept = backups_kept
        """How long after a key's end its last backup has gone."""
        self._url = url
        self._connections = connections
        self._opening = asyncio.Lock()
        self._pool: Pool[Record] | None = None

    async def close(self) -> None:
        """Close all connections."""
        if self._pool:
            await self._pool.close()

    async def create(self, ids: Sequence[UUID]) -> list[bytes]:
        """Make and store a key for each new person; committed before anything is sealed with it.

        A key whose person is never written is harmless, a person without a key would not be.
        """
        keys = new_keys(len(ids))
        wrapped = await asyncio.to_thread(lambda: [*map(self.secrets.wrap, ids, keys)])
        async with self._connection() as con:
            await con.execute(
                "insert into data_key (person_id, wrapped, wrapped_by)"
                " select *, $3 from unnest($1::uuid[], $2::bytea[])",
                ids,
                wrapped,
                self.secrets.kek_name,
            )
        return keys

    async def keys(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Return the keys of those persons who have one; a shredded person has none."""
        async with self._connection() as con:
            rows = await con.fetch(
                "select person_id, wrapped, wrapped_by from data_key where person_id = any($1::uuid[])", list(set(ids))
            )
        try:
            return {row["person_id"]: self.secrets.unwrap(*row) for row in rows}
        except KeyError as unknown_kek:
            raise KeysAway from unknown_kek

    async def destroy(self, ids: Sequence[UUID]) -> None:
        """Delete the keys of persons, committed when it returns; those that are gone already are no matter."""
        async with self._connection() as con:
            await con.execute("delete from data_key where person_id = any($1::uuid[])", ids)

    async def settled_ids(self, at_once: int) -> AsyncIterator[list[UUID]]:
        """Return whose keys are older than a day, so that their persons are written if they ever will be."""
        last = UUID(int=0)
        while True:
            async with self._connection() as con:
                rows = await con.fetch(
                    "select person_id from settled_key where person_id > $1 order by person_id limit $2",
                    *(last, at_once),
                )
            if not rows:
                return
            yield [row["person_id"] for row in rows]
            last = rows[-1]["person_id"]

    async def rewrite(self) -> None:
        """Write the table anew, so that its file holds no deleted or overwritten key any more."""
        async with self._connection() as con:
            await con.execute("vacuum (full) data_key")

    async def rewrap(self, at_once: int) -> int:
        """Wrap some keys with the present key-encryption key that another one has wrapped; returns how many."""
        async with self._connection() as con, con.transaction():
            rows = await con.fetch(
                "select person_id, wrapped, wrapped_by from data_key where wrapped_by <> $1"
                " order by person_id limit $2 for update",
                *(self.secrets.kek_name, at_once),
            )
            ids = [row["person_id"] for row in rows]
            wrapped = [self.secrets.wrap(row["person_id"], self.secrets.unwrap(*row)) for row in rows]
            await con.execute(
                "update data_key set wrapped = new.wrapped, wrapped_by = $3"
                " from unnest($1::uuid[], $2::bytea[]) as new (person_id, wrapped)"
                " where data_key.person_id = new.person_id",
                *(ids, wrapped, self.secrets.kek_name),
            )
        return len(rows)

    async def wrapped_by_others(self) -> int:
        """Return how many keys another key-encryption key than the present one has wrapped."""
        async with self._connection() as con:
            return int(
                await con.fetchval("select count(*) from data_key where wrapped_by <> $1", self.secrets.kek_name)
            )

    async def log_unsaved_s(self) -> float:
        """Return since when the keys' server has archived nothing of its log; 0 while nothing fails."""
        async with self._connection() as con:
            return float(await con.fetchval(LOG_UNSAVED_S))

    @asynccontextmanager
    async def _connection(self) -> "AsyncIterator[asyncpg.Connection[Record]]":
        try:
            pool = await self._open()
            async with pool.acquire(timeout=5) as con:
                yield con  # type: ignore[misc]  # a pooled proxy
        except Exception as error:
            if is_of_the_house(error) or isinstance(error, CLOSED):
                raise KeysAway from error
            raise

    async def _open(self) -> "Pool[Record]":
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url,
                    min_size=0,
                    max_size=self._connections,
                    connection_class=PlainConnection,
                    timeout=5,
                    command_timeout=30,
                )
        return self._pool


@cache
def the_vault() -> Vault:
    """Return this process's one vault, as its environment names it."""
    days = os.environ.get("KEY_BACKUP_DAYS")
    kept = timedelta(days=int(days)) if days else BACKUPS_KEPT
    url = keys_database(os.environ["PERSONS_KEYS_DATABASE_URL"])
    return Vault(url, Secrets.from_environment(os.environ), backups_kept=kept)


def keys_database(server: str) -> str:
    """Return the address of the keys: a server's, with the database's usual name and user, or a whole one as it is."""
    parts = urlsplit(server)
    return server if parts.path.strip("/") else f"{parts.scheme}://persons_keys_api@{parts.netloc}/persons_keys"
