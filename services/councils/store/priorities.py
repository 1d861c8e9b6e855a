"""The SQL of priorities: what stands on a council's list of a year, and where."""

from uuid import UUID

from chassis.database import Tx
from services.councils.store.rows import Row


async def drop_all(tx: Tx, body_id: UUID, year: int) -> None:
    """Take everything off a list, for it to be put in its order anew."""
    await tx.execute("update priority set rank = null where body_id = $1 and year = $2", body_id, year)


async def save(tx: Tx, body_id: UUID, year: int, priority_id: UUID, facts: Row) -> None:
    """Save a priority in its place."""
    names = ("kind", "title", "owner_party", "coordinated_with", "rank")
    await tx.execute(
        "insert into priority (priority_id, body_id, year, kind, title, owner_party, coordinated_with, rank)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (priority_id) do update set kind = excluded.kind,"
        " title = excluded.title, owner_party = excluded.owner_party, coordinated_with = excluded.coordinated_with,"
        " rank = excluded.rank",
        *(priority_id, body_id, year, *(facts[name] for name in names)),
    )
