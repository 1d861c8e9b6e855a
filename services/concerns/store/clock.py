"""The service's own time."""

from datetime import date, datetime

from chassis.database import Tx
from services.concerns.domain.calendar import danish_day


async def now(tx: Tx) -> datetime:
    """Return the moment by the service's clock."""
    at: datetime = await tx.fetchval("select clock()")
    return at


async def today(tx: Tx) -> date:
    """Return the Danish date by the service's clock."""
    return danish_day(await now(tx))
