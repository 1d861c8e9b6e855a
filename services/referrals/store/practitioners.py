"""Mediators and advisers of an office: who they are, and which courses they have passed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody to whom courses may be assigned."""

    id: UUID
    role: str
    subject: str
    person: UUID | None
    passed: frozenset[str]
    version: int


async def add(tx: Tx, one: Practitioner) -> bool:
    """Save a practitioner of the asking office; False where they are on its list."""
    status = await tx.execute(
        "insert into practitioner (practitioner_id, role, subject, person_id, certified_from)"
        " values ($1, $2, $3, $4, case when $2 = 'mediator' then clock() end) on conflict do nothing",
        *(one.id, one.role, one.subject, one.person),
    )
    return status == "INSERT 0 1"


async def found(tx: Tx, practitioner_id: UUID, *, lock: bool = False) -> Practitioner | None:
    """Return a practitioner of the asking office."""
    row = await tx.fetchrow(
        f"select * from practitioner where practitioner_id = $1{' for update' if lock else ''}",  # noqa: S608  a constant
        practitioner_id,
    )
    if row is None:
        return None
    named = (row["practitioner_id"], row["role"], row["subject"], row["person_id"])
    return Practitioner(*named, frozenset(row["passed"]), row["version"])


async def passed(tx: Tx, one: Practitioner, courses: frozenset[str], *, certified: bool) -> None:
    """Save which courses somebody has passed, and from when they may be assigned."""
    await tx.change_one(
        "update practitioner set passed = $3, version = version + 1,"
        " certified_from = case when $4::boolean then coalesce(certified_from, clock()) end"
        " where practitioner_id = $1 and version = $2",
        *(one.id, one.version, sorted(courses), certified),
    )


async def listed(tx: Tx, role: str) -> list[dict[str, Any]]:
    """Return the practitioners of the asking office in a role."""
    rows = await tx.fetch(
        "select practitioner_id, role, subject, passed, certified_from, version from practitioner where role = $1"
        " order by subject",
        role,
    )
    return [dict(row) for row in rows]
