"""The SQL of the yearly plan: loading with the row locked, and saving."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from chassis.database import Tx
from services.councils.domain.document import Document, as_json
from services.councils.domain.kredsraad import SeatOffice
from services.councils.domain.plan_year import Timetable
from services.councils.domain.samarbejdsplan import Samarbejdsplan, Sheet, Signature, State

_DOCUMENT = TypeAdapter(Document)


async def plan_of(tx: Tx, year: int) -> UUID | None:
    """Return the plan of a year; the kredsraad's row must be locked."""
    found: UUID | None = await tx.fetchval("select samarbejdsplan_id from samarbejdsplan where year = $1", year)
    return found


async def add_plan(tx: Tx, plan: Samarbejdsplan, at: datetime) -> None:
    """Save a new plan."""
    await tx.execute(
        "insert into samarbejdsplan"
        " (samarbejdsplan_id, kredsraad_id, year, state, document, version, drafted_at, history)"
        " values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)",
        *(plan.samarbejdsplan_id, plan.kredsraad_id, plan.year, plan.state, as_json(plan.document), plan.version, at),
        plan.history,
    )


async def lock_plan(tx: Tx, year: int) -> Samarbejdsplan | None:
    """Return the plan of a year, its row locked, with the signatures so far."""
    return await _plan(tx, "year = $1 for update", year)


async def lock_plan_by_id(tx: Tx, plan_id: UUID) -> Samarbejdsplan | None:
    """Return a plan, its row locked, with the signatures so far."""
    return await _plan(tx, "samarbejdsplan_id = $1 for update", plan_id)


async def found(tx: Tx, year: int) -> Samarbejdsplan | None:
    """Return the plan of a year as somebody on the kredsraad reads it; its row is not locked."""
    return await _plan(tx, "year = $1", year)


async def found_by_id(tx: Tx, plan_id: UUID) -> Samarbejdsplan | None:
    """Return a plan as somebody on the kredsraad reads it; its row is not locked."""
    return await _plan(tx, "samarbejdsplan_id = $1", plan_id)


async def _plan(tx: Tx, wanted: str, value: object) -> Samarbejdsplan | None:
    row = await tx.fetchrow(f"select * from samarbejdsplan where {wanted}", value)  # noqa: S608  words of the code
    if row is None:
        return None
    signatures = await tx.fetch(
        "select authority, office, name from samarbejdsplan_signature where samarbejdsplan_id = $1"
        " order by authority, office",
        row["samarbejdsplan_id"],
    )
    return Samarbejdsplan(
        samarbejdsplan_id=row["samarbejdsplan_id"],
        kredsraad_id=row["kredsraad_id"],
        year=row["year"],
        document=_DOCUMENT.validate_json(row["document"]),
        state=State(row["state"]),
        version=row["version"],
        signatures=tuple(Signature(one["authority"], SeatOffice(one["office"]), one["name"]) for one in signatures),
        history=row["history"],
    )


async def tell(tx: Tx, plan_id: UUID) -> int:
    """Count one more event of a plan's making; return its number. The plan's row must be locked."""
    number: int = await tx.fetchval(
        "update samarbejdsplan set told = told + 1 where samarbejdsplan_id = $1 returning told", plan_id
    )
    return number


async def set_timetable(tx: Tx, plan_id: UUID, days: Timetable) -> None:
    """Save when lokalraad propose something for a plan, and when their chairs are asked."""
    await tx.change_one(
        "update samarbejdsplan set proposals_from = $2, proposals_until = $3, chairs_asked_from = $4,"
        " chairs_answer_by = $5 where samarbejdsplan_id = $1",
        *(plan_id, days.proposals_from, days.proposals_until, days.chairs_asked_from, days.chairs_answer_by),
    )


async def timetable(tx: Tx, plan_id: UUID) -> Timetable | None:
    """Return the days of a plan's making; none for a plan from paper."""
    row = await tx.fetchrow(
        "select proposals_from, proposals_until, chairs_asked_from, chairs_answer_by from samarbejdsplan"
        " where samarbejdsplan_id = $1 and proposals_from is not null",
        plan_id,
    )
    return None if row is None else Timetable(*row.values())


async def drop_signatures(tx: Tx, plan_id: UUID) -> None:
    """Let go of the names under a published text: its edition keeps them, and a correction is signed anew."""
    await tx.execute("delete from samarbejdsplan_signature where samarbejdsplan_id = $1", plan_id)
    await tx.change_one(
        "update samarbejdsplan set place = null, signed_on = null, signed_text = null where samarbejdsplan_id = $1",
        plan_id,
    )


async def save_plan(tx: Tx, plan: Samarbejdsplan) -> int:
    """Save a plan's text and state as its next version, which is returned."""
    await tx.change_one(
        "update samarbejdsplan set state = $3, document = $4::jsonb, version = version + 1"
        " where samarbejdsplan_id = $1 and version = $2",
        *(plan.samarbejdsplan_id, plan.version, plan.state, as_json(plan.document)),
    )
    return plan.version + 1


async def add_signatures(tx: Tx, plan: Samarbejdsplan, sheet: Sheet, by: str, at: datetime) -> None:
    """Save the names on a sheet, each once, with where and when it was signed."""
    await tx.executemany(
        "insert into samarbejdsplan_signature"
        " (samarbejdsplan_id, authority, office, name, signed_on, document_sha256, recorded_by, recorded_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        [
            (
                *(plan.samarbejdsplan_id, one.authority, one.office, one.name),
                *(sheet.signed_on, sheet.document_sha256, by, at),
            )
            for one in sheet.signatures
        ],
    )
    await tx.change_one(
        "update samarbejdsplan set place = $2, signed_on = greatest(signed_on, $3), signed_text = $4"
        " where samarbejdsplan_id = $1",
        *(plan.samarbejdsplan_id, sheet.place, sheet.signed_on, sheet.text),
    )


async def signed(tx: Tx, plan: Samarbejdsplan) -> dict[str, Any]:
    """Return where, when and by whom a plan is signed, in the order of the seats."""
    row = await tx.fetchrow(
        "select place, signed_on, signed_text as text from samarbejdsplan where samarbejdsplan_id = $1",
        plan.samarbejdsplan_id,
    )
    names = await tx.fetch(
        "select name, title, authority, office, chair from samarbejdsplan_signature"
        " join kredsraad_seat using (authority, office) where samarbejdsplan_id = $1 and kredsraad_id = $2"
        " order by place",
        *(plan.samarbejdsplan_id, plan.kredsraad_id),
    )
    return {**dict(row or {}), "signatures": [dict(name) for name in names]}


async def next_edition(tx: Tx, year: int) -> int:
    """Return the number of the next edition; the plan's row must be locked."""
    number: int = await tx.fetchval(
        "select coalesce(max(edition), 0) + 1 from samarbejdsplan_edition where year = $1", year
    )
    return number


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition as everyone may read it."""

    year: int
    edition: int
    document_sha256: str
    published_at: datetime
    content: dict[str, Any]
    """`document` and `signed`."""


async def add_edition(tx: Tx, plan: Samarbejdsplan, new: Edition) -> None:
    """Save what is published; the database refuses any change to it from now on."""
    await tx.execute(
        "insert into samarbejdsplan_edition"
        " (samarbejdsplan_id, year, edition, document_sha256, published_at, content)"
        " values ($1, $2, $3, $4, $5, $6::jsonb)",
        *(plan.samarbejdsplan_id, new.year, new.edition, new.document_sha256, new.published_at),
        json.dumps(new.content, ensure_ascii=False, default=str),
    )


async def editions(tx: Tx, year: int) -> list[dict[str, Any]]:
    """Return the published editions of a year's plan, the newest first; the others are superseded."""
    rows = await tx.fetch(
        "select edition, document_sha256, published_at from samarbejdsplan_edition where year = $1"
        " order by edition desc",
        year,
    )
    states = ["published", *["superseded"] * len(rows)]
    return [dict(row) | {"state": state} for row, state in zip(rows, states, strict=False)]


async def edition(tx: Tx, year: int, number: int | None) -> Edition | None:
    """Return a published edition of a year's plan: the one asked for, or the newest."""
    row = await tx.fetchrow(
        "select year, edition, document_sha256, published_at, content from samarbejdsplan_edition"
        " where year = $1 and edition = coalesce($2, edition) order by edition desc limit 1",
        *(year, number),
    )
    if row is None:
        return None
    return Edition(**{**dict(row), "content": json.loads(row["content"])})
