"""The wiring of referrals."""

import asyncio
import logging

from chassis.infrastructure import DATABASE_ERRORS
from chassis.service import Service
from chassis.web.live import Live
from services.referrals.api import routers
from services.referrals.api.meeting_live import versions
from services.referrals.store.releases import learn_released

log = logging.getLogger(__name__)

LEARN_EVERY_S = 2
"""A version is released an hour before its first day at the latest: this is soon enough for every process."""


async def know_the_rules(made: Service) -> None:
    """Learn what is released, before anything is decided; TableFault where a released version holds no more."""
    async with made.database.tx(made.worker) as tx:
        await learn_released(tx)


async def keep_knowing_the_rules(made: Service) -> None:
    """Learn what others release meanwhile; while the database is away nothing is decided either."""
    while True:
        await asyncio.sleep(LEARN_EVERY_S)
        try:
            await know_the_rules(made)
        except DATABASE_ERRORS:
            log.warning("the database is away: the rules are looked at again soon")


def service() -> Service:
    """Return the service, ready to run."""
    made = Service("referrals", routers=routers(), first=[know_the_rules], background=[keep_knowing_the_rules])
    made.app.state.live = Live(versions(made))
    return made
