"""Deliveries of registrations: where each goes on, and which of its lines could not be taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that could not be taken: number, reason and field, never its content."""

    line: int
    reason: str
    field: str | None = None


@dataclass(slots=True)
class Counts:
    """What became of lines."""

    accepted: int = 0
    repeated: int = 0
    dropped: int = 0
    refused: int = 0


async def begin(tx: Tx, import_id: UUID, authority: str) -> int | None:
    """Return where a delivery goes on; a new one begins with line 1, and another authority's is not there."""
    await tx.execute(
        "insert into import (import_id, authority) values ($1, $2) on conflict do nothing", import_id, authority
    )
    line: int | None = await tx.fetchval("select next_line from import where import_id = $1", import_id)
    return line


async def lock(tx: Tx, import_id: UUID) -> int:
    """Lock a delivery and return the next line that it expects."""
    line: int = await tx.fetchval("select next_line from import where import_id = $1 for update", import_id)
    return line


async def advance(tx: Tx, import_id: UUID, next_line: int, counts: Counts, faults: Sequence[Fault]) -> None:
    """Say that all lines before `next_line` are dealt with, and how."""
    await tx.change_one(
        "update import set next_line = $2, accepted = accepted + $3, repeated = repeated + $4,"
        " dropped = dropped + $5, refused = refused + $6, ended_at = null where import_id = $1 and next_line < $2",
        *(import_id, next_line, counts.accepted, counts.repeated, counts.dropped, counts.refused),
    )
    await tx.executemany(
        "insert into import_refused_line (import_id, line, reason, field) values ($1, $2, $3, $4)",
        [(import_id, fault.line, fault.reason, fault.field) for fault in faults],
    )


async def end(tx: Tx, import_id: UUID) -> Any | None:  # noqa: ANN401  a database row
    """Mark a delivery as read to its end; None when it was so marked before and nothing has come since."""
    return await tx.fetchrow(
        "update import set ended_at = clock(), version = version + 1 where import_id = $1 and ended_at is null"
        " returning *, clock() as now",
        import_id,
    )


async def report(tx: Tx, import_id: UUID, most_faults: int) -> dict[str, Any] | None:
    """Return how far a delivery has come, with the first of its refused lines; another authority's is not there."""
    row = await tx.fetchrow("select * from import where import_id = $1", import_id)
    if row is None:
        return None
    faults = await tx.fetch(
        "select line, reason, field from import_refused_line where import_id = $1 order by line limit $2",
        *(import_id, most_faults),
    )
    names = ("next_line", "accepted", "repeated", "dropped", "refused")
    return {
        "import_id": import_id,
        **{name: row[name] for name in names},
        "ended": row["ended_at"] is not None,
        "faults": [{name: value for name, value in fault.items() if value is not None} for fault in faults],
    }
