"""Handles what providers have told us, and fetches receipts from those who cannot tell."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, describe, is_of_the_house
from services.alerting.api.callbacks import Receipt
from services.alerting.app.channels.gateway import Gateway
from services.alerting.app.channels.providers import Providers
from services.alerting.app.channels.settings import DispatchSettings
from services.alerting.handlers.callbacks import take_receipts, take_saying
from services.alerting.store import callbacks, dispatching
from services.alerting.store.callbacks import Handled

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

AT_ONCE = 500
LOOK_S = 0.5
BROKEN = Handled("failed")

Waiting = Callable[[Tx, int], "Awaitable[list[Record]]"]
Take = Callable[[Tx, "list[Record]"], Awaitable[None]]


class Hearing:
    """Callbacks are kept by the request that brings them and handled here, so that a crash in between loses none."""

    def __init__(self, database: Database) -> None:
        """Begin with nothing heard."""
        self.database = database
        self.worker = Principal.worker(database.settings.service)
        self.said, self.received = asyncio.Event(), asyncio.Event()
        self._at_once = AT_ONCE

    async def run(self) -> None:
        """Handle what comes, for ever; what a person said stops messages, and waits for no receipts."""
        self.database.wakers[callbacks.WAKE] = self._wake
        await asyncio.gather(self._for_ever(self._saying, self.said), self._for_ever(self._receipts, self.received))

    def _wake(self) -> None:
        self.said.set()
        self.received.set()

    async def _for_ever(self, work: Callable[[], Awaitable[bool]], wake: asyncio.Event) -> None:
        while True:
            wake.clear()
            try:
                while await work():
                    continue
            except DATABASE_ERRORS as error:
                log.warning("callbacks are looked at again", extra={"cause": describe(error)})
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), LOOK_S)

    async def _saying(self) -> bool:
        """Handle what one person said; returns whether there was something."""

        async def take(tx: Tx, rows: "list[Record]") -> None:
            await take_saying(tx, rows[0])

        return await self._handle(callbacks.waiting_words, 1, take)

    async def _receipts(self) -> bool:
        """Handle what has come of receipts; where that fails, one by one, so that the fault is one receipt's alone."""
        at_once, self._at_once = self._at_once, AT_ONCE
        return await self._handle(callbacks.waiting_receipts, at_once, take_receipts)

    async def _handle(self, waiting: Waiting, at_once: int, take: Take) -> bool:
        rows: list[Record] = []
        try:
            async with self.database.tx(self.worker) as tx:
                rows = await waiting(tx, at_once)
                if rows:
                    await take(tx, rows)
        except Exception as error:
            if not rows or is_of_the_house(error):
                raise
            log.exception("callbacks could not be handled", extra={"cause": describe(error), "number": len(rows)})
            await self._give_up(rows)
        return bool(rows)

    async def _give_up(self, rows: "list[Record]") -> None:
        """Say of what cannot be handled alone that it failed, so that it holds up nothing behind it."""
        self._at_once = 1
        if len(rows) == 1:
            async with self.database.tx(self.worker) as tx:
                await callbacks.handled(tx, rows[0], BROKEN)


async def poll(database: Database, settings: DispatchSettings, providers: Providers) -> None:
    """Fetch receipts from the providers whose callbacks cannot come in, for ever."""
    asked = [one for one in providers.by_name.values() if one.settings.poll and isinstance(one.channel, Gateway)]
    while asked:
        for one in asked:
            with suppress(*DATABASE_ERRORS):
                await _ask(database, settings, one.name, one.channel)  # type: ignore[arg-type]  # chosen above
        await asyncio.sleep(settings.poll_s)


async def _ask(database: Database, settings: DispatchSettings, name: str, gateway: Gateway) -> None:
    worker = Principal.worker(database.settings.service)
    async with database.tx(worker) as tx:
        rows = await dispatching.to_poll(tx, name, settings.expire_after_s, AT_ONCE)
    found = await asyncio.gather(*(gateway.ask(row["key"]) for row in rows))
    told = [
        (f"poll-{row['key']}-{one['sequence']}", callbacks.RECEIPT, one)
        for row, one in zip(rows, map(_read, found), strict=True)
        if one and one["key"] == row["key"] and one["sequence"] > row["provider_sequence"]
    ]
    if told:
        async with database.tx(worker) as tx:
            await callbacks.keep(tx, name, told)


def _read(said: object) -> dict[str, Any] | None:
    """Return a receipt as a callback would have brought it; None where the provider says nothing usable."""
    try:
        return Receipt.model_validate(said).kept()
    except ValidationError:
        return None
