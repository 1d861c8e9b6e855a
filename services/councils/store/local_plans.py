"""The SQL of lokalraad's yearly plans: loading with the row locked, saving, approvals and editions."""

import json
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from chassis.database import Tx
from services.councils.domain.local_plan import Approval, LocalDocument, LocalPlan, LocalState, local_json, local_sha256
from services.councils.domain.lokalraad import Side

_DOCUMENT = TypeAdapter(LocalDocument)


async def plan_of(tx: Tx, body_id: UUID, year: int) -> UUID | None:
    """Return the plan of a lokalraad and year; the body's row must be locked."""
    found: UUID | None = await tx.fetchval(
        "select local_plan_id from local_plan where body_id = $1 and year = $2", body_id, year
    )
    return found


async def add(tx: Tx, plan: LocalPlan) -> None:
    """Save a new plan."""
    await tx.execute(
        "insert into local_plan (local_plan_id, body_id, samarbejdsplan_id, year, state, document, version)"
        " values ($1, $2, $3, $4, $5, $6::jsonb, $7)",
        *(plan.local_plan_id, plan.body_id, plan.plan_id, plan.year, plan.state, local_json(plan.document)),
        plan.version,
    )


async def locked(tx: Tx, body_id: UUID, year: int) -> LocalPlan | None:
    """Return the plan of a lokalraad and year, its row locked, for somebody who sits there."""
    return await _plan(tx, "body_id = $1 and year = $2 for update", body_id, year)


async def locked_by_id(tx: Tx, local_plan_id: UUID) -> LocalPlan | None:
    """Return a local plan, its row locked."""
    return await _plan(tx, "local_plan_id = $1 for update", local_plan_id)


async def found_by_id(tx: Tx, local_plan_id: UUID) -> LocalPlan | None:
    """Return a local plan, to look at."""
    return await _plan(tx, "local_plan_id = $1", local_plan_id)


async def found(tx: Tx, body_id: UUID, year: int) -> LocalPlan | None:
    """Return the plan of a lokalraad and year as somebody who sits there reads it."""
    return await _plan(tx, "body_id = $1 and year = $2", body_id, year)


async def _plan(tx: Tx, wanted: str, *values: object) -> LocalPlan | None:
    row = await tx.fetchrow(f"select * from local_plan where {wanted}", *values)  # noqa: S608  words of the code
    if row is None:
        return None
    given = await approvals(tx, row["local_plan_id"])
    return LocalPlan(
        row["local_plan_id"],
        row["body_id"],
        row["samarbejdsplan_id"],
        row["year"],
        _DOCUMENT.validate_json(row["document"]),
        LocalState(row["state"]),
        row["version"],
        tuple(Approval(Side(one["side"]), one["subject"], one["holder"]) for one in given),
    )


async def save(tx: Tx, plan: LocalPlan) -> int:
    """Save a plan's text and state as its next version, which is returned."""
    await tx.change_one(
        "update local_plan set state = $3, document = $4::jsonb, version = version + 1"
        " where local_plan_id = $1 and version = $2",
        *(plan.local_plan_id, plan.version, plan.state, local_json(plan.document)),
    )
    return plan.version + 1


async def tell(tx: Tx, local_plan_id: UUID) -> int:
    """Count one more event of a local plan, whose row must be locked; return its number."""
    number: int = await tx.fetchval(
        "update local_plan set told = told + 1 where local_plan_id = $1 returning told", local_plan_id
    )
    return number


async def approvals(tx: Tx, local_plan_id: UUID) -> list[dict[str, Any]]:
    """Return who has approved a plan for which side and when, the oldest first."""
    rows = await tx.fetch(
        "select side, subject, holder, approved_at, document_sha256 from local_plan_approval"
        " where local_plan_id = $1 order by approved_at, subject",
        local_plan_id,
    )
    return [dict(row) for row in rows]


async def add_approval(tx: Tx, plan: LocalPlan, approval: Approval) -> None:
    """Save one approval of the text as it is."""
    await tx.execute(
        "insert into local_plan_approval (local_plan_id, subject, side, holder, document_sha256)"
        " values ($1, $2, $3, $4, $5)",
        *(plan.local_plan_id, approval.subject, approval.side, approval.holder, local_sha256(plan.document)),
    )


async def reset_approvals(tx: Tx, local_plan_id: UUID) -> int:
    """Let go of a plan's approvals; return how many there were."""
    status = await tx.execute("delete from local_plan_approval where local_plan_id = $1", local_plan_id)
    return int(status.rpartition(" ")[2])


async def in_state(tx: Tx, body_id: UUID, state: LocalState) -> list[tuple[UUID, int]]:
    """Return the plans of a lokalraad that have come so far, with their years."""
    rows = await tx.fetch(
        "select local_plan_id, year from local_plan where body_id = $1 and state = $2 order by year", body_id, state
    )
    return [(row["local_plan_id"], row["year"]) for row in rows]


async def of_year(tx: Tx, year: int) -> list[dict[str, Any]]:
    """Return each lokalraad with how far its plan of a year has come, as far as the asker may see it."""
    rows = await tx.fetch(
        "select body.body_id, kommunekode, in_service, local_plan_id, state from body"
        " left join local_plan p on p.body_id = body.body_id and p.year = $1"
        " where kind = 'lokalraad' order by kommunekode",
        year,
    )
    return [dict(row) for row in rows]


async def missing(tx: Tx, year: int) -> list[UUID]:
    """Return the lokalraad in service without an approved plan for a year."""
    rows = await tx.fetch(
        "select body_id from body where kind = 'lokalraad' and in_service <= make_date($1, 1, 1)"
        " and not exists (select from local_plan p where p.body_id = body.body_id and p.year = $1"
        " and p.state in ('approved', 'published')) order by kommunekode",
        year,
    )
    return [row["body_id"] for row in rows]


async def add_edition(tx: Tx, plan: LocalPlan, kommunekode: str, content: dict[str, Any]) -> int:
    """Save what is published as the next edition, whose number is returned; it never changes."""
    number: int = await tx.fetchval(
        "insert into local_plan_edition (local_plan_id, kommunekode, year, edition, document_sha256, content)"
        " values ($1, $2, $3, (select coalesce(max(edition), 0) + 1 from local_plan_edition"
        " where kommunekode = $2 and year = $3), $4, $5::jsonb) returning edition",
        *(plan.local_plan_id, kommunekode, plan.year, local_sha256(plan.document)),
        json.dumps(content, ensure_ascii=False, default=str),
    )
    return number


async def edition(tx: Tx, kommunekode: str, year: int, number: int | None) -> dict[str, Any] | None:
    """Return a published edition of a lokalraad's plan: the one asked for, or the newest."""
    row = await tx.fetchrow(
        "select kommunekode, year, edition, document_sha256, published_at, content from local_plan_edition"
        " where kommunekode = $1 and year = $2 and edition = coalesce($3, edition) order by edition desc limit 1",
        *(kommunekode, year, number),
    )
    return None if row is None else dict(row) | {"content": json.loads(row["content"])}


async def focus_areas(tx: Tx, year: int) -> dict[str, list[str]]:
    """Return what each lokalraad has chosen for a year, by municipality, as its newest published plan says."""
    rows = await tx.fetch(
        "select distinct on (kommunekode) kommunekode, content -> 'document' -> 'focus_areas' as areas"
        " from local_plan_edition where year = $1 order by kommunekode, edition desc",
        year,
    )
    return {row["kommunekode"]: [one["title"] for one in json.loads(row["areas"] or "[]")] for row in rows}
