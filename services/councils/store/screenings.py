"""The SQL of screenings: area counts in, one run a quarter out."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.screening import Counted


async def put_counts(tx: Tx, year: int, quarter: int, counts: Sequence[Counted]) -> None:
    """Save a quarter's counts in place of those that were there."""
    await tx.execute("delete from screening_count where year = $1 and quarter = $2", year, quarter)
    await tx.executemany(
        "insert into screening_count (year, quarter, kommunekode, title, count) values ($1, $2, $3, $4, $5)",
        [(year, quarter, one.kommunekode, one.title, one.count) for one in counts],
    )


async def counts(tx: Tx, year: int, quarter: int) -> list[Counted]:
    """Return a quarter's counts."""
    rows = await tx.fetch(
        "select kommunekode, title, count from screening_count where year = $1 and quarter = $2"
        " order by kommunekode, title",
        *(year, quarter),
    )
    return [Counted(row["kommunekode"], row["title"], row["count"]) for row in rows]


async def planned(tx: Tx, year: int, quarter: int) -> UUID:
    """Return the screening of a quarter, which is planned from now on where it was not."""
    await tx.execute(
        "insert into crime_screening (crime_screening_id, year, quarter) values ($1, $2, $3) on conflict do nothing",
        *(new_id(), year, quarter),
    )
    found: UUID = await tx.fetchval(
        "select crime_screening_id from crime_screening where year = $1 and quarter = $2", year, quarter
    )
    return found


async def locked(tx: Tx, screening_id: UUID) -> Any:  # noqa: ANN401  a record of asyncpg, which has no types
    """Return a screening, locked."""
    return await tx.fetchrow("select * from crime_screening where crime_screening_id = $1 for update", screening_id)


async def complete(tx: Tx, screening_id: UUID, sha256: str, found: list[dict[str, Any]]) -> int:
    """Save what a screening gave; return the number of its event."""
    version: int = await tx.fetchval(
        "update crime_screening set sha256 = $2, found = $3::jsonb, completed_at = clock(), version = version + 1"
        " where crime_screening_id = $1 returning version",
        *(screening_id, sha256, json.dumps(found, ensure_ascii=False)),
    )
    return version


async def listed(tx: Tx) -> list[dict[str, Any]]:
    """Return every screening, the newest quarter first."""
    rows = await tx.fetch(
        "select crime_screening_id, year, quarter, sha256, found, completed_at from crime_screening"
        " order by year desc, quarter desc"
    )
    return [dict(row) | {"found": json.loads(row["found"]) if row["found"] else None} for row in rows]
