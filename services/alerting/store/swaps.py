"""Shifts that are offered to colleagues, until one is taken, withdrawn or has begun."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx

if TYPE_CHECKING:
    from asyncpg import Record


async def add(tx: Tx, swap_id: UUID, roster_id: UUID, span: tuple[datetime, datetime], offered_by: UUID) -> None:
    """Save an offer."""
    await tx.execute(
        "insert into swap (swap_id, roster_id, starts_at, ends_at, offered_by, state, version)"
        " values ($1, $2, $3, $4, $5, 'offered', 1)",
        *(swap_id, roster_id, *span, offered_by),
    )


async def offered(tx: Tx, roster_id: UUID | None = None) -> "list[Record]":
    """Return the open offers that the caller may see, of one roster or of all."""
    return await tx.fetch(
        "select * from swap where state = 'offered' and ($1::uuid is null or roster_id = $1)"
        " order by starts_at, swap_id",
        roster_id,
    )


async def of_person(tx: Tx, staff_id: UUID) -> "list[Record]":
    """Return the open offers of somebody, locked."""
    return await tx.fetch(
        "select * from swap where state = 'offered' and offered_by = $1 order by swap_id for update", staff_id
    )


async def find(tx: Tx, swap_id: UUID) -> "Record | None":
    """Return an offer, its row not locked: its roster's is locked first."""
    return await tx.fetchrow("select * from swap where swap_id = $1", swap_id)


async def take(tx: Tx, swap_id: UUID, taken_by: UUID) -> int:
    """Let somebody take an open offer, and return its version."""
    version: int = await tx.fetchval(
        "update swap set state = 'taken', taken_by = $2, version = version + 1"
        " where swap_id = $1 and state = 'offered' returning version",
        *(swap_id, taken_by),
    )
    return version


async def close(tx: Tx, swap_id: UUID, state: str) -> int | None:
    """End an open offer, withdrawn or expired, and return its version; None when it was no longer open."""
    version: int | None = await tx.fetchval(
        "update swap set state = $2, version = version + 1 where swap_id = $1 and state = 'offered' returning version",
        *(swap_id, state),
    )
    return version
