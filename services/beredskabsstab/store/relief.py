"""The relief roster of an activation: who has which role of the staff from when to when."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.relief import Shift

if TYPE_CHECKING:
    from asyncpg import Record


async def add(tx: Tx, activation_id: UUID, new: Shift, who: str, by: str, at: datetime) -> None:
    """Save a shift."""
    await tx.execute(
        "insert into relief_shift (shift_id, activation_id, authority, role, starts_at, ends_at, who, planned_by,"
        " planned_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(new.shift_id, activation_id, new.authority, new.role, new.starts_at, new.ends_at, who, by, at),
    )


async def of_activation(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the shifts of an activation that the caller sees, in order of time."""
    return await tx.fetch(
        "select * from relief_shift where activation_id = $1 and removed_at is null"
        " order by starts_at, authority, role",
        activation_id,
    )


async def find(tx: Tx, shift_id: UUID) -> "Record | None":
    """Return a shift that is planned."""
    return await tx.fetchrow("select * from relief_shift where shift_id = $1 and removed_at is null", shift_id)


async def remove(tx: Tx, shift_id: UUID, at: datetime) -> None:
    """Take a shift off the roster."""
    await tx.change_one("update relief_shift set removed_at = $2 where shift_id = $1", shift_id, at)


async def gap_told(tx: Tx, shift_id: UUID, at: datetime) -> None:
    """Save that it was told that nobody relieves a shift."""
    await tx.change_one("update relief_shift set gap_told_at = $2 where shift_id = $1", shift_id, at)


def as_shift(row: "Record") -> Shift:
    """Return a shift as the rules look at it."""
    return Shift(row["shift_id"], row["authority"], row["role"], row["starts_at"], row["ends_at"])
