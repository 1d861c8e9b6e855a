"""Hands messages to providers: claims what is due, sends, writes down what came of it. Needs the database alone.

Nothing waits for anything else: a claim takes only as much as the providers have room for, each channel has room of
its own, every hand-over ends within its provider's time-out, and outcomes are written many at a time. What a process
was at when it died is found by its `attempt_ends` and done again with the same key.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from chassis.database import Database
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, describe
from services.alerting.app.assignments import Assigned, assign, give_back
from services.alerting.app.channels import Message
from services.alerting.app.channels.providers import Providers
from services.alerting.app.channels.settings import DispatchSettings
from services.alerting.app.outcomes import Ended, done_of, keep_outcomes
from services.alerting.domain.deliveries import State
from services.alerting.domain.providers import Outcome, Tries, Verdict, silent
from services.alerting.store import deliveries, dispatching
from services.alerting.store.dispatching import Silence

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 0.5
AT_ONCE = 256
"""Rows of a claim or a sweep."""

Compose = Callable[["Record"], Message]
"""Writes the message of a row; raises ValueError for a text that cannot be written."""


class Dispatcher:
    """One process's share of the work, beside any number of others."""

    def __init__(self, database: Database, settings: DispatchSettings, providers: Providers, compose: Compose) -> None:
        """Remember what it works with."""
        self.database, self.settings, self.providers, self.compose = database, settings, providers, compose
        self.worker = Principal.worker(database.settings.service)
        self.wake, self.ended = asyncio.Event(), asyncio.Event()
        self._outcomes: list[Ended] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._swept_at = 0.0
        self._more_waits = False

    async def run(self) -> None:
        """Work until cancelled; then let what is under way end, so that nothing is taken for a dead process's."""
        self.database.wakers[deliveries.WAKE] = self.wake.set
        loops = [asyncio.create_task(self._for_ever(work)) for work in (self._hand_over, self._write_down)]
        try:
            await asyncio.gather(*loops)
        finally:
            for loop in loops:
                loop.cancel()
            await self._finish()

    async def _finish(self) -> None:
        if self._sending:
            await asyncio.wait(self._sending, timeout=max(self._longest_s(), 1))
        with suppress(*DATABASE_ERRORS):
            await self._write_what_ended()
        await self.providers.close()

    def _longest_s(self) -> float:
        return max((one.settings.timeout_s for one in self.providers.by_name.values()), default=0)

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except DATABASE_ERRORS as error:
                log.warning("the dispatcher looks again", extra={"cause": describe(error)})
                await asyncio.sleep(self.settings.look_s)

    # -- out ----------------------------------------------------------------------------------------------------------

    async def _hand_over(self) -> None:
        """Take what is due until nothing is, or nobody has room; then wait to be woken, or look."""
        self.wake.clear()
        await self._sweep()
        while await self._claim():
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), self.settings.look_s)

    async def _claim(self) -> bool:
        """Claim as much as there is room for and begin to send it; returns whether there was something."""
        room = {channel: min(free, AT_ONCE) for channel, free in self.providers.room().items()}
        if not room:
            return False
        found: list[Assigned] = []
        try:
            async with self.database.tx(self.worker) as tx:
                rows = await dispatching.due(tx, room, self.settings.expire_after_s)
                found += [assign(row, self.providers, self.settings.margin_s) for row in rows]
                if found:
                    await dispatching.claim(tx, [one.claim for one in found if one.claim])
        except BaseException:  # nothing is sent that may not have been written down; also when cancelled
            give_back(found, self.providers)
            raise
        self._more_waits = len(found) >= min(room.values())
        for one in found:
            if one.provider:
                self._begin(one)
        return any(one.claim for one in found)

    def _begin(self, one: Assigned) -> None:
        task = asyncio.create_task(self._send(one))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, one: Assigned) -> None:
        provider = self.providers.by_name[one.provider or ""]
        try:
            outcome = await provider.channel.send(self.compose(one.row))
        except ValueError as error:
            log.exception("a message could not be written", extra={"cause": describe(error)})
            outcome = Outcome(Verdict.REFUSED, failure="not_written")
        except Exception as error:  # an adapter's own fault must not lose the message
            log.exception("an adapter failed", extra={"cause": describe(error), "provider": provider.name})
            outcome = Outcome(Verdict.UNKNOWN, failure="adapter_failed")
        provider.gave(outcome)
        self._outcomes.append(Ended(one.row, provider.name, outcome))
        self.ended.set()
        if self._more_waits:
            self.wake.set()

    # -- back ---------------------------------------------------------------------------------------------------------

    async def _write_down(self) -> None:
        await self.ended.wait()
        self.ended.clear()
        await self._write_what_ended()

    async def _write_what_ended(self) -> None:
        """Write down how hand-overs ended, however many there are; they are kept until the database has them."""
        ended = self._outcomes[:AT_ONCE]
        if not ended:
            return
        self.ended.set()
        async with self.database.tx(self.worker) as tx:
            done = [done_of(one, self.providers, self.settings) for one in ended]
            await keep_outcomes(tx, ended, done, self.providers)
        del self._outcomes[: len(ended)]
        if any(one.state == State.QUEUED for one in done):
            self.wake.set()

    # -- what was left ------------------------------------------------------------------------------------------------

    async def _sweep(self) -> None:
        """Take up what a dead process left, and what a provider is silent about."""
        now = asyncio.get_running_loop().time()
        # What has ended here is written down first: it is not a dead process's.
        if self._outcomes or now - self._swept_at < SWEEP_EVERY_S:
            return
        self._swept_at = now
        async with self.database.tx(self.worker) as tx:
            await dispatching.put_back(tx)
            await dispatching.without_provider(tx, [*self.providers.of_channel])
            rows = await dispatching.without_receipt(tx, self.settings.receipt_within_s, AT_ONCE)
            if rows:
                await dispatching.after_silence(tx, [self._silence(row) for row in rows])
        for row in rows:
            if row["provider_is_silent"] and not row["is_answered"] and row["provider"] in self.providers.by_name:
                self.providers.by_name[row["provider"]].failed_or_not(failed=True)

    def _silence(self, row: "Record") -> Silence:
        """Return what becomes of a message without a receipt; who has answered is left in peace."""
        tried = row["providers_tried"]
        if row["is_answered"]:
            return Silence(row["delivery_id"], State.ACCEPTED, tried, None)
        if row["is_last"]:
            return Silence(row["delivery_id"], State.EXPIRED, tried, None)
        tries = Tries(row["attempts"], frozenset(tried), frozenset(row["refused_by"]))
        after = silent(row["provider"], self.providers.order(row["channel"]), tries)
        return Silence(row["delivery_id"], after.state, sorted(after.tries.tried), self.settings.expire_after_s)
