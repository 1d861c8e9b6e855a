"""Keeps callbacks many at a time: a provider that tells of hundreds at once costs a few transactions, not hundreds.

Whoever brings one waits until the transaction with it has been committed; nothing waits for a batch to fill.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.database import Database
from chassis.identity import Principal
from chassis.infrastructure import is_of_the_house
from services.alerting.store import callbacks

AT_ONCE = 200

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


async def _keep(database: Database, provider: str, batch: list[Brought]) -> None:
    """Keep a batch; where that fails by one of them, each alone, so that the fault is that one's."""
    principal = Principal(subject=provider, authority="provider", kind="provider")
    try:
        async with database.tx(principal) as tx:
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
