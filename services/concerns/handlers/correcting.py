"""Looking at what the source has changed since it was told: a correction, a retraction, or nothing.

What an import brings is compared with what each receiver knows, whenever it came: no import has to remember anybody.
"""

import asyncio
import logging
from typing import TYPE_CHECKING
from uuid import UUID

from chassis import telemetry
from chassis.database import Tx
from chassis.ids import new_id
from chassis.infrastructure import describe
from services.concerns.domain.correction import Correction, correct
from services.concerns.domain.family import Facts
from services.concerns.store import corrections, households
from services.concerns.store.corrections import Question

if TYPE_CHECKING:
    from chassis.service import Service

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0
LOOKED_AT_ONCE = 50


async def carry_on(service: "Service") -> None:
    """Look at what is behind, for ever."""
    while True:
        try:
            async with service.database.tx(service.worker) as tx:
                some = await corrections.behind(tx, LOOKED_AT_ONCE)
        except Exception as error:
            # What is behind stays behind for all to see, and the rest of the service goes on.
            log.warning("corrections look again", extra={"cause": describe(error)}, exc_info=error)
            some = []
        # One that cannot be judged now is behind still, and holds nobody up.
        moved = [await _look(service, one) for one in some]
        if not any(moved):
            await asyncio.sleep(LOOK_AGAIN_S)


async def _look(service: "Service", underretning_id: UUID) -> bool:
    try:
        async with service.database.tx(service.worker) as tx:
            asked = await corrections.question(tx, underretning_id)
        if asked:
            facts = households.facts_of(await households.ask(service.clients, asked.people, asked.case_id))
            async with service.database.tx(service.worker) as tx:
                await compare(tx, underretning_id, facts)
    except Exception as error:
        # One that cannot be judged now, whatever the cause, must not hold up the others.
        log.warning("a correction waits", extra={"cause": describe(error)}, exc_info=error)
        return False
    return asked is not None


async def compare(tx: Tx, underretning_id: UUID, facts: Facts) -> None:
    """Compare what was told with what the source says now, and let a person see what must be told."""
    asked = await corrections.question(tx, underretning_id)
    if asked is None:
        return
    telemetry.tag_case(asked.case_id)
    found = judge(asked, facts)
    await corrections.judged(tx, asked)
    if found is None:
        await corrections.drop(tx, underretning_id)
    else:
        await corrections.waits(tx, asked, new_id(), found)


def judge(asked: Question, facts: Facts) -> Correction | None:
    """Ask the rules what has become of what was told."""
    return correct(asked.child, asked.found, asked.told, asked.newest, facts, asked.codes)
