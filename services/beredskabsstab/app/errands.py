"""Telling alerting over HTTP what it also hears as events: while the broker is away, this way alone calls people in."""

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import orjson

from chassis.clients import ServiceAway, ServiceRefused
from chassis.database import Tx
from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.service import Service
from services.beredskabsstab.app.mirror import WAKE
from services.beredskabsstab.domain.calling import Errand
from services.beredskabsstab.domain.refused import failure_of
from services.beredskabsstab.handlers.errands import refused
from services.beredskabsstab.store import errands

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
AT_ONCE = 8
DONE_BEFORE = {"alert-closed"}
"""What alerting says of an end that it has heard of by the event already."""
TRIES = 20
"""How often alerting is asked again where it may say yes later, such as about an alert that it has not heard of yet."""


async def run_errands(service: Service) -> None:
    """Run errands for ever, as soon as one is there."""
    wake = asyncio.Event()
    service.database.wakers[errands.RUN] = wake.set
    while True:
        wake.clear()
        try:
            while await _run_some(service):
                continue
        except DATABASE_ERRORS as error:
            log.warning("errands are looked for again", extra={"cause": describe(error)})
        with suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), LOOK_EVERY_S)


async def _run_some(service: Service) -> int:
    """Run what is due, each beside the others, and return how many were done.

    An alert is raised once whoever asks and however often: a lost answer costs another try and no more.
    """
    async with service.database.tx(service.worker) as tx:
        rows = await errands.take(tx, AT_ONCE)
    ends = await asyncio.gather(*(_told(service, row) for row in rows))
    async with service.database.tx(service.worker) as tx:
        for row, (done, failure) in zip(rows, ends, strict=True):
            await _end(tx, row, failure, done=done)
        tx.wakes |= {WAKE} if rows else set()
    return sum(done for done, _ in ends)


async def _end(tx: Tx, row: "Record", failure: str | None, *, done: bool) -> None:
    if not done:
        await errands.later(tx, row["errand_id"], failure or "")
    elif failure is None:
        await errands.done(tx, row)
    else:
        await refused(tx, row, failure)


async def _told(service: Service, row: "Record") -> tuple[bool, str | None]:
    """Return whether alerting has taken it, and what it said where it refused for good."""
    tell = partial(service.clients.post, "alerting", row["path"], orjson.loads(row["body"]), key=str(row["errand_id"]))
    try:
        await tell()
    except ServiceAway:
        return False, "away"
    except ServiceRefused as error:
        if error.slug in DONE_BEFORE and row["kind"] == Errand.CLOSE:
            return True, None
        if error.status in {401, 403, 404, 409, 425, 429} and row["attempts"] < TRIES:
            return False, f"{error.status} {error.slug}"
        log.error("alerting refused an errand", extra={"kind": row["kind"], "cause": f"{error.status} {error.slug}"})  # noqa: TRY400  the cause says it
        return True, failure_of(error.status, error.slug, error.title)
    return True, None
