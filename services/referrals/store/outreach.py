"""Which unit of the police told whom of Offerrådgivningen, and when: no victim stands here."""

from datetime import date
from uuid import UUID

from chassis.database import Tx


async def add(tx: Tx, outreach_id: UUID, unit: str, held_on: date) -> bool:
    """Save one; False where the unit's of that day is there."""
    status = await tx.execute(
        "insert into outreach (outreach_id, unit, held_on, recorded_by) values ($1, $2, $3, $4) on conflict do nothing",
        *(outreach_id, unit, held_on, tx.principal.subject),
    )
    return status == "INSERT 0 1"


async def times(tx: Tx, year: int) -> dict[str, int]:
    """Return how often each unit reached out in a year."""
    rows = await tx.fetch(
        "select unit, count(*) as times from outreach where extract(year from held_on) = $1 group by unit", year
    )
    return {row["unit"]: row["times"] for row in rows}
