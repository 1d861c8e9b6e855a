"""Incidents, and what authorities ask for because of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from contracts.beredskabsstab.v1 import Cause, Step

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it is recorded."""

    incident_id: UUID
    cause: Cause
    title: str
    place: str
    municipalities: tuple[str, ...]
    expected_from: datetime | None = None
    expected_to: datetime | None = None


async def add(tx: Tx, new: Incident, by: tuple[str, str], at: datetime) -> None:
    """Save an incident; `by` is who, and for which authority."""
    await tx.execute(
        "insert into incident (incident_id, cause, title, place, municipalities, expected_from, expected_to, state,"
        " recorded_by, recorded_by_authority, recorded_at, version)"
        " values ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, 1)",
        *(new.incident_id, new.cause, new.title, new.place, list(new.municipalities)),
        *(new.expected_from, new.expected_to, *by, at),
    )


async def find(tx: Tx, incident_id: UUID) -> "Record | None":
    """Return an incident."""
    return await tx.fetchrow("select * from incident where incident_id = $1", incident_id)


async def bump(tx: Tx, incident_id: UUID) -> int | None:
    """Lock an incident that the caller may be no party of changing, count its version up and return it."""
    version: int | None = await tx.fetchval("select bump_incident($1)", incident_id)
    return version


async def newest(tx: Tx) -> "list[Record]":
    """Return the incidents that the caller sees, the newest first."""
    return await tx.fetch("select * from incident order by recorded_at desc limit 100")


async def undecided(tx: Tx) -> "list[Record]":
    """Return the open incidents for which the staff was never activated, as far as the caller sees, newest first."""
    return await tx.fetch(
        "select * from incident i where state = 'open'"
        " and not exists (select from activation a where a.incident_id = i.incident_id)"
        " order by recorded_at desc limit 50"
    )


async def ask(tx: Tx, row: dict[str, object]) -> None:
    """Save what an authority asks for."""
    await tx.execute(
        "insert into activation_request (request_id, incident_id, authority, step, reason, by_telephone, entered_by,"
        " requested_at, state) values ($1, $2, $3, $4, $5, $6, $7, $8, 'open')",
        *(row["request_id"], row["incident_id"], row["authority"], row["step"], row["reason"]),
        *(row["by_telephone"], row["entered_by"], row["requested_at"]),
    )


async def requests(tx: Tx, incident_id: UUID | None = None) -> "list[Record]":
    """Return what was asked for and the caller sees: about one incident, or all that is open."""
    return await tx.fetch(
        "select * from activation_request where incident_id = $1 or $1 is null and state = 'open'"
        " order by requested_at",
        incident_id,
    )


async def decide(tx: Tx, incident_id: UUID, state: str, by: str, words: str, at: datetime) -> int:
    """Grant or decline what is asked for because of an incident; returns how many requests that was."""
    status = await tx.execute(
        "update activation_request set state = $2, decided_by = $3, decided_at = $5, decision = $4"
        " where incident_id = $1 and state = 'open'",
        *(incident_id, state, by, words, at),
    )
    return int(status.rpartition(" ")[2])


async def decide_one(tx: Tx, request_id: UUID, by: str, words: str, at: datetime) -> "Record | None":
    """Decline one request; None where there is none that is open."""
    return await tx.fetchrow(
        "update activation_request set state = 'declined', decided_by = $2, decided_at = $4, decision = $3"
        " where request_id = $1 and state = 'open' returning *",
        *(request_id, by, words, at),
    )


def step_of(row: "Record") -> Step:
    """Return the step that a row names."""
    return Step(row["step"])
