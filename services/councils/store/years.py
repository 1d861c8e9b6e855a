"""The SQL of year wheels: what was told of each council's year."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id


@dataclass(frozen=True, slots=True)
class Year:
    """What was told of one year of a council."""

    id: UUID
    told: int
    warned: tuple[str, ...]


async def known(tx: Tx, body_id: UUID, year: int) -> bool:
    """Say whether a year was looked at before."""
    return bool(
        await tx.fetchval("select exists (select from year_wheel where body_id = $1 and year = $2)", body_id, year)
    )


async def locked(tx: Tx, body_id: UUID, year: int) -> Year:
    """Return a year with its row locked, as the service itself; a new one where there was none."""
    await tx.execute(
        "insert into year_wheel (year_wheel_id, body_id, year) values ($1, $2, $3) on conflict do nothing",
        *(new_id(), body_id, year),
    )
    row: Any = await tx.fetchrow("select * from year_wheel where body_id = $1 and year = $2 for update", body_id, year)
    return Year(row["year_wheel_id"], row["told"], tuple(row["warned"]))


async def save(tx: Tx, year: Year, told: int, warned: list[str]) -> None:
    """Save what has been told."""
    await tx.change_one(
        "update year_wheel set told = $3, warned = $4 where year_wheel_id = $1 and told = $2",
        *(year.id, year.told, told, warned),
    )
