"""Holds: which service still needs whom. Nobody who is held is shredded by a deadline.

A hold stands under the id by which its service knows the person. A merged person is held when the survivor or one of
its merged ids is. See docs/architecture/persons.md.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import set_deadline
from services.persons.domain.shredding import GRACE

UNHELD = "unheld"
"""The deadline after which a person whom nobody holds is shredded."""


async def hold(tx: Tx, ids: Collection[UUID]) -> bool:
    """Note that the asking service needs persons; False when one of them is being shredded, or was."""
    different = sorted(set(ids))
    await tx.execute(
        "insert into person_hold (person_id, service, renewed_at)"
        " select person_id, $2, (select clock()) from unnest($1::uuid[]) as asked (person_id)"
        " on conflict (person_id, service) do update"
        " set renewed_at = greatest(person_hold.renewed_at, excluded.renewed_at)",
        different,
        tx.principal.subject,
    )
    # In a statement of its own: shredding holds the rows that the one above has waited for.
    gone = "select exists (select from person where person_id = any($1::uuid[]) and shred_due_at is not null)"
    return not await tx.fetchval(gone, different)


async def let_go(tx: Tx, service: str, ids: Sequence[UUID], as_of: datetime) -> None:
    """Note that a service needed persons no more at a moment; whoever is left to nobody gets a deadline."""
    await _hand_over(tx, service, ids, as_of)
    await tx.execute(
        "insert into person_hold (person_id, service, renewed_at, released_at)"
        " select person_id, $2, '-infinity', $3 from person"
        " where person_id = any($1::uuid[]) and shred_due_at is null order by person_id"
        " on conflict (person_id, service) do update"
        " set released_at = greatest(person_hold.released_at, excluded.released_at)",
        ids,
        service,
        as_of,
    )
    await await_shredding(tx, ids)


async def _hand_over(tx: Tx, service: str, ids: Sequence[UUID], as_of: datetime) -> None:
    """Let a service that gives up a merged id hold the survivor: what it kept is written under that id now.

    Unless it gives up the survivor in the same breath, or had let go of the merged id before.
    """
    await tx.execute(
        "insert into person_hold (person_id, service, renewed_at)"
        " select distinct merged_into, $2, $3::timestamptz from person join person_hold using (person_id)"
        " where person_id = any($1::uuid[]) and merged_into <> all($1::uuid[]) and service = $2"
        " and held and renewed_at < $3 order by merged_into"
        " on conflict (person_id, service) do update"
        " set renewed_at = greatest(person_hold.renewed_at, excluded.renewed_at)",
        ids,
        service,
        as_of,
    )


async def await_shredding(tx: Tx, ids: Sequence[UUID]) -> None:
    """Set the deadline of those whom nobody holds; one who is asked for again before it stays."""
    due_at = await tx.fetchval("select clock()") + GRACE
    for person_id in await unheld(tx, ids):
        await set_deadline(tx, kind=UNHELD, subject=person_id, due_at=due_at)


async def unheld(tx: Tx, ids: Sequence[UUID]) -> list[UUID]:
    """Return those of today's ids of some persons whom nobody holds."""
    rows = await tx.fetch(
        "select person_id from person where person_id in"
        " (select coalesce(merged_into, person_id) from person where person_id = any($1::uuid[]))"
        " and shred_due_at is null and not exists"
        " (select from person as known join person_hold on known.person_id = person_hold.person_id"
        "  where (known.person_id = person.person_id or known.merged_into = person.person_id) and held)"
        " order by person_id",
        ids,
    )
    return [row["person_id"] for row in rows]


async def forgotten(tx: Tx, most: int) -> list[UUID]:
    """Return some persons whom nobody holds and for whom no deadline waits: there should be none."""
    rows = await tx.fetch(
        "select person_id from person where merged_into is null and shred_due_at is null"
        " and not exists (select from person_hold where person_hold.person_id = person.person_id and held)"
        " and not exists (select from deadline where kind = $1 and subject = person.person_id) limit $2",
        UNHELD,
        most,
    )
    return [row["person_id"] for row in rows]
