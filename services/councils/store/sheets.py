"""The SQL of signed sheets: recorded by one person, confirmed by another."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.papers import Paper
from services.councils.domain.samarbejdsplan import Sheet
from services.councils.domain.signing import Recorded

_SHEET = TypeAdapter(Sheet)


async def record(tx: Tx, plan_id: UUID, sheet: Sheet, paper: Paper) -> UUID:
    """Save what somebody read off a signed sheet, and which paper shows it; return its id."""
    sheet_id = new_id()
    await tx.execute(
        "insert into signed_sheet (sheet_id, samarbejdsplan_id, sheet, paper_id, file_sha256, recorded_by)"
        " values ($1, $2, $3::jsonb, $4, $5, $6)",
        *(sheet_id, plan_id, _SHEET.dump_json(sheet).decode(), paper.id, paper.content.sha256, tx.principal.subject),
    )
    return sheet_id


async def locked(tx: Tx, sheet_id: UUID) -> Recorded | None:
    """Return a recorded sheet, locked."""
    row = await tx.fetchrow("select * from signed_sheet where sheet_id = $1 for update", sheet_id)
    if row is None:
        return None
    return Recorded(
        sheet_id,
        row["samarbejdsplan_id"],
        _SHEET.validate_json(row["sheet"]),
        row["file_sha256"],
        row["recorded_by"],
        row["confirmed_at"] is not None,
    )


async def confirm(tx: Tx, sheet_id: UUID) -> None:
    """Save that a second person has confirmed a sheet."""
    await tx.change_one(
        "update signed_sheet set confirmed_by = $2, confirmed_at = clock() where sheet_id = $1",
        *(sheet_id, tx.principal.subject),
    )


async def waiting(tx: Tx, plan_id: UUID) -> list[dict[str, object]]:
    """Return the recorded sheets of a plan, with who recorded and who confirmed them."""
    rows = await tx.fetch(
        "select sheet_id, paper_id, file_sha256, recorded_by, recorded_at, confirmed_by, confirmed_at"
        " from signed_sheet where samarbejdsplan_id = $1 order by recorded_at",
        plan_id,
    )
    return [dict(row) for row in rows]


async def unconfirmed(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    """Return the sheets that wait for a second person, with what was read off them, the oldest first."""
    rows = await tx.fetch(
        "select sheet_id, sheet, paper_id, file_sha256, recorded_by, recorded_at from signed_sheet"
        " where samarbejdsplan_id = $1 and confirmed_at is null order by recorded_at, sheet_id",
        plan_id,
    )
    return [dict(row) | {"sheet": _SHEET.validate_json(row["sheet"])} for row in rows]


async def names(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    """Return the names under a plan with the day of each, and when it was entered."""
    rows = await tx.fetch(
        "select authority, office, name, signed_on, recorded_at from samarbejdsplan_signature"
        " where samarbejdsplan_id = $1",
        plan_id,
    )
    return [dict(row) for row in rows]
