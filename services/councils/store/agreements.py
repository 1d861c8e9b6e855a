"""The SQL of the political agreement and of what others require of the samarbejdsmodel."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.store.rows import Row


async def listed(tx: Tx, plan_year: int | None) -> list[dict[str, Any]]:
    """Return the agreements to which a year's plan leads, or all, with their areas."""
    rows = await tx.fetch(
        "select * from agreement where $1::integer is null or $1 = any(plan_years) order by first_year desc", plan_year
    )
    areas = await tx.fetch("select agreement_id, place, title, chosen from agreement_area order by place")
    of = [(one["agreement_id"], {name: one[name] for name in ("place", "title", "chosen")}) for one in areas]
    return [dict(row) | {"areas": [its for its_id, its in of if its_id == row["agreement_id"]]} for row in rows]


async def statuses(tx: Tx, agreement_id: UUID, year: int) -> list[dict[str, Any]]:
    """Return how far each initiative of an agreement is in a year; nothing where nobody has said."""
    rows = await tx.fetch(
        "select i.*, s.status, s.note from agreement_initiative i left join agreement_status s"
        " on s.agreement_initiative_id = i.agreement_initiative_id and s.year = $2"
        " where i.agreement_id = $1 order by mark, area nulls last, title",
        *(agreement_id, year),
    )
    return [dict(row) for row in rows]


async def set_area(tx: Tx, agreement_id: UUID, place: int, title: str, *, chosen: bool) -> bool:
    """Save what an area is called and whether the district chose it; False where there is no such area."""
    status = await tx.execute(
        "update agreement_area set title = $3, chosen = $4 where agreement_id = $1 and place = $2",
        *(agreement_id, place, title, chosen),
    )
    return status == "UPDATE 1"


async def set_status(tx: Tx, facts: Row) -> None:
    """Save how far an initiative is in a year; the last word counts."""
    names = ("agreement_initiative_id", "year", "body_id", "status", "note")
    await tx.execute(
        "insert into agreement_status (agreement_initiative_id, year, body_id, status, note)"
        " values ($1, $2, $3, $4, $5) on conflict (agreement_initiative_id, year)"
        " do update set status = excluded.status, note = excluded.note, set_at = clock()",
        *(facts[name] for name in names),
    )


async def answer(tx: Tx, requirement_id: UUID, state: str, reason: str | None) -> None:
    """Save how a requirement was answered."""
    await tx.change_one(
        "update external_requirement set state = $2, reason = $3 where requirement_id = $1",
        *(requirement_id, state, reason),
    )
