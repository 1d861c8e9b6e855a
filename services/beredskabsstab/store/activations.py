"""Activations with their parties and rooms, and the quorum of each step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from contracts.beredskabsstab.v1 import Cause, Step
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.domain.quorum import Quorum
from services.beredskabsstab.domain.steps import State

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation as it begins."""

    activation_id: UUID
    incident_id: UUID
    framework_plan_id: UUID | None
    plan: Plan
    override_reason: str | None
    cause: Cause
    municipalities: tuple[str, ...]
    title: str
    step: Step
    state: State
    starts_at: datetime
    meets: str = ""


async def add(tx: Tx, new: Activation, by: str, at: datetime) -> None:
    """Save an activation with its parties."""
    await tx.execute(
        "insert into activation (activation_id, incident_id, framework_plan_id, plan, override_reason, cause,"
        " municipalities, title, step, step_since, state, starts_at, activated_by, activated_at, meets, version)"
        " values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)",
        *(new.activation_id, new.incident_id, new.framework_plan_id, new.plan.model_dump_json(), new.override_reason),
        *(new.cause, list(new.municipalities), new.title, new.step, max(at, new.starts_at), new.state),
        *(new.starts_at, by, at, new.meets),
    )
    await tx.executemany(
        "insert into activation_party (activation_id, authority, office, sector) values ($1, $2, $3, $4)",
        [(new.activation_id, one.authority, one.office, one.sector) for one in new.plan.parties],
    )


async def find(tx: Tx, activation_id: UUID) -> "Record | None":
    """Return an activation."""
    return await tx.fetchrow("select * from activation where activation_id = $1", activation_id)


async def lock(tx: Tx, activation_id: UUID) -> "Record | None":
    """Return an activation with its row locked; only the police and the service's own work can."""
    return await tx.fetchrow("select * from activation where activation_id = $1 for update", activation_id)


async def running(tx: Tx, incident_id: UUID) -> UUID | None:
    """Return the activation that an incident has; nobody else gives it one until this transaction ends."""
    await tx.execute("select from incident where incident_id = $1 for update", incident_id)
    found: UUID | None = await tx.fetchval(
        "select activation_id from activation where incident_id = $1 and state in ('planned', 'active')", incident_id
    )
    return found


async def hold(tx: Tx, activation_id: UUID) -> "Record | None":
    """Lock an activation's row, also for who may only look at it, and return it as it then is; None if not theirs."""
    await tx.execute("select lock_activation($1)", activation_id)
    return await find(tx, activation_id)


async def newest(tx: Tx, *, running: bool) -> "list[Record]":
    """Return the activations that the caller sees, the newest first; only those under way where asked for."""
    return await tx.fetch(
        "select * from activation where not $1 or state in ('planned', 'active') order by activated_at desc limit 100",
        running,
    )


async def next_version(tx: Tx, activation_id: UUID) -> int:
    """Count an activation's version up, for an event of it, and lock its row; also where the caller may only look."""
    version: int = await tx.fetchval("select bump_activation($1)", activation_id)
    return version


async def to_step(tx: Tx, activation_id: UUID, step: Step, at: datetime) -> int:
    """Put an activation at another step; returns its version."""
    version: int = await tx.fetchval(
        "update activation set step = $2, step_since = $3, version = version + 1 where activation_id = $1"
        " returning version",
        *(activation_id, step, at),
    )
    return version


async def version(tx: Tx, activation_id: UUID) -> int:
    """Return an activation's version: the number of its last event."""
    found: int = await tx.fetchval("select version from activation where activation_id = $1", activation_id)
    return found


async def begin(tx: Tx, activation_id: UUID, at: datetime) -> None:
    """Let a planned activation begin."""
    await tx.change_one(
        "update activation set state = 'active', step_since = $2 where activation_id = $1", activation_id, at
    )


async def end(tx: Tx, activation_id: UUID, state: State, by: str, words: tuple[str, str], at: datetime) -> int:
    """End an activation, let its room go, and return its version; `words` are the reason and who takes over."""
    await tx.execute(
        "update facility_reservation set released_at = $2 where activation_id = $1 and released_at is null",
        *(activation_id, at),
    )
    version: int = await tx.fetchval(
        "update activation set state = $2, ended_at = $3, ended_by = $4, ended_reason = $5, handed_over_to = $6,"
        " version = version + 1 where activation_id = $1 returning version",
        *(activation_id, state, at, by, *words),
    )
    return version


async def reserve(tx: Tx, activation_id: UUID, facility: str, *, alternative: bool, at: datetime) -> None:
    """Reserve a room for an activation."""
    await tx.execute(
        "insert into facility_reservation (activation_id, facility, alternative, reserved_at) values ($1, $2, $3, $4)",
        *(activation_id, facility, alternative, at),
    )
    await tx.change_one("update activation set facility = $2 where activation_id = $1", activation_id, facility)


async def parties(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the authorities of an activation."""
    return await tx.fetch("select * from activation_party where activation_id = $1 order by authority", activation_id)


# -- quorum ------------------------------------------------------------------------------------------------------------


async def quorums(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return how the rule of each step stood when it last changed."""
    return await tx.fetch("select * from quorum where activation_id = $1", activation_id)


async def save_quorum(tx: Tx, activation_id: UUID, quorum: Quorum, at: datetime) -> bool:
    """Save how a step's rule stands; returns whether it was reached before."""
    before = await tx.fetchval(
        "select reached from quorum where activation_id = $1 and step = $2", activation_id, quorum.step
    )
    await tx.execute(
        "insert into quorum (activation_id, step, reached, changed_at, lacks) values ($1, $2, $3, $4, $5::jsonb)"
        " on conflict (activation_id, step) do update set reached = $3, lacks = $5::jsonb,"
        " changed_at = case when quorum.reached = $3 then quorum.changed_at else $4 end",
        *(activation_id, quorum.step, quorum.is_reached, at, lacks_as_json(quorum)),
    )
    return bool(before)


def lacks_as_json(quorum: Quorum) -> str:
    """Return what is missing as it is kept."""
    return orjson.dumps(
        [{"authority": one.authority, "role": one.role, "needed": one.needed, "have": one.have} for one in quorum.lacks]
    ).decode()


def authorities(rows: "Iterable[Record] | Sequence[Record]") -> tuple[str, ...]:
    """Return the authorities of parties."""
    return tuple(row["authority"] for row in rows)
