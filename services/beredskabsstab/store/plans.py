"""Editions of the framework plan, and whether the rooms are ready."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.plan import Plan

if TYPE_CHECKING:
    from asyncpg import Record


async def now(tx: Tx) -> datetime:
    """Return the service's time."""
    at: datetime = await tx.fetchval("select clock()")
    return at


async def add(tx: Tx, plan_id: UUID, plan: Plan, by: str, at: datetime) -> int:
    """Save a new edition as a draft and return its number; two drafts in one moment have two numbers."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('framework plan', 0))")
    edition: int = await tx.fetchval(
        "insert into framework_plan (framework_plan_id, edition, document, state, drafted_by, drafted_at, version)"
        " select $1, coalesce(max(edition), 0) + 1, $2::jsonb, 'draft', $3, $4, 1 from framework_plan"
        " returning edition",
        *(plan_id, plan.model_dump_json(), by, at),
    )
    return edition


async def lock(tx: Tx, plan_id: UUID) -> "Record | None":
    """Return an edition with its row locked."""
    return await tx.fetchrow("select * from framework_plan where framework_plan_id = $1 for update", plan_id)


async def sign(tx: Tx, plan_id: UUID, by: str, at: datetime, until: datetime) -> int:
    """Put an edition in force, in the place of the one before; returns its version."""
    await tx.execute(
        "update framework_plan set state = 'superseded', version = version + 1"
        " where state = 'in_force' and framework_plan_id <> $1",
        plan_id,
    )
    version: int = await tx.fetchval(
        "update framework_plan set state = 'in_force', signed_by = $2, signed_at = $3, valid_until = $4,"
        " version = version + 1 where framework_plan_id = $1 returning version",
        *(plan_id, by, at, until),
    )
    return version


async def in_force(tx: Tx, at: datetime) -> "Record | None":
    """Return the edition that is in force: one whose signature has run out is not."""
    return await tx.fetchrow("select * from framework_plan where state = 'in_force' and valid_until > $1", at)


async def newest(tx: Tx) -> "Record | None":
    """Return the newest edition that was ever signed; the newest draft where none was."""
    return await tx.fetchrow("select * from framework_plan order by state = 'draft', edition desc limit 1")


async def editions(tx: Tx) -> "list[Record]":
    """Return every edition, the newest first."""
    return await tx.fetch("select * from framework_plan order by edition desc")


def document(row: "Record") -> Plan:
    """Read an edition, or the copy that an activation keeps."""
    return Plan.model_validate_json(row["document"] if "document" in row else row["plan"])


async def say_ready(tx: Tx, facility: str, *, ready: bool, note: str, by: str, at: datetime) -> int:
    """Save whether a room is ready; returns the version of what is said of it."""
    version: int = await tx.fetchval(
        "insert into facility_status (facility, ready, note, said_by, said_at, version) values ($1, $2, $3, $4, $5, 1)"
        " on conflict (facility) do update set ready = $2, note = $3, said_by = $4, said_at = $5,"
        " version = facility_status.version + 1 returning version",
        *(facility, ready, note, by, at),
    )
    return version


async def facilities(tx: Tx) -> "list[Record]":
    """Return what is said of the rooms."""
    return await tx.fetch("select * from facility_status order by facility")


async def not_ready(tx: Tx) -> frozenset[str]:
    """Return the rooms that are said not to be ready, or are reserved already."""
    rows = await tx.fetch(
        "select facility from facility_status where not ready"
        " union select facility from facility_reservation where released_at is null"
    )
    return frozenset(row["facility"] for row in rows)


async def expire(tx: Tx, plan_id: UUID, at: datetime) -> "Record | None":
    """Count the version up of an edition whose signature has run out and return it; None where another is in force."""
    return await tx.fetchrow(
        "update framework_plan set version = version + 1 where framework_plan_id = $1 and state = 'in_force'"
        " and valid_until <= $2 returning *",
        *(plan_id, at),
    )


async def days_left(tx: Tx) -> int | None:
    """Return how many days the signature of the newest plan still holds, below zero once it has run out."""
    days: int | None = await tx.fetchval(
        "select floor(extract(epoch from valid_until - clock()) / 86400)::int from framework_plan"
        " where state = 'in_force'"
    )
    return days
