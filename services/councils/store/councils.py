"""The SQL of kredsraad and lokalraad: who sits on them, loading with the row locked, and saving."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.kredsraad import Kredsraad, OfficeTerm, Seat, SeatOffice
from services.councils.domain.lokalraad import Lokalraad, LokalraadSeat, Side


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


def _seat(row: Any) -> Seat:  # noqa: ANN401  a record of asyncpg, which has no types
    term = OfficeTerm(row["holder"], row["valid_from"], row["valid_to"])
    return Seat(row["authority"], SeatOffice(row["office"]), row["chair"], row["title"], term)
