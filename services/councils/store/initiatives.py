"""The SQL of initiatives: what they rest on, how they go, and what they lack."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.store.rows import Row


async def is_dual(tx: Tx, body_id: UUID, year: int, focus_area: str | None) -> bool:
    """Say whether a focus area has a dual approach: by the published plan, or by what it holds already."""
    return bool(
        await tx.fetchval(
            "select exists (select from initiative where body_id = $1 and year = $2 and focus_area = $3"
            " and level is not null) or exists (select from samarbejdsplan_edition,"
            " jsonb_array_elements(coalesce(content->'document'->'focus_areas', '[]')) area"
            " where year = $2 and area->>'title' = $3 and jsonb_array_length(area->'approach') > 1)",
            *(body_id, year, focus_area),
        )
    )


async def known(tx: Tx, body_id: UUID, wanted: set[str]) -> set[str]:
    """Return those ids that are initiatives of a council."""
    rows = await tx.fetch(
        "select initiative_id::text as id from initiative where body_id = $1 and initiative_id = any($2::uuid[])",
        *(body_id, sorted(wanted)),
    )
    return {row["id"] for row in rows}


async def open_goals(tx: Tx, goals: Sequence[UUID]) -> int:
    """Return how many of these are open goals."""
    found: int = await tx.fetchval("select count(*) from goal where goal_id = any($1) and state = 'open'", list(goals))
    return found


async def serving(tx: Tx, goal_id: UUID, body_id: UUID) -> int:
    """Return how many initiatives of a council serve a goal."""
    found: int = await tx.fetchval(
        "select count(*) from initiative_goal where goal_id = $1 and body_id = $2", goal_id, body_id
    )
    return found


async def result(tx: Tx, its_id: UUID) -> Row | None:
    """Return what came of an initiative."""
    row = await tx.fetchrow("select * from measured_result where of_kind = 'initiative' and of_id = $1", its_id)
    return None if row is None else dict(row)


async def listed(tx: Tx, body_id: UUID, year: int | None) -> list[Row]:
    """Return a council's initiatives: those whose day has passed first, then by the day."""
    rows = await tx.fetch(
        "select i.*, array(select goal_id from initiative_goal g where g.initiative_id = i.initiative_id) as goals,"
        " state in ('planned', 'running') and target_on < (clock() at time zone 'Europe/Copenhagen')::date as overdue,"
        " r.value as result, r.note as result_note, r.missed from initiative i left join measured_result r"
        " on r.of_kind = 'initiative' and r.of_id = i.initiative_id"
        " where i.body_id = $1 and ($2::integer is null or i.year = $2)"
        " order by overdue desc, target_on, initiative_id",
        *(body_id, year),
    )
    return [dict(row) for row in rows]


async def plan_is_draft(tx: Tx, body_id: UUID, year: int) -> bool:
    """Say whether a council's plan of a year is a draft, or not begun."""
    stands: bool = await tx.fetchval(
        "select exists (select from samarbejdsplan where kredsraad_id = $1 and year = $2 and state <> 'draft')"
        " or exists (select from local_plan where body_id = $1 and year = $2 and state <> 'draft')",
        *(body_id, year),
    )
    return not stands


async def changes(tx: Tx, body_id: UUID, its_id: UUID | None = None) -> list[dict[str, Any]]:
    """Return what was changed in a council's initiatives, or in one: what it said before, who, when and why."""
    rows = await tx.fetch(
        "select initiative_id, number, fact, was, became, reason, authority, changed_by, changed_at"
        " from initiative_change where body_id = $1 and ($2::uuid is null or initiative_id = $2)"
        " order by initiative_id, number, fact",
        *(body_id, its_id),
    )
    return [dict(row) for row in rows]


async def notes(tx: Tx, its_id: UUID) -> list[dict[str, Any]]:
    """Return how an initiative went, from the first note."""
    rows = await tx.fetch(
        "select number, state, note, noted_at from initiative_note where initiative_id = $1 order by number", its_id
    )
    return [dict(row) for row in rows]
