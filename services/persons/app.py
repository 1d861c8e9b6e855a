"""What persons is made of: its routes, the vault, and a deadline that tidies."""

from chassis.deadlines import set_deadline
from chassis.service import Service
from services.persons.api import ROUTERS
from services.persons.handlers import EVERYTHING, TIDYING
from services.persons.store.tidying import is_awaited
from services.persons.store.vault import the_vault


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
