"""Warnings of other authorities, whole as they came, and what they refer to."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.cap import MsgType, ReceivedWarning, Reference
from services.beredskabsstab.domain.warnings import Later, WarningState

if TYPE_CHECKING:
    from asyncpg import Record


async def same(tx: Tx, new: ReceivedWarning) -> "Record | None":
    """Return the warning that has the same sender, identifier and time; two that come at once wait for each other."""
    name = f"{new.sender},{new.identifier},{new.sent.isoformat()}"
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)
    return await tx.fetchrow(
        "select * from warning where sender = $1 and identifier = $2 and sent = $3",
        *(new.sender, new.identifier, new.sent),
    )


async def add(tx: Tx, row: dict[str, object]) -> None:
    """Save a warning; the row's names are those of the columns."""
    names = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await tx.execute(f"insert into warning ({names}, version) values ({places}, 1)", *row.values())  # noqa: S608  names of the code


async def refer(tx: Tx, warning_id: UUID, references: tuple[Reference, ...]) -> None:
    """Save what a warning refers to."""
    await tx.executemany(
        "insert into warning_reference (warning_id, sender, identifier, sent) values ($1, $2, $3, $4)"
        " on conflict do nothing",
        [(warning_id, one.sender, one.identifier, one.sent) for one in references],
    )


async def later(tx: Tx, new: ReceivedWarning) -> list[Later]:
    """Return the warnings that refer to one and have come before it."""
    rows = await tx.fetch(
        "select w.msg_type, r.sender, r.identifier, r.sent from warning_reference r join warning w using (warning_id)"
        " where r.sender = $1 and r.identifier = $2 and r.sent = $3",
        *(new.sender, new.identifier, new.sent),
    )
    return [Later(MsgType(row["msg_type"]), Reference(row["sender"], row["identifier"], row["sent"])) for row in rows]


async def end_named(tx: Tx, warning_id: UUID, state: WarningState, at: datetime) -> int:
    """End the warnings in force that one refers to; returns how many those were."""
    status = await tx.execute(
        "update warning set state = $2, ended_by = $1, ended_at = $3, version = version + 1 where state = 'in_force'"
        " and (sender, identifier, sent) in"
        " (select sender, identifier, sent from warning_reference where warning_id = $1)",
        *(warning_id, state, at),
    )
    return int(status.rpartition(" ")[2])


async def incident_named(tx: Tx, references: tuple[Reference, ...]) -> UUID | None:
    """Return the incident of the warnings that are referred to; None where none has come."""
    found: UUID | None = await tx.fetchval(
        "select w.incident_id from unnest($1::text[], $2::text[], $3::timestamptz[]) r (sender, identifier, sent)"
        " join warning w using (sender, identifier, sent) where w.incident_id is not null order by w.sent desc limit 1",
        [one.sender for one in references],
        [one.identifier for one in references],
        [one.sent for one in references],
    )
    return found


async def change_incident(
    tx: Tx, incident_id: UUID, expected: tuple[datetime | None, datetime | None], municipalities: tuple[str, ...]
) -> None:
    """Let an incident be what the newest warning says of it: where it says nothing, what was known stays."""
    await tx.execute(
        "update incident set version = version + 1, expected_from = coalesce($2, expected_from),"
        " expected_to = case when $2::timestamptz is null then expected_to else $3 end, municipalities ="
        " (select array_agg(distinct code order by code) from unnest(municipalities || $4::text[]) code)"
        " where incident_id = $1 and state = 'open'",
        *(incident_id, *expected, list(municipalities)),
    )


async def find(tx: Tx, warning_id: UUID) -> "Record | None":
    """Return a warning."""
    return await tx.fetchrow("select * from warning where warning_id = $1", warning_id)


async def newest(tx: Tx, at: datetime, *, in_force: bool) -> "list[Record]":
    """Return the warnings that the caller sees, the newest first; only those in force where asked for."""
    return await tx.fetch(
        "select * from warning where not $2 or (state = 'in_force' and (expires is null or expires > $1))"
        " order by sent desc limit 100",
        *(at, in_force),
    )
