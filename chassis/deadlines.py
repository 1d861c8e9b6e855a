"""Deadlines: rows with a due time, set and cancelled in the transaction of the state that they guard.

`@due(kind)` registers what happens when a service's `clock()` has passed the time. Each fires once: the row goes in
the transaction of its effect. See docs/architecture/deadlines.md.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from chassis import metrics, telemetry
from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.infrastructure import (
    DATABASE_ERRORS,
    LOCK_NOT_AVAILABLE,
    describe,
    is_lost_race,
    is_of_the_house,
)
from chassis.settings import Settings

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

Duty = Callable[[UUID, datetime, Tx], Awaitable[None]]

DUTIES: dict[str, Duty] = {}
"""What this process does when a deadline of a kind is due, filled by `@due`."""

WAKE = "deadlines"
"""The name under which a commit wakes the deadlines (`Tx.wakes`)."""

AT_ONCE = 4
"""Deadlines that a process fires beside each other, as several processes would: half of its connections stay free."""

_NEXT = """
select kind, subject, due_at, correlation_id from deadline
where due_at <= (select clock()) and (try_again_at is null or try_again_at <= clock_timestamp()) and kind = any($1)
order by due_at limit 1 for update skip locked
"""
"""The clock is read once, so that the index ends at it: asked row by row, all that is not due yet would be read."""


_GIVE_WAY = "set local lock_timeout = '100 ms'"
"""A command locks its aggregate and then the deadline, a duty the other way: the duty gives way before they block."""


def _is_held(error: BaseException) -> bool:
    return isinstance(error, asyncpg.PostgresError) and error.sqlstate == LOCK_NOT_AVAILABLE


def due(kind: str) -> Callable[[Duty], Duty]:
    """Register what to do when a deadline of this kind is due."""

    def register(duty: Duty) -> Duty:
        if kind in DUTIES:
            message = f"deadline {kind} has a duty already"
            raise ValueError(message)
        DUTIES[kind] = duty
        return duty

    return register


async def set_deadline(
    tx: Tx, *, kind: str, subject: UUID, due_at: datetime, correlation_id: UUID | None = None, at_once: bool = False
) -> None:
    """Set or move a deadline; `correlation_id` is the case under which operators find it.

    `at_once` says that it is due already: it is fired as soon as the transaction has been committed, not at the next
    look.
    """
    if at_once:
        tx.wakes.add(WAKE)
    await tx.execute("select put_deadline($1, $2, $3, $4)", kind, subject, due_at, correlation_id)


async def cancel_deadline(tx: Tx, *, kind: str, subject: UUID) -> None:
    """Cancel a deadline; one that has fired or was never set is no matter."""
    await tx.execute("select drop_deadline($1, $2)", kind, subject)


async def move_deadlines(
    tx: Tx, subject: UUID, due_at: Mapping[str, datetime | None], correlation_id: UUID | None = None
) -> None:
    """Set or move each kind of deadline of a subject, and cancel those without a time, in one round trip."""
    await tx.execute(_MOVE, subject, correlation_id, list(due_at), list(due_at.values()))


_MOVE = """
select case when due is null then drop_deadline(kind, $1) else put_deadline(kind, $1, due, $2) end
from unnest($3::text[], $4::timestamptz[]) as moved (kind, due)
"""


class Deadlines:
    """Fires what is due, one deadline a transaction, beside any number of other processes."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """Remember whose deadlines these are."""
        self.database = database
        self.settings = settings
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Fire what is due, for ever."""
        while True:
            self.wake.clear()
            try:
                while await self._fire_several():
                    continue
            except DATABASE_ERRORS as error:
                log.warning("deadlines look again", extra={"cause": describe(error)})
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), self.settings.deadline_poll_s)

    async def _fire_several(self) -> bool:
        """Fire what is due, some at a time where it is more than one: each mostly waits for the database."""
        if not await self.fire_next():
            return False
        done = await asyncio.gather(*(self.fire_next() for _ in range(AT_ONCE)), return_exceptions=True)
        for error in done:
            if isinstance(error, BaseException):
                raise error
        return all(done)

    async def fire_next(self) -> bool:
        """Fire the earliest due deadline; returns whether there was one."""
        row: Record | None = None
        try:
            async with self.database.tx(Principal.worker(self.settings.service), first=_GIVE_WAY) as tx:
                row = await tx.fetchrow(_NEXT, list(DUTIES))
                if row is None:
                    return False
                await self._fire(row, tx)
        except Exception as error:
            if row is not None and (is_lost_race(error) or _is_held(error)):
                await self._give_way(row)
            elif row is None or is_of_the_house(error):
                raise
            else:
                await self._later(row, error)
        return True

    async def _give_way(self, row: "Record") -> None:
        """Let others go first: whoever holds what this duty needs may be about to set this very deadline."""
        async with self.database.tx(Principal.worker(self.settings.service)) as tx:
            await tx.execute(
                "update deadline set try_again_at = clock_timestamp() + interval '100 ms' where (kind, subject) in"
                " (select kind, subject from deadline where kind = $1 and subject = $2 for update skip locked)",
                *(row["kind"], row["subject"]),
            )
        await asyncio.sleep(0.01)

    async def _fire(self, row: "Record", tx: Tx) -> None:
        await cancel_deadline(tx, kind=row["kind"], subject=row["subject"])
        with telemetry.span(f"due {row['kind']}", {"samvirke.deadline": row["kind"]}):
            if row["correlation_id"]:
                telemetry.tag_case(row["correlation_id"])
            await DUTIES[row["kind"]](row["subject"], row["due_at"], tx)
        metrics.DEADLINES_FIRED.labels(row["kind"]).inc()

    async def _later(self, row: "Record", error: BaseException) -> None:
        """Keep a deadline whose duty failed: it is overdue for all to see and is tried again, ever more seldom."""
        metrics.DEADLINES_FAILED.labels(row["kind"]).inc()
        log.error("a deadline's duty failed", extra={"kind": row["kind"], "cause": describe(error)}, exc_info=error)
        async with self.database.tx(Principal.worker(self.settings.service)) as tx:
            await tx.execute(
                "update deadline set attempts = attempts + 1, failure = $3,"
                " try_again_at = clock_timestamp() + least(interval '5 minutes', interval '1 second' * 2 ^ attempts)"
                " where kind = $1 and subject = $2",
                *(row["kind"], row["subject"], describe(error)),
            )
