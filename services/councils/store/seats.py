"""The SQL of who sits on the councils: office-holders, deputies and members, with the history of each place."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from contracts.councils.v1.seats import SeatKind
from services.councils.domain.seating import Chairing, Entry, Member

_EVERYBODY = (
    "(select member_id, kredsraad_id as body_id, office as kind, case office when 'borgmester' then 'kommune' else"
    " 'politi' end as side, authority, office as function, holder, valid_from, valid_to, true as public_office"
    " from office_term union all select member_id, body_id, kind, side, authority, function, holder, valid_from,"
    " valid_to, public_office from council_member) everybody"
)
_NAMES = ("member_id", "body_id", "kind", "side", "authority", "function", "holder", "valid_from", "valid_to")


async def today(tx: Tx) -> date:
    """Return the day that it is in Denmark."""
    day: date = await tx.fetchval("select (clock() at time zone 'Europe/Copenhagen')::date")
    return day


async def lock(tx: Tx, body_id: UUID) -> None:
    """Keep others from changing who sits on a council; also for those who may not lock the council's own row."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"seats {body_id}")


async def of_body(tx: Tx, body_id: UUID) -> list[Member]:
    """Return everybody who sits, sat or will sit on a council, as far as the asker may see them."""
    rows = await tx.fetch(
        f"select * from {_EVERYBODY} where body_id = $1 order by valid_from, authority, function, holder, member_id",  # noqa: S608  no value from outside
        body_id,
    )
    return [_member(row) for row in rows]


async def found(tx: Tx, member_id: UUID) -> Member | None:
    """Return one member."""
    row = await tx.fetchrow(f"select * from {_EVERYBODY} where member_id = $1", member_id)  # noqa: S608  no value from outside
    return None if row is None else _member(row)


def table_of(member: Member) -> str:
    """Return where somebody's time stands: a public office of the kredsraad has its own table."""
    is_office = member.kind in {SeatKind.POLITIDIREKTOER, SeatKind.BORGMESTER}
    return "office_term" if is_office else "council_member"


async def add(tx: Tx, new: Member) -> None:
    """Save a member's time on a council."""
    if table_of(new) == "office_term":
        await tx.execute(
            "insert into office_term (member_id, kredsraad_id, authority, office, holder, valid_from, valid_to)"
            " values ($1, $2, $3, $4, $5, $6, $7)",
            *(new.id, new.body_id, new.authority, new.function, new.holder, new.valid_from, new.valid_to),
        )
        return
    await tx.execute(
        "insert into council_member (member_id, body_id, kind, side, authority, function, holder, public_office,"
        " valid_from, valid_to, entered_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        *(new.id, new.body_id, new.kind, new.side, new.authority, new.function, new.holder, new.public_office),
        *(new.valid_from, new.valid_to, tx.principal.subject),
    )


async def end(tx: Tx, member: Member, last_day: date) -> None:
    """Save the last day of a member's time on a council, and as its chair."""
    await tx.change_one(f"update {table_of(member)} set valid_to = $2 where member_id = $1", member.id, last_day)  # noqa: S608  one of two
    await tx.execute(
        "update chairing set valid_to = greatest($2, valid_from) where member_id = $1 and coalesce(valid_to, $2) >= $2",
        *(member.id, last_day),
    )


async def chairs(tx: Tx, body_id: UUID) -> list[Chairing]:
    """Return who chaired, chairs and will chair a lokalraad, the earliest first."""
    rows = await tx.fetch(
        "select member_id, side, valid_from, valid_to from chairing where body_id = $1 order by valid_from", body_id
    )
    return [Chairing(*row) for row in rows]


async def chair(tx: Tx, member: Member, day: date, before: Chairing | None) -> None:
    """Let a member chair a lokalraad from a day on; whoever does so ends the day before."""
    if before is not None:
        await tx.execute(
            "update chairing set valid_to = $3::date - 1 where body_id = $1 and valid_from = $2",
            *(member.body_id, before.valid_from, day),
        )
    await tx.execute(
        "insert into chairing (body_id, member_id, side, valid_from, valid_to) values ($1, $2, $3, $4, $5)",
        *(member.body_id, member.id, member.side, day, member.valid_to),
    )


async def chair_on(tx: Tx, body_id: UUID, day: date) -> Member | None:
    """Return who chairs a council on a day: the politidirektoer, or the member who chairs the lokalraad."""
    row = await tx.fetchrow(
        f"select * from {_EVERYBODY} where body_id = $1 and valid_from <= $2 and coalesce(valid_to, $2) >= $2"  # noqa: S608  no value from outside
        " and (kind = 'politidirektoer' or member_id in (select member_id from chairing where body_id = $1"
        " and valid_from <= $2 and coalesce(valid_to, $2) >= $2))",
        *(body_id, day),
    )
    return None if row is None else _member(row)


async def reach(tx: Tx, member: Member, entry: Entry) -> None:
    """Save how a member is reached, where that was said."""
    if entry.email or entry.subject:
        await tx.execute(
            "insert into member_contact (member_id, body_id, authority, email, subject) values ($1, $2, $3, $4, $5)",
            *(member.id, member.body_id, member.authority, entry.email, entry.subject),
        )


async def change_reach(tx: Tx, member: Member, email: str | None, subject: str | None) -> None:
    """Save how a member is reached from now on; neither: in no way that we know."""
    await tx.execute("delete from member_contact where member_id = $1", member.id)
    if email or subject:
        await tx.execute(
            "insert into member_contact (member_id, body_id, authority, email, subject) values ($1, $2, $3, $4, $5)",
            *(member.id, member.body_id, member.authority, email, subject),
        )


async def contacts(tx: Tx, members: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return how members are reached (`email`, `subject`), as far as the asker keeps their papers."""
    rows = await tx.fetch("select member_id, email, subject from member_contact where member_id = any($1)", members)
    return {row["member_id"]: {"email": row["email"], "subject": row["subject"]} for row in rows}


async def forget_reach(tx: Tx, member_id: UUID) -> None:
    """Delete how somebody who has left is reached."""
    await tx.execute("delete from member_contact where member_id = $1", member_id)


async def activate(tx: Tx, body_id: UUID, *, active: bool) -> None:
    """Save whether a lokalraad works."""
    await tx.change_one("update body set active = $2 where body_id = $1", body_id, active)


async def without_lokalraad(tx: Tx, wanted: Sequence[str]) -> list[str]:
    """Return those municipalities that have no lokalraad which works."""
    rows = await tx.fetch(
        "select code from unnest($1::text[]) code where code not in"
        " (select kommunekode from body where active and kommunekode is not null) order by code",
        wanted,
    )
    return [row["code"] for row in rows]


def _member(row: Any) -> Member:  # noqa: ANN401  a record of asyncpg, which has no types
    values = {name: row[name] for name in _NAMES}
    member_id, body_id, kind = values.pop("member_id"), values.pop("body_id"), SeatKind(values.pop("kind"))
    return Member(member_id, body_id, kind, **values, public_office=row["public_office"])
