"""The staff's log: entries are added under the activation's lock, and nothing else is ever done with them."""

from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.log import START_OF_CHAIN, Chained, Entry, Kind

if TYPE_CHECKING:
    from asyncpg import Record


async def last(tx: Tx, activation_id: UUID) -> tuple[int, str]:
    """Return the number and the hash of the newest entry; of none where there is none."""
    row = await tx.fetchrow(
        "select number, hash from log_entry where activation_id = $1 order by number desc limit 1", activation_id
    )
    return (row["number"], row["hash"]) if row else (0, START_OF_CHAIN)


async def add(tx: Tx, one: Chained) -> None:
    """Save an entry; the database refuses one that does not follow the last."""
    said = one.entry
    await tx.execute(
        "insert into log_entry (activation_id, number, kind, text, written_at, written_by, authority, automatic,"
        " previous, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(said.activation_id, said.number, said.kind, said.text, said.at, said.by, said.authority, said.automatic),
        *(one.previous, one.hash),
    )


async def entries(tx: Tx, activation_id: UUID, after: int, at_most: int | None) -> list[Chained]:
    """Return the entries after a number, in order; all of them where no bound is given."""
    rows = await tx.fetch(
        "select * from log_entry where activation_id = $1 and number > $2 order by number limit $3",
        *(activation_id, after, at_most),
    )
    return [_entry(row) for row in rows]


def _entry(row: "Record") -> Chained:
    said = Entry(
        activation_id=row["activation_id"],
        number=row["number"],
        at=row["written_at"],
        kind=Kind(row["kind"]),
        text=row["text"],
        by=row["written_by"],
        authority=row["authority"],
        automatic=row["automatic"],
    )
    return Chained(said, row["previous"], row["hash"])
