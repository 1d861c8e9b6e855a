"""Checkpoints as they were signed."""

from datetime import datetime
from typing import TYPE_CHECKING

from chassis.database import Tx

if TYPE_CHECKING:
    from asyncpg import Record


async def alone(tx: Tx) -> None:
    """Keep others from signing until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtext('checkpoint'))")


async def newest(tx: Tx) -> "Record | None":
    """Return the newest checkpoint, if there is one."""
    return await tx.fetchrow("select * from checkpoint order by number desc limit 1")


async def every(tx: Tx, after: int = 0, limit: int | None = None) -> "list[Record]":
    """Return the checkpoints after a number, in order."""
    return await tx.fetch("select * from checkpoint where number > $1 order by number limit $2", after, limit)


async def add(tx: Tx, number: int, size: int, note: str, at: datetime) -> None:
    """Save a checkpoint."""
    await tx.execute(
        "insert into checkpoint (number, size, note, signed_at) values ($1, $2, $3, $4)", number, size, note, at
    )
