"""The SQL of councils: loading with the row locked, and saving."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from chassis.database import Tx
from services.councils.domain.document import Document, as_json
from services.councils.domain.kredsraad import Kredsraad, OfficeTerm, Seat, SeatOffice
from services.councils.domain.lokalraad import Lokalraad, LokalraadSeat, Side
from services.councils.domain.samarbejdsplan import Samarbejdsplan, Sheet, Signature, State

_DOCUMENT = TypeAdapter(Document)


async def now(tx: Tx) -> datetime:
    """Return the service's time."""
    at: datetime = await tx.fetchval("select clock()")
    return at


async def lock_district(tx: Tx, district: str) -> UUID | None:
    """Keep others from establishing a kredsraad for the district just now; return the one that it has."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"district {district}")
    found: UUID | None = await tx.fetchval("select kredsraad_id from kredsraad where district = $1", district)
    return found


async def add_kredsraad(tx: Tx, new: Kredsraad, at: datetime) -> None:
    """Save a kredsraad with its seats and who holds them."""
    await tx.execute(
        "insert into kredsraad (kredsraad_id, district, in_service, established_at) values ($1, $2, $3, $4)",
        *(new.kredsraad_id, new.district, new.in_service, at),
    )
    await tx.executemany(
        "insert into kredsraad_seat (kredsraad_id, place, authority, office, chair, title)"
        " values ($1, $2, $3, $4, $5, $6)",
        [
            (new.kredsraad_id, place, seat.authority, seat.office, seat.chair, seat.title)
            for place, seat in enumerate(new.seats, 1)
        ],
    )
    await tx.executemany(
        "insert into office_term (kredsraad_id, authority, office, holder, valid_from, valid_to)"
        " values ($1, $2, $3, $4, $5, $6)",
        [
            (new.kredsraad_id, seat.authority, seat.office, seat.term.holder, seat.term.valid_from, seat.term.valid_to)
            for seat in new.seats
        ],
    )


async def lock_kredsraad(tx: Tx, on: date | None) -> Kredsraad | None:
    """Return the kredsraad, locked, with those who held its offices on a day; today's when no day is given."""
    await tx.execute("select kredsraad_id from kredsraad for update")
    return await kredsraad(tx, on)


async def kredsraad(tx: Tx, on: date | None) -> Kredsraad | None:
    """Return the kredsraad with the terms that began last by a day, ended or not."""
    rows = await tx.fetch(
        "select distinct on (place) * from kredsraad join kredsraad_seat using (kredsraad_id)"
        " join office_term using (kredsraad_id, authority, office)"
        " order by place, (valid_from <= coalesce($1, (clock() at time zone 'Europe/Copenhagen')::date)) desc,"
        " valid_from desc",
        on,
    )
    if not rows:
        return None
    first = rows[0]
    return Kredsraad(
        kredsraad_id=first["kredsraad_id"],
        district=first["district"],
        in_service=first["in_service"],
        seats=tuple(_seat(row) for row in rows),
    )


async def lokalraad_of(tx: Tx, kommunekode: str) -> UUID | None:
    """Return the lokalraad of a municipality; the kredsraad's row must be locked."""
    found: UUID | None = await tx.fetchval("select lokalraad_id from lokalraad where kommunekode = $1", kommunekode)
    return found


async def add_lokalraad(tx: Tx, new: Lokalraad, at: datetime) -> None:
    """Save a lokalraad with its seats."""
    await tx.execute(
        "insert into lokalraad (lokalraad_id, kredsraad_id, kommunekode, in_service, established_at)"
        " values ($1, $2, $3, $4, $5)",
        *(new.lokalraad_id, new.kredsraad_id, new.kommunekode, new.in_service, at),
    )
    await tx.executemany(
        "insert into lokalraad_seat (lokalraad_id, side, authority, office) values ($1, $2, $3, $4)",
        [(new.lokalraad_id, seat.side, seat.authority, seat.office) for seat in new.seats],
    )


async def all_lokalraad(tx: Tx) -> list[Lokalraad]:
    """Return every lokalraad, by kommunekode."""
    rows = await tx.fetch("select * from lokalraad join lokalraad_seat using (lokalraad_id) order by kommunekode, side")
    seats: dict[UUID, list[LokalraadSeat]] = {}
    for row in rows:
        seat = LokalraadSeat(Side(row["side"]), row["authority"], row["office"])
        seats.setdefault(row["lokalraad_id"], []).append(seat)
    by_id = {row["lokalraad_id"]: row for row in rows}
    return [
        Lokalraad(key, row["kredsraad_id"], row["kommunekode"], row["in_service"], tuple(seats[key]))
        for key, row in by_id.items()
    ]


async def plan_of(tx: Tx, year: int) -> UUID | None:
    """Return the plan of a year; the kredsraad's row must be locked."""
    found: UUID | None = await tx.fetchval("select samarbejdsplan_id from samarbejdsplan where year = $1", year)
    return found


async def add_plan(tx: Tx, plan: Samarbejdsplan, at: datetime) -> None:
    """Save a new plan."""
    await tx.execute(
        "insert into samarbejdsplan (samarbejdsplan_id, kredsraad_id, year, state, document, version, drafted_at)"
        " values ($1, $2, $3, $4, $5::jsonb, $6, $7)",
        *(plan.samarbejdsplan_id, plan.kredsraad_id, plan.year, plan.state, as_json(plan.document), plan.version, at),
    )


async def lock_plan(tx: Tx, year: int) -> Samarbejdsplan | None:
    """Return the plan of a year, its row locked, with the signatures so far."""
    row = await tx.fetchrow("select * from samarbejdsplan where year = $1 for update", year)
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
        "update samarbejdsplan set place = $2, signed_on = $3, signed_text = $4 where samarbejdsplan_id = $1",
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


def _seat(row: Any) -> Seat:  # noqa: ANN401  a record of asyncpg, which has no types
    term = OfficeTerm(row["holder"], row["valid_from"], row["valid_to"])
    return Seat(row["authority"], SeatOffice(row["office"]), row["chair"], row["title"], term)
