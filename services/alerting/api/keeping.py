"""Keeps callbacks many at a time: a provider that tells of hundreds at once costs a few transactions, not hundreds.

Whoever brings one waits until the transaction with it has been committed; nothing waits for a batch to fill.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chassis.clock import ClockOf
from chassis.database import Database
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, is_of_the_house
from services.alerting.store import callbacks

AT_ONCE = 200
CLOCK_AGAIN_AFTER_S = 60.0

Lane = tuple[str, bool]
"""A provider, and whether receipts: what a person said waits for none."""


@dataclass(frozen=True, slots=True)
class Brought:
    """One callback, and who waits for it to be kept."""

    told: tuple[str, str, Mapping[str, Any]]
    kept: "asyncio.Future[None]"


class Keeper:
    """Keeps what providers tell, each provider as itself."""

    def __init__(self) -> None:
        """Begin with nothing to keep."""
        self._brought: dict[Lane, list[Brought]] = defaultdict(list)
        self._at_work: dict[Lane, asyncio.Task[None]] = {}
        self._clock = ClockOf()

    async def now(self, database: Database, provider: str) -> float:
        """Return the database's time: this process's own may be wrong, and would then refuse whatever a person says."""
        if self._clock.is_old(CLOCK_AGAIN_AFTER_S):
            asked_at = time.monotonic()
            # While it is away, what was heard last goes on; nothing can be kept then anyway.
            with suppress(*DATABASE_ERRORS):
                async with database.tx(_as(provider)) as tx:
                    self._clock.hear(await callbacks.machine_time(tx), asked_at)
        return self._clock.now()

    async def keep(self, database: Database, provider: str, told: tuple[str, str, Mapping[str, Any]]) -> None:
        """Return when a callback, by message id, kind and body, is kept; raises what kept it from being so."""
        one = Brought(told, asyncio.get_running_loop().create_future())
        lane = provider, told[1] == callbacks.RECEIPT
        self._brought[lane].append(one)
        if lane not in self._at_work:
            self._at_work[lane] = asyncio.create_task(self._work(database, lane))
        await one.kept

    async def _work(self, database: Database, lane: Lane) -> None:
        """Keep what was brought, and what is brought meanwhile."""
        try:
            while batch := self._brought[lane][:AT_ONCE]:
                del self._brought[lane][:AT_ONCE]
                await _keep(database, lane[0], batch)
        finally:
            del self._at_work[lane]


def _as(provider: str) -> Principal:
    return Principal(subject=provider, authority="provider", kind="provider")


async def _keep(database: Database, provider: str, batch: list[Brought]) -> None:
    """Keep a batch; where that fails by one of them, each alone, so that the fault is that one's."""
    try:
        async with database.tx(_as(provider)) as tx:
            await callbacks.keep(tx, provider, [one.told for one in batch])
    except Exception as error:  # noqa: BLE001  who waits is told
        if len(batch) > 1 and not is_of_the_house(error):
            for one in batch:
                await _keep(database, provider, [one])
            return
        _say(batch, error)
    else:
        _say(batch, None)


def _say(batch: list[Brought], error: Exception | None) -> None:
    for one in batch:
        if one.kept.done():  # who brought it has gone
            continue
        if error:
            one.kept.set_exception(error)
        else:
            one.kept.set_result(None)
