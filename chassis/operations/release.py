"""Releases or skips parked messages, one transaction a record, in order, each decision with its reason."""

import logging
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import orjson

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.inbox import REACTIONS, first_seen, react
from chassis.infrastructure import describe, is_of_the_house
from chassis.parked import alone, failed_again, first_of_key, settle
from chassis.received import Received, read

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""A message that failed so often is not tried again without `again`: the loop guard."""


class StillFails(Exception):
    """A released record cannot be handled yet; it stays where it is, and its key with it."""


class GuardedAgainstLoops(Exception):
    """A record that has failed many times is not even tried."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an operator decided."""

    action: str
    """`released` or `skipped`."""
    reason: str
    decided_by: str
    again: bool = False
    """Whether to try even what has failed many times."""
    only: int | None = None
    """One message alone, which must be the oldest of its key: none is overtaken."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which parked messages are meant; empty fields mean any."""

    topic: str | None = None
    key: str | None = None
    cause: str | None = None
    message: int | None = None


async def chosen(database: Database, choice: Choice) -> "list[Record]":
    """Return the groups meant: one row a parked key, one for each record parked alone."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        return await tx.fetch(
            "select topic, key, min(id) as id, count(*) as messages, max(attempts) as attempts,"
            " (array_agg(cause order by id))[1] as cause, (array_agg(reason order by id))[1] as reason,"
            " min(parked_at) as parked_at from parked_message"
            " where consumer = $1 and ($2::text is null or topic = $2) and ($3::text is null or key = $3)"
            " group by topic, key, case when key is null then id end"
            " having ($4::text is null or (array_agg(cause order by id))[1] = $4)"
            " and ($5::bigint is null or bool_or(id = $5)) order by min(id)",
            *(database.settings.service, choice.topic, choice.key, choice.cause, choice.message),
        )


async def decide(database: Database, group: "Record", decision: Decision) -> int:
    """Carry a decision out for one group, oldest first; returns how many records it settled."""
    settled = 0
    while await _next(database, group, decision):
        settled += 1
        if group["key"] is None or decision.only or (decision.action == "skipped" and settled == group["messages"]):
            break
    return settled


async def _next(database: Database, group: "Record", decision: Decision) -> bool:
    row: Record | None = None
    try:
        async with database.tx(Principal.worker(database.settings.service)) as tx:
            row = await _oldest(tx, group)
            if row is None or decision.only not in {None, row["id"]}:
                return False
            if decision.action == "released":
                await _handle(tx, row, decision)
            await settle(tx, row, "handled" if decision.action == "released" else "skipped")
            await _note(tx, row, decision)
    except GuardedAgainstLoops:
        return False
    except Exception as error:
        if row is None or is_of_the_house(error):
            raise
        reason = str(error) if isinstance(error, StillFails) else describe(error)
        async with database.tx(Principal.worker(database.settings.service)) as tx:
            await failed_again(tx, row["id"], reason)
        log.warning("a released message still fails", extra={"parked_message": row["id"], "cause": reason})
        return False
    return True


async def _oldest(tx: Tx, group: "Record") -> "Record | None":
    if group["key"] is None:
        return await alone(tx, group["id"])
    return await first_of_key(tx, tx.service, group["topic"], group["key"])


async def _handle(tx: Tx, row: "Record", decision: Decision) -> None:
    if row["attempts"] >= MOST_ATTEMPTS and not decision.again:
        raise GuardedAgainstLoops
    received = read(record_of(row), tx.mode, REACTIONS)
    if received.cause or not received.concerns_us:
        raise StillFails(received.reason or "nobody here reacts to its type")
    if row["event_id"] is not None or await _is_new(tx, received):
        await react(received, tx)


async def _is_new(tx: Tx, received: Received) -> bool:
    if received.envelope is None:
        return False
    await tx.execute("select provide_inbox_day($1)", received.envelope.time.date())
    return bool(await first_seen(tx, tx.service, [received], "handled"))


async def _note(tx: Tx, row: "Record", decision: Decision) -> None:
    await tx.execute(
        "insert into parked_decision (consumer, topic, key, event_id, decision, reason, decided_by)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        *(row["consumer"], row["topic"], row["key"], row["event_id"]),
        *(decision.action, decision.reason, decision.decided_by),
    )


def record_of(row: "Record") -> SimpleNamespace:
    """Return a parked row in the shape of the record that it was, byte for byte."""
    return SimpleNamespace(
        topic=row["topic"],
        key=row["raw_key"],
        value=row["value"],
        headers=[(name, bytes.fromhex(value)) for name, value in orjson.loads(row["headers"])],
        partition=row["partition"],
        offset=row["offset"],
        timestamp=int(row["parked_at"].timestamp() * 1000),
    )
