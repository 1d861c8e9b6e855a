"""Shredding, in three steps of which each leaves the next one certain.

The content is deleted and the shredding promised (one transaction of the data); the keys are destroyed (the keys'
database); that is told (one transaction of the data). The two databases cannot commit together, so the promise comes
first and the telling last: a key is never gone without a deadline that tells it, and nothing is told while it lives.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.access import record_access
from chassis.database import Tx
from chassis.deadlines import cancel_deadline, set_deadline
from chassis.outbox import Recorded, append_all
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from contracts.persons.v1 import PersonShredded
from services.persons.domain.person import UnknownPerson
from services.persons.store.holds import unheld
from services.persons.store.vault import Vault

SHRED = "shred"
"""The deadline that destroys what a promise speaks of, however often the process dies on the way."""

KEPT_AT_ONCE_WITHIN = timedelta(seconds=10)
"""Whoever orders a shredding keeps the promise at once; where that did not happen by then, the deadline does it."""


async def locked(tx: Tx, person_id: UUID) -> list[UUID]:
    """Lock a person by the id that lives on, with all merged ids and all holds; returns the ids.

    A hold that somebody is renewing is waited for, and seen by the statements that follow.
    """
    rows = await tx.fetch("select person_id from person where person_id = $1 for update", person_id)
    # In a statement of its own: a merge that ended while we waited is seen.
    rows += await tx.fetch(
        "select person_id from person where merged_into = $1 order by person_id for update", person_id
    )
    ids = [row["person_id"] for row in rows]
    await tx.execute(
        "select from person_hold where person_id = any($1::uuid[]) order by person_id, service for update", ids
    )
    return ids


async def promise(tx: Tx, person_id: UUID) -> list[UUID]:
    """Delete all content about a person and promise that the keys go; returns the ids, none when promised before."""
    ids = await locked(tx, person_id)
    if await tx.fetchval("select shred_due_at is not null from person where person_id = $1", person_id):
        return []
    now = await tx.fetchval("select clock()")
    await _delete_content(tx, ids, now)
    due_at = now + KEPT_AT_ONCE_WITHIN
    await set_deadline(tx, kind=SHRED, subject=person_id, due_at=due_at, correlation_id=person_id)
    return ids


async def promise_by_itself(tx: Tx, person_id: UUID) -> None:
    """Promise it without anybody's order, unless it was promised before; an access all the same."""
    if ids := await promise(tx, person_id):
        await record_access(tx, operation="person.shred", purpose=Purpose.RETENTION, persons=ids, kind=LogKind.ERASURE)


async def promise_where_unheld(tx: Tx, person_id: UUID) -> None:
    """Promise it by itself unless somebody holds the person."""
    if person_id in await unheld(tx, await locked(tx, person_id)):
        await promise_by_itself(tx, person_id)


async def _delete_content(tx: Tx, ids: Sequence[UUID], now: datetime) -> None:
    # The number goes with its hash: when it comes again, it is somebody new.
    await tx.execute("delete from number where person_id = any($1::uuid[])", ids)
    await tx.execute("update text set sealed = null where person_id = any($1::uuid[])", ids)
    await tx.execute("delete from person_hold where person_id = any($1::uuid[])", ids)
    await tx.execute("update person set identity = null, shred_due_at = $2 where person_id = any($1::uuid[])", ids, now)


async def fulfil(tx: Tx, vault: Vault, person_id: UUID) -> datetime | None:
    """Destroy the keys of a person to whom it was promised, and tell it; returns when no backup can be read any more.

    Doing it again destroys nothing and tells nothing. None means that nothing was promised.
    """
    rows = await tx.fetch(
        "select person_id, version, unreadable_by from person where shred_due_at is not null and"
        " (person_id = $1 or merged_into = $1) order by person_id for update",
        person_id,
    )
    due = {row["person_id"]: row["version"] + 1 for row in rows if row["unreadable_by"] is None}
    if not due:
        return rows[0]["unreadable_by"] if rows else None
    await vault.destroy(list(due))
    return await _tell(tx, due, person_id, vault.backups_kept)


async def _tell(tx: Tx, due: dict[UUID, int], person_id: UUID, kept: timedelta) -> datetime:
    now: datetime = await tx.fetchval("select clock()")
    unreadable_by = now + kept
    await tx.execute(
        "update person set version = version + 1, shredded_at = $2, unreadable_by = $3"
        " where person_id = any($1::uuid[])",
        list(due),
        now,
        unreadable_by,
    )
    await append_all(
        tx,
        [
            Recorded(PersonShredded(person_id=one, unreadable_by=unreadable_by), version, person_id, now)
            for one, version in due.items()
        ],
    )
    await cancel_deadline(tx, kind=SHRED, subject=person_id)
    return unreadable_by


async def today(tx: Tx, person_id: UUID) -> UUID:
    """Return the id that lives on of somebody, shredded or not, and lock it; UnknownPerson when it is nobody's."""
    current: UUID | None = None
    while (found := await _lives_on(tx, person_id)) != current:
        # A merge may have ended while the lock was waited for.
        current = found
        await tx.execute("select from person where person_id = $1 for update", current)
    return found


async def _lives_on(tx: Tx, person_id: UUID) -> UUID:
    current: UUID | None = await tx.fetchval(
        "select coalesce(merged_into, person_id) from person where person_id = $1", person_id
    )
    if current is None:
        raise UnknownPerson(person_id=str(person_id), missing=1)
    return current
