"""The SQL of the police district's website: where an edition is said to stand, and when somebody last saw it there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx


@dataclass(frozen=True, slots=True)
class Website:
    """Where an edition of a plan stands outside Samvirke."""

    plan_id: UUID
    edition: int
    document_sha256: str
    address: str
    due: bool


async def expect(tx: Tx, plan_id: UUID, edition: int, document_sha256: str) -> None:
    """Say that an edition is to stand on the website; the address of an earlier one stays, and is looked at anew."""
    await tx.execute(
        "insert into plan_website (samarbejdsplan_id, edition, document_sha256, due_since) values ($1, $2, $3, clock())"
        " on conflict (samarbejdsplan_id) do update set edition = $2, document_sha256 = $3, found = 'unchecked',"
        " due_since = clock()",
        *(plan_id, edition, document_sha256),
    )


async def locked(tx: Tx, plan_id: UUID) -> Website | None:
    """Return where a plan stands, its row locked."""
    return _website(await tx.fetchrow("select * from plan_website where samarbejdsplan_id = $1 for update", plan_id))


async def set_address(tx: Tx, plan_id: UUID, address: str) -> None:
    """Save where a plan stands; nobody has looked there yet."""
    await tx.change_one(
        "update plan_website set address = $2, found = 'unchecked', due_since = coalesce(due_since, clock())"
        " where samarbejdsplan_id = $1",
        *(plan_id, address),
    )


async def checked(tx: Tx, plan_id: UUID, found: str) -> None:
    """Save what somebody found at the address just now."""
    await tx.change_one(
        "update plan_website set found = $2, checked_by = $3, checked_at = clock(), due_since = null"
        " where samarbejdsplan_id = $1",
        *(plan_id, found, tx.principal.subject),
    )


async def due(tx: Tx, plan_id: UUID) -> None:
    """Say that somebody should look."""
    await tx.change_one(
        "update plan_website set due_since = coalesce(due_since, clock()) where samarbejdsplan_id = $1", plan_id
    )


async def waiting(tx: Tx) -> list[Website]:
    """Return what should be looked at and has an address."""
    rows = await tx.fetch("select * from plan_website where due_since is not null and address <> '' order by due_since")
    return [one for row in rows if (one := _website(row))]


async def shown(tx: Tx, plan_id: UUID) -> dict[str, Any] | None:
    """Return where a plan stands, and what was last found there."""
    row = await tx.fetchrow(
        "select edition, document_sha256, address, found, checked_by, checked_at, due_since from plan_website"
        " where samarbejdsplan_id = $1",
        plan_id,
    )
    return None if row is None else dict(row)


def _website(row: Any) -> Website | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    edition, sha256, address = row["edition"], row["document_sha256"], row["address"]
    return Website(row["samarbejdsplan_id"], edition, sha256, address, row["due_since"] is not None)
