"""What the daily tidying finds and removes: keys that belong to nobody, persons whom everybody forgot."""

import logging
from collections.abc import Sequence
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from services.persons.store.holds import await_shredding, forgotten
from services.persons.store.vault import Vault

log = logging.getLogger(__name__)

ORPHANED_KEYS = Gauge("persons_orphaned_keys", "Keys without a person at the last tidying; removed with it")
FORGOTTEN = Gauge("persons_forgotten", "Persons whom nobody held and no deadline waited for, at the last tidying")

AT_ONCE = 10_000
MORE_THAN_A_CRASH = 100
"""So many orphans may be crashes and lost races of a day, however few keys there are."""
ONE_IN = 100
"""More orphans than one in so many keys look like a wrong or restored database, and nothing is removed."""


async def tidy(tx: Tx, vault: Vault) -> None:
    """Remove orphaned keys, let forgotten persons go, and take what was deleted out of the keys' file."""
    await _remove_orphans(tx, vault)
    left = await forgotten(tx, AT_ONCE)
    FORGOTTEN.set(len(left))
    await await_shredding(tx, left)
    await vault.rewrite()


async def is_awaited(tx: Tx, kind: str) -> bool:
    """Tell whether a deadline of a kind waits."""
    return bool(await tx.fetchval("select exists (select from deadline where kind = $1)", kind))


async def _remove_orphans(tx: Tx, vault: Vault) -> None:
    """Remove keys of the shredded, which a restored backup brings back, and those of nobody unless they are many."""
    shredded: list[UUID] = []
    nobodys: list[UUID] = []
    count = 0
    async for some in vault.settled_ids(AT_ONCE):
        count += len(some)
        found = await _shredded_or_not(tx, some)
        shredded += [one for one in some if found.get(one)]
        nobodys += [one for one in some if one not in found]
    await vault.destroy(shredded)
    ORPHANED_KEYS.set(len(nobodys))
    if len(nobodys) > max(MORE_THAN_A_CRASH, count // ONE_IN):
        log.error("too many keys belong to nobody: is this the right database?", extra={"count": len(nobodys)})
        return
    await vault.destroy(nobodys)


async def _shredded_or_not(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Return of those ids that somebody has whether they are shredded."""
    rows = await tx.fetch(
        "select person_id, shredded_at is not null as shredded from person where person_id = any($1::uuid[])", ids
    )
    return {row["person_id"]: row["shredded"] for row in rows}
