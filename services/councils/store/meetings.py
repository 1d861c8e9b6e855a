"""The SQL of meetings: loading with the row locked, saving, and who was there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.attendance import Attendance, SeatAt
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.kredsraad import SeatOffice
from services.councils.domain.meetings import Meeting, State
from services.councils.domain.places import seats_of_members
from services.councils.store import seats as who
from services.councils.store import vice_chairs

_LOAD = "select meeting.*, body.kind from meeting join body using (body_id) where"


async def add(tx: Tx, new: Meeting) -> None:
    """Save a planned meeting."""
    await tx.execute(
        "insert into meeting (meeting_id, body_id, ordinary, starts_at, ends_at, place, reason)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        *(new.id, new.body_id, new.ordinary, new.starts_at, new.ends_at, new.place, new.reason),
    )


async def found(tx: Tx, meeting_id: UUID) -> Meeting | None:
    """Return a meeting."""
    return _meeting(await tx.fetchrow(f"{_LOAD} meeting_id = $1", meeting_id))


async def locked(tx: Tx, meeting_id: UUID) -> Meeting | None:
    """Return a meeting with its row locked, for its council's secretariat or the service itself."""
    return _meeting(await tx.fetchrow(f"{_LOAD} meeting_id = $1 for update of meeting", meeting_id))


async def of_body(tx: Tx, body_id: UUID, year: int) -> list[Meeting]:
    """Return a council's meetings of a Danish calendar year, in order."""
    rows = await tx.fetch(
        f"{_LOAD} body_id = $1 and starts_at >= make_timestamptz($2, 1, 1, 0, 0, 0, 'Europe/Copenhagen')"
        " and starts_at < make_timestamptz($2 + 1, 1, 1, 0, 0, 0, 'Europe/Copenhagen') order by starts_at, meeting_id",
        *(body_id, year),
    )
    return [meeting for row in rows if (meeting := _meeting(row))]


async def around(tx: Tx, body_id: UUID, *, back_days: int) -> list[Meeting]:
    """Return the meetings of a council that lie ahead or not long back, in order."""
    rows = await tx.fetch(
        f"{_LOAD} body_id = $1 and starts_at > clock() - make_interval(days => $2) order by starts_at, meeting_id",
        *(body_id, back_days),
    )
    return [meeting for row in rows if (meeting := _meeting(row))]


async def with_open_minutes(tx: Tx, body_id: UUID, before: Meeting) -> list[UUID]:
    """Return the council's earlier meetings whose minutes are drafted and not approved, the oldest first."""
    rows = await tx.fetch(
        "select meeting_id from meeting where body_id = $1 and starts_at < $2 and state = 'minutes_drafted'"
        " order by starts_at, meeting_id",
        *(body_id, before.starts_at),
    )
    return [row["meeting_id"] for row in rows]


async def save(tx: Tx, before: Meeting, after: Meeting) -> None:
    """Save a locked meeting's new state."""
    await tx.change_one(
        "update meeting set starts_at = $3, ends_at = $4, place = $5, state = $6, version = $7, noticed_at = $8,"
        " agenda_sent_at = $9, sequence = $10, number = $11, quorate = $12, lacking = $13, open_to_public = $14,"
        " called_off = $15, answers_from = $16 where meeting_id = $1 and version = $2",
        *(after.id, before.version, after.starts_at, after.ends_at, after.place, after.state, after.version),
        *(after.noticed_at, after.agenda_sent_at, after.sequence, after.number, after.quorate, after.lacking),
        *(after.open_to_public, after.called_off, after.answers_from),
    )


async def tell(tx: Tx, meeting_id: UUID) -> int:
    """Count one more event of a locked meeting; return its number."""
    number: int = await tx.fetchval(
        "update meeting set told = told + 1 where meeting_id = $1 returning told", meeting_id
    )
    return number


async def next_number(tx: Tx, meeting: Meeting) -> int:
    """Return the number under which a meeting is held in its year; the council's row must be locked."""
    last: int | None = await tx.fetchval(
        "select max(number) from meeting where body_id = $1"
        " and extract(year from starts_at at time zone 'Europe/Copenhagen') = $2",
        *(meeting.body_id, meeting.year),
    )
    return (last or 0) + 1


async def seats(tx: Tx, body: Body, day: date) -> list[SeatAt]:
    """Return the seats of a council on a day, and which of them the chair or the vice chair has.

    A lokalraad's seats are its members of that day; a side of which nobody is entered has those it was founded with.
    """
    if body.kind is BodyKind.KREDSRAAD:
        rows = await tx.fetch(
            "select authority, office, '' as side, chair from kredsraad_seat where kredsraad_id = $1 order by place",
            body.id,
        )
        vice = await vice_chairs.sitting(tx, body.id)
        of_vice = f"{vice.authority}.{SeatOffice.BORGMESTER}" if vice else ""
        found = [SeatAt(row["authority"], row["office"], row["side"], row["chair"]) for row in rows]
        return [replace(one, chairs=one.chairs or one.key == of_vice) for one in found]
    rows = await tx.fetch(
        "select authority, office, side from lokalraad_seat where lokalraad_id = $1 order by side, authority, office",
        body.id,
    )
    founded = [SeatAt(row["authority"], row["office"], row["side"]) for row in rows]
    chair = await who.chair_on(tx, body.id, day)
    return seats_of_members(await who.of_body(tx, body.id), founded, day, chair)


async def add_attendance(tx: Tx, meeting: Meeting, there: Sequence[Attendance], led_by: str) -> None:
    """Save who was there, and who led."""
    await tx.executemany(
        "insert into meeting_seat (meeting_id, seat, body_id, status, deputy, leads) values ($1, $2, $3, $4, $5, $6)",
        [(meeting.id, one.seat, meeting.body_id, one.status, one.deputy, one.seat == led_by) for one in there],
    )


async def add_guest(tx: Tx, meeting: Meeting, guest: str, insight: str) -> None:
    """Save that an outsider was there for an insight (L-29)."""
    await tx.execute(
        "insert into meeting_guest (guest_id, meeting_id, body_id, guest, insight) values ($1, $2, $3, $4, $5)",
        *(new_id(), meeting.id, meeting.body_id, guest, insight),
    )


async def attendance(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return who was there."""
    rows = await tx.fetch(
        "select seat, status, deputy, leads from meeting_seat where meeting_id = $1 order by seat", meeting_id
    )
    return [dict(row) for row in rows]


async def guests(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return the outsiders who were there."""
    rows = await tx.fetch(
        "select guest, insight from meeting_guest where meeting_id = $1 order by guest_id", meeting_id
    )
    return [dict(row) for row in rows]


def _meeting(row: Any) -> Meeting | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    names = ("body_id", "ordinary", "starts_at", "ends_at", "place", "reason", "version", "told", "noticed_at")
    after = (
        "agenda_sent_at",
        "sequence",
        "number",
        "quorate",
        "lacking",
        "open_to_public",
        "called_off",
        "answers_from",
    )
    facts = {name: row[name] for name in (*names, *after)}
    return Meeting(id=row["meeting_id"], of=BodyKind(row["kind"]), state=State(row["state"]), **facts)
