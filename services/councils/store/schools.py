"""The SQL of schools: the directory of contact points, and concerns about a school."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.schools import Concern, School, SchoolType, Side


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point: a role with an office's address or an official number."""

    side: Side
    role_title: str
    mail: str | None = None
    phone: str | None = None


async def add(tx: Tx, kommunekode: str, title: str, school_type: SchoolType) -> School | None:
    """Save a school; None where the municipality has one of that name."""
    row = await tx.fetchrow(
        "insert into school (school_id, kommunekode, title, school_type) values ($1, $2, $3, $4)"
        " on conflict do nothing returning *",
        *(new_id(), kommunekode, title, school_type),
    )
    return _school(row)


async def locked(tx: Tx, school_id: UUID) -> School | None:
    """Return a school, locked, for who keeps its municipality's papers."""
    return _school(await tx.fetchrow("select * from school where school_id = $1 for update", school_id))


async def found(tx: Tx, school_id: UUID) -> School | None:
    """Return a school."""
    return _school(await tx.fetchrow("select * from school where school_id = $1", school_id))


async def told(tx: Tx, school_id: UUID) -> int:
    """Count one more event of a locked school; return its number."""
    version: int = await tx.fetchval(
        "update school set version = version + 1 where school_id = $1 returning version", school_id
    )
    return version


async def add_contact(tx: Tx, school_id: UUID, new: Contact) -> UUID:
    """Save a contact point."""
    contact_id = new_id()
    await tx.execute(
        "insert into school_contact (contact_id, school_id, side, role_title, mail, phone)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(contact_id, school_id, new.side, new.role_title, new.mail, new.phone),
    )
    return contact_id


async def end_contact(tx: Tx, school_id: UUID, contact_id: UUID) -> str | None:
    """End a current contact point of a school; return whose it was, None where there is none."""
    side: str | None = await tx.fetchval(
        "update school_contact set valid_to = clock() where contact_id = $1 and school_id = $2 and valid_to is null"
        " returning side",
        *(contact_id, school_id),
    )
    return side


async def is_current(tx: Tx, school_id: UUID, contact_id: UUID) -> bool:
    """Say whether a contact point is one of a school's current ones."""
    return bool(
        await tx.fetchval(
            "select exists (select from school_contact where contact_id = $1 and school_id = $2 and valid_to is null)",
            *(contact_id, school_id),
        )
    )


async def listed(tx: Tx, kommunekode: str | None) -> list[dict[str, Any]]:
    """Return the directory, of a municipality or whole, each school with its current contact points."""
    rows = await tx.fetch(
        "select school_id, kommunekode, title, school_type, version from school"
        " where $1::text is null or kommunekode = $1 order by kommunekode, title",
        kommunekode,
    )
    contacts = await tx.fetch(
        "select contact_id, school_id, side, role_title, mail, phone, valid_from from school_contact"
        " where valid_to is null order by side, valid_from, contact_id"
    )
    of: dict[UUID, list[dict[str, Any]]] = {}
    for row in contacts:
        contact = dict(row)
        of.setdefault(contact.pop("school_id"), []).append(contact)
    return [dict(row) | {"contacts": of.get(row["school_id"], [])} for row in rows]


# --- concerns -------------------------------------------------------------------------------------------------------


async def add_concern(tx: Tx, school: School, kind: str, text: str, assign_by: datetime) -> UUID:
    """Save a school's concern."""
    concern_id = new_id()
    await tx.execute(
        "insert into school_concern (school_concern_id, school_id, kommunekode, concern_kind, text, raised_by,"
        " assign_by, version) values ($1, $2, $3, $4, $5, $6, $7, 1)",
        *(concern_id, school.id, school.kommunekode, kind, text, tx.principal.subject, assign_by),
    )
    return concern_id


async def locked_concern(tx: Tx, concern_id: UUID) -> Concern | None:
    """Return a concern, locked, for who keeps its municipality's papers."""
    row = await tx.fetchrow("select * from school_concern where school_concern_id = $1 for update", concern_id)
    if row is None:
        return None
    return Concern(concern_id, row["school_id"], row["kommunekode"], row["state"], row["version"])


async def assign(tx: Tx, of: Concern, contact_id: UUID) -> int:
    """Save which contact point has a concern; return the number of its event."""
    await tx.change_one(
        "update school_concern set state = 'assigned', contact_id = $3, assigned_at = clock(), version = version + 1"
        " where school_concern_id = $1 and version = $2",
        *(of.id, of.version, contact_id),
    )
    return of.version + 1


async def escalate(tx: Tx, of: Concern) -> int:
    """Save that nobody had a concern in time; return the number of its event."""
    await tx.change_one(
        "update school_concern set escalated_at = clock(), version = version + 1"
        " where school_concern_id = $1 and version = $2",
        *(of.id, of.version),
    )
    return of.version + 1


async def concerns(tx: Tx) -> list[dict[str, Any]]:
    """Return the concerns that the asker may see: the own ones, and those of municipalities whose papers it keeps."""
    rows = await tx.fetch(
        "select c.school_concern_id, c.school_id, s.title as school, c.kommunekode, c.concern_kind, c.text, c.state,"
        " c.raised_at, c.assign_by, c.assigned_at, c.contact_id, k.role_title as assigned_to, c.escalated_at,"
        " c.state = 'open' and c.assign_by < clock() as overdue, c.version"
        " from school_concern c join school s using (school_id) left join school_contact k using (contact_id)"
        " order by c.state = 'assigned', c.raised_at desc, c.school_concern_id"
    )
    return [dict(row) for row in rows]


def _school(row: Any) -> School | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    kind = SchoolType(row["school_type"])
    return School(row["school_id"], row["kommunekode"], row["title"], kind, row["version"])
