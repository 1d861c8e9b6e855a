"""The keys database: one wrapped key a person, apart from the data and from the key that wraps them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from chassis.database import PlainConnection
from chassis.infrastructure import is_of_the_house
from contracts.refusal import Refusal
from services.persons.store.sealing import Secrets, new_keys

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import Pool

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

    def __init__(self, url: str, secrets: Secrets, *, connections: int = 4) -> None:
        """Remember where the keys are; the first use connects."""
        self.secrets = secrets
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
                "select person_id, wrapped from data_key where person_id = any($1::uuid[])", list(set(ids))
            )
        return {row["person_id"]: self.secrets.unwrap(row["person_id"], row["wrapped"]) for row in rows}

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
