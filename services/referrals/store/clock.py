"""The service's own time."""

from datetime import datetime

from chassis.database import Tx


async def now(tx: Tx) -> datetime:
    """Return the moment by the service's clock."""
    at: datetime = await tx.fetchval("select clock()")
    return at
