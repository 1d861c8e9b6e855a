"""The service's time: the one clock of its database."""

from datetime import datetime

from chassis.database import Tx


async def now(tx: Tx) -> datetime:
    """Return the service's time."""
    at: datetime = await tx.fetchval("select clock()")
    return at
