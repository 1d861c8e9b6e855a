"""The SQL of matters: what waits for a council's next agenda."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.matters import Matter


async def add(tx: Tx, wanted: Matter) -> bool:
    """Save a matter that waits; False where the same kind about the same subject waits or stands already."""
    status = await tx.execute(
        "insert into matter (matter_id, body_id, kind, subject, title, paragraph, mandatory, must_decide)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        *(wanted.id, wanted.body_id, wanted.kind, wanted.subject, wanted.title, wanted.paragraph),
        *(wanted.mandatory, wanted.must_decide),
    )
    return status == "INSERT 0 1"


async def waiting(tx: Tx, body_id: UUID, on: date | None = None) -> list[Matter]:
    """Return what waits for a council's agenda, on a day where one is given: mandatory first, then the oldest."""
    rows = await tx.fetch(
        "select * from matter where body_id = $1 and state = 'waiting'"
        " and ($2::date is null or not_before is null or not_before <= $2)"
        " order by mandatory desc, raised_at, matter_id",
        *(body_id, on),
    )
    return [_matter(row) for row in rows]


async def found(tx: Tx, matter_id: UUID) -> Matter | None:
    """Return a matter."""
    row = await tx.fetchrow("select * from matter where matter_id = $1", matter_id)
    return None if row is None else _matter(row)


async def place(tx: Tx, matter_id: UUID) -> None:
    """Say that a waiting matter stands on an agenda."""
    await tx.change_one("update matter set state = 'placed' where matter_id = $1 and state = 'waiting'", matter_id)


async def wait_again(tx: Tx, matter_id: UUID) -> None:
    """Say that a matter waits for the next agenda: its meeting was cancelled, or it was put off."""
    await tx.change_one("update matter set state = 'waiting' where matter_id = $1 and state = 'placed'", matter_id)


async def treat(tx: Tx, matter_id: UUID, meeting_id: UUID) -> None:
    """Say that a matter has been treated at a meeting."""
    await tx.change_one(
        "update matter set state = 'treated', treated_at = clock(), meeting_id = $2"
        " where matter_id = $1 and state = 'placed'",
        *(matter_id, meeting_id),
    )


async def put_off(tx: Tx, matter_id: UUID, until: date) -> None:
    """Say that a treated matter waits for an agenda on or after a day."""
    await tx.change_one(
        "update matter set state = 'waiting', not_before = $2, treated_at = null"
        " where matter_id = $1 and state in ('treated', 'waiting')",
        *(matter_id, until),
    )


async def withdraw(tx: Tx, kind: str, subject: UUID) -> None:
    """Take back what still waits: what raised it is no more."""
    await tx.execute(
        "update matter set state = 'withdrawn' where kind = $1 and subject = $2 and state = 'waiting'", kind, subject
    )


async def treated_at(tx: Tx, kind: str, subject: UUID) -> UUID | None:
    """Return the meeting that treated a matter last; none where none has, or the asker may not see it."""
    meeting_id: UUID | None = await tx.fetchval(
        "select meeting_id from matter where kind = $1 and subject = $2 and state = 'treated'"
        " order by treated_at desc limit 1",
        *(kind, subject),
    )
    return meeting_id


async def of_body(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return every matter of a council with its state, the newest first."""
    rows = await tx.fetch("select * from matter where body_id = $1 order by raised_at desc, matter_id", body_id)
    return [dict(row) for row in rows]


def _matter(row: Any) -> Matter:  # noqa: ANN401  a record of asyncpg, which has no types
    names = ("matter_id", "body_id", "kind", "subject", "title", "paragraph", "mandatory", "must_decide")
    return Matter(*(row[name] for name in names))
