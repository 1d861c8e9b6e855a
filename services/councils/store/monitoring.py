"""The SQL of monitoring: at most one at a time for an area, each kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id


@dataclass(frozen=True, slots=True)
class Monitoring:
    """How an area is followed: proportionate, on figures of the area alone (O-4.1-05)."""

    scope: str
    every_days: int
    review_on: date
    end_condition: str


async def running(tx: Tx, area_id: UUID) -> UUID | None:
    """Return the monitoring that is going on for an area."""
    found: UUID | None = await tx.fetchval(
        "select monitoring_id from area_monitoring where area_id = $1 and ended_at is null", area_id
    )
    return found


async def start(tx: Tx, area_id: UUID, new: Monitoring) -> UUID:
    """Save that an area is followed from now on."""
    monitoring_id = new_id()
    await tx.execute(
        "insert into area_monitoring (monitoring_id, area_id, scope, every_days, review_on, end_condition)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(monitoring_id, area_id, new.scope, new.every_days, new.review_on, new.end_condition),
    )
    return monitoring_id


async def review(tx: Tx, monitoring_id: UUID, finding: str, review_on: date) -> None:
    """Save what was found, and when it is looked at again."""
    await tx.change_one(
        "update area_monitoring set finding = $2, review_on = $3, reviewed_at = clock()"
        " where monitoring_id = $1 and ended_at is null",
        *(monitoring_id, finding, review_on),
    )


async def end(tx: Tx, monitoring_id: UUID, because: str) -> None:
    """Save that an area is followed no more, and why."""
    await tx.change_one(
        "update area_monitoring set ended_at = clock(), ended_because = $2"
        " where monitoring_id = $1 and ended_at is null",
        *(monitoring_id, because),
    )


async def without_ground(tx: Tx) -> list[Any]:
    """Return the areas that are followed and no longer stand with the crime criterion on the list in force."""
    return list(
        await tx.fetch(
            "select m.monitoring_id, m.area_id from area_monitoring m where m.ended_at is null and not exists"
            " (select from area_list l join listed_area n on n.area_list_id = l.area_list_id and n.edition = l.version"
            " where l.kind = 'forebyggelse' and n.area_id = m.area_id and n.crime_criterion and l.year ="
            " (select max(year) from area_list where kind = 'forebyggelse' and version > 0)) order by m.monitoring_id"
        )
    )
