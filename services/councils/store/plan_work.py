"""The SQL of the work on a plan, the kredsraad's or a lokalraad's: every saved text, and what is said about it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id


async def save_version(tx: Tx, plan_id: UUID, body_id: UUID, document: str) -> int:
    """Keep a text as the next version of a plan, whose row must be locked; return its number."""
    number: int = await tx.fetchval(
        "insert into plan_version (plan_id, number, body_id, document, saved_by)"
        " values ($1, (select coalesce(max(number), 0) + 1 from plan_version where plan_id = $1), $2, $3::jsonb, $4)"
        " returning number",
        *(plan_id, body_id, document, tx.principal.subject),
    )
    return number


async def versions(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    """Return who saved which version of a plan and when, the newest first; none where the plan is not the asker's."""
    rows = await tx.fetch(
        "select number, body_id, saved_by, saved_at from plan_version where plan_id = $1 order by number desc", plan_id
    )
    return [dict(row) for row in rows]


async def version(tx: Tx, plan_id: UUID, number: int) -> dict[str, Any] | None:
    """Return one saved text with who saved it and when."""
    row = await tx.fetchrow(
        "select number, document, saved_by, saved_at from plan_version where plan_id = $1 and number = $2",
        *(plan_id, number),
    )
    return None if row is None else dict(row) | {"document": json.loads(row["document"])}


async def newest(tx: Tx, plan_id: UUID) -> tuple[UUID, int] | None:
    """Return whose plan it is, by body, and the number of its newest version."""
    row = await tx.fetchrow(
        "select body_id, number from plan_version where plan_id = $1 order by number desc limit 1", plan_id
    )
    return None if row is None else (row["body_id"], row["number"])


async def comment(tx: Tx, plan_id: UUID, of: tuple[UUID, int], section: str, text: str) -> UUID:
    """Save a comment on a section of a plan's newest version; return its id."""
    comment_id = new_id()
    body_id, number = of
    await tx.execute(
        "insert into plan_comment (comment_id, plan_id, body_id, section, version, text, made_by)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        *(comment_id, plan_id, body_id, section, number, text, tx.principal.subject),
    )
    return comment_id


async def comments(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    """Return what was said about a plan: open comments first, then the oldest."""
    rows = await tx.fetch(
        "select comment_id, section, version, text, authority, made_by, made_at, resolved_by, resolved_at,"
        " resolved_at is null as open from plan_comment where plan_id = $1"
        " order by resolved_at is not null, made_at, comment_id",
        plan_id,
    )
    return [dict(row) for row in rows]


async def resolve(tx: Tx, plan_id: UUID, comment_id: UUID) -> datetime | None:
    """Say that a comment needs no more; a second time changes nothing. None where it is not the asker's to resolve."""
    at: datetime | None = await tx.fetchval(
        "update plan_comment set resolved_at = coalesce(resolved_at, clock()), resolved_by = coalesce(resolved_by, $3)"
        " where plan_id = $1 and comment_id = $2 returning resolved_at",
        *(plan_id, comment_id, tx.principal.subject),
    )
    return at


async def every(tx: Tx) -> list[dict[str, Any]]:
    """Return the plans that the asker reaches with how far each has come: the newest year first, then by council."""
    rows = await tx.fetch(
        "select distinct on (coalesce(s.year, l.year), kommunekode, v.plan_id)"
        " v.plan_id, v.body_id, v.number, v.saved_at, kommunekode,"
        " coalesce(s.year, l.year) as year, coalesce(s.state, l.state) as state from plan_version v"
        " join body on body.body_id = v.body_id left join samarbejdsplan s on s.samarbejdsplan_id = v.plan_id"
        " left join local_plan l on l.local_plan_id = v.plan_id where coalesce(s.year, l.year) is not null"
        " order by coalesce(s.year, l.year) desc, kommunekode nulls first, v.plan_id, v.number desc"
    )
    return [dict(row) for row in rows]


async def before(tx: Tx, body_id: UUID, year: int) -> dict[str, Any] | None:
    """Return the newest text of a council's newest plan of an earlier year."""
    text = await tx.fetchval(
        "select document from plan_version where body_id = $1 and (document->>'year')::integer < $2"
        " order by (document->>'year')::integer desc, number desc limit 1",
        *(body_id, year),
    )
    return None if text is None else dict(json.loads(text))
