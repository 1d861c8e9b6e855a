"""Rotation: what an old key has wrapped or hashed is wrapped and hashed by the present one, while everybody works.

Both go through a table in the order of its key, a batch a transaction. Ended in the middle, they are begun again: what
is done carries the present key's name. See docs/operations/rotation.md.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from chassis.database import Database, Tx
from chassis.identity import Principal
from services.persons.store.sealing import Kind, Place, unseal
from services.persons.store.vault import Vault

if TYPE_CHECKING:
    from asyncpg import Record


async def rewrap_all(_: Database, vault: Vault, at_once: int) -> AsyncIterator[int]:
    """Wrap every person's key by the present key-encryption key; yields how many were done at a time."""
    while done := await vault.rewrap(at_once):
        yield done
    # The old wrapping lies in the file until it is written anew.
    await vault.rewrite()


async def rehash_all(database: Database, vault: Vault, at_once: int) -> AsyncIterator[int]:
    """Hash every number by the present hash key; yields how many were done at a time."""
    last = b""
    while True:
        async with database.tx(Principal.worker("persons")) as tx:
            rows = await tx.fetch(
                "select hash, key_id, sealed from number where hash > $1 and hashed_by is distinct from $2"
                " order by hash limit $3 for update",
                *(last, vault.secrets.hash_key_name, at_once),
            )
            if not rows:
                return
            yield await _rehash(tx, vault, rows)
        last = rows[-1]["hash"]


async def _rehash(tx: Tx, vault: Vault, rows: "list[Record]") -> int:
    keys = await vault.keys(row["key_id"] for row in rows)
    numbers = {
        row["hash"]: unseal(keys[row["key_id"]], row["key_id"], Kind.NUMBER, row["sealed"])
        for row in rows
        if row["key_id"] in keys
    }
    await tx.execute(
        "update number set hash = new.hash, hashed_by = $3"
        " from unnest($1::bytea[], $2::bytea[]) as new (before, hash) where number.hash = new.before",
        *(list(numbers), [vault.secrets.hash_of(Place.NUMBER, number) for number in numbers.values()]),
        vault.secrets.hash_key_name,
    )
    return len(numbers)


async def left(database: Database, vault: Vault, what: str) -> int:
    """Return how many rows still need the key before: none, or it must not go."""
    if what == "kek":
        return await vault.wrapped_by_others()
    sql = "select count(*) from number where hashed_by is distinct from $1"
    async with database.tx(Principal.worker("persons")) as tx:
        return int(await tx.fetchval(sql, vault.secrets.hash_key_name))
