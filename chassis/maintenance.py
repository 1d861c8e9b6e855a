"""The housekeeping of every service's tables: partitions ahead of time, old days put together, old answers away."""

import asyncio
import logging

from chassis.database import Database
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, describe

log = logging.getLogger(__name__)

EVERY_S = 600.0
KEPT_ANSWERS = "30 days"


async def keep_house(database: Database) -> None:
    """Provide the partitions of the days to come and forget answers and sessions past their time, for ever."""
    while True:
        try:
            await tidy(database)
        except DATABASE_ERRORS as error:
            log.warning("housekeeping waits", extra={"cause": describe(error)})
        await asyncio.sleep(EVERY_S)


async def tidy(database: Database) -> None:
    """Do the housekeeping once."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        await tx.execute("select provide_partitions(), forget_web_sessions()")
        await tx.execute(
            "delete from idempotency where created_at < clock_timestamp() - $1::text::interval", KEPT_ANSWERS
        )
    while await _gather_month(database):
        continue


async def _gather_month(database: Database) -> bool:
    """Put the oldest days of the inbox together by month, in a transaction of its own: others wait for it."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        return bool(await tx.fetchval("select gather_inbox_month()"))
