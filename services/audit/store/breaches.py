"""Breaches of security, and whether Datatilsynet was notified."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.audit.store.lookups import Within

if TYPE_CHECKING:
    from asyncpg import Record


async def add(tx: Tx, breach_id: UUID, within: Within, discovered_at: datetime, notify_by: datetime) -> None:
    """Save a breach of the authority that reports it."""
    await tx.execute(
        "insert into breach (breach_id, authority, discovered_at, notify_by, happened_from, happened_to, subject,"
        " operation, reported_by, reported_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock())",
        *(breach_id, tx.principal.authority, discovered_at, notify_by, within.start, within.end),
        *(within.subject, within.operation, tx.principal.subject),
    )


async def lock(tx: Tx, breach_id: UUID) -> "Record | None":
    """Return a breach, its row locked; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from breach where breach_id = $1 for update", breach_id)


async def find(tx: Tx, breach_id: UUID) -> "Record | None":
    """Return a breach; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from breach where breach_id = $1", breach_id)


async def decide(tx: Tx, breach_id: UUID, version: int, decision: str, journal_number: str | None) -> int:
    """Save whether Datatilsynet was notified; returns the breach's next version."""
    await tx.change_one(
        "update breach set decision = $3, journal_number = $4, decided_by = $5, decided_at = clock(),"
        " version = version + 1 where breach_id = $1 and version = $2",
        *(breach_id, version, decision, journal_number, tx.principal.subject),
    )
    return version + 1
