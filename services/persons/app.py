"""What persons is made of: its routes, the vault, and a deadline that tidies; and its command, which rotates keys."""

from chassis.database import Database
from chassis.deadlines import set_deadline
from chassis.service import Service
from chassis.settings import settings_for
from services.persons.api import ROUTERS
from services.persons.handlers import EVERYTHING, TIDYING
from services.persons.store.rotation import left, rehash_all, rewrap_all
from services.persons.store.tidying import is_awaited
from services.persons.store.vault import the_vault

ROTATIONS = {"kek": rewrap_all, "hash-key": rehash_all}
"""What can be rotated; the identity provider's signing key is its own affair."""


def service() -> Service:
    """Return the service, wired to the world that its environment names."""
    found = Service("persons", routers=ROUTERS, background=[tidy_daily])
    found.app.state.vault = the_vault()
    return found


async def tidy_daily(service: Service) -> None:
    """Set the deadline of the daily tidying where there is none yet; it sets the next one itself."""
    async with service.database.tx(service.worker) as tx:
        if not await is_awaited(tx, TIDYING):
            now = await tx.fetchval("select clock()")
            await set_deadline(tx, kind=TIDYING, subject=EVERYTHING, due_at=now)


async def rotate(what: str, at_once: int) -> int:
    """Let the present key take the place of the one before in every row; returns how many rows are left."""
    vault, database = the_vault(), Database(settings_for("persons"))
    await database.start()
    try:
        done = 0
        async for some in ROTATIONS[what](database, vault, at_once):
            done += some
            print(f"{what}: {done} rows done", flush=True)  # noqa: T201  a command's progress
        return await left(database, vault, what)
    finally:
        await vault.close()
        await database.stop()
