"""The staff begins: now, or when the time of a planned activation has come."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.outbox import append
from contracts.beredskabsstab.v1 import FacilityReserved, StaffActivated, Step
from services.beredskabsstab.domain.log import Kind
from services.beredskabsstab.domain.plan import choose_facility
from services.beredskabsstab.domain.steps import AlreadyActivated, State
from services.beredskabsstab.handlers.calling import COPENHAGEN, call_step
from services.beredskabsstab.handlers.log import log
from services.beredskabsstab.handlers.quorum import look_again
from services.beredskabsstab.store import activations, incidents, plans
from services.beredskabsstab.store.activations import Activation

if TYPE_CHECKING:
    from asyncpg import Record

START = "activation-start"
"""The deadline of an activation that is planned for a time to come."""


async def activate(tx: Tx, new: Activation, by: str) -> int:
    """Activate the staff, reserve its room and call whom the step asks for; returns the activation's version.

    What authorities have asked for because of the incident is granted by it.
    """
    now = await plans.now(tx)
    if there := await activations.running(tx, new.incident_id):
        raise AlreadyActivated(activation_id=str(there))
    await activations.add(tx, new, by, now)
    await incidents.decide(tx, new.incident_id, "granted", by, "", now)
    await _write(tx, new)
    await _reserve(tx, new, now)
    if new.state is State.PLANNED:
        await set_deadline(
            tx, kind=START, subject=new.activation_id, due_at=new.starts_at, correlation_id=new.activation_id
        )
        return await activations.version(tx, new.activation_id)
    await _tell(tx, new.activation_id, now)
    return await _call(tx, new.activation_id, now)


async def _write(tx: Tx, new: Activation) -> None:
    """Write in the log that the staff is activated, or will be, and why without a plan where none is in force."""
    when = f" fra {new.starts_at.astimezone(COPENHAGEN):%d.%m.%Y kl. %H.%M}" if new.state is State.PLANNED else ""
    await log(tx, new.activation_id, Kind.DECISION, f"Staben er aktiveret{when}: {new.title}. Trin: {new.step}.")
    if new.override_reason is not None:
        text = f"Aktiveret uden en rammeplan i kraft. Begrundelse: {new.override_reason}"
        await log(tx, new.activation_id, Kind.DECISION, text)


@due(START)
async def start(activation_id: UUID, _: datetime, tx: Tx) -> None:
    """Let a planned activation begin."""
    row = await activations.lock(tx, activation_id)
    if row is None or row["state"] != State.PLANNED:
        return
    now = await plans.now(tx)
    await activations.begin(tx, activation_id, now)
    await log(tx, activation_id, Kind.ACTION, "Den planlagte aktivering er begyndt.")
    await _tell(tx, activation_id, now)
    await _call(tx, activation_id, now)


async def _tell(tx: Tx, activation_id: UUID, now: datetime) -> None:
    row = await activations.lock(tx, activation_id)
    assert row is not None  # noqa: S101  it was saved or locked above
    event = StaffActivated(
        activation_id=activation_id,
        incident_id=row["incident_id"],
        cause=row["cause"],
        step=Step(row["step"]),
        framework_plan_id=row["framework_plan_id"],
        emergency_override=row["override_reason"] is not None,
        authorities=activations.authorities(await activations.parties(tx, activation_id)),
    )
    version = await activations.next_version(tx, activation_id)
    await append(tx, event, version=version, correlation_id=activation_id, time=now)


async def _reserve(tx: Tx, new: Activation, now: datetime) -> None:
    """Reserve the police's room for the staff; the alternative one, and said so, where the primary is not ready."""
    taken = await plans.not_ready(tx)
    room = choose_facility(new.plan, frozenset(one.code for one in new.plan.facilities) - taken)
    if room is None:
        return
    await activations.reserve(tx, new.activation_id, room.code, alternative=not room.primary, at=now)
    instead = "" if room.primary else " Det primære lokale er ikke klar."
    await log(tx, new.activation_id, Kind.ACTION, f"Stabslokale reserveret: {room.name}.{instead}")
    event = FacilityReserved(activation_id=new.activation_id, facility=room.code, alternative=not room.primary)
    version = await activations.next_version(tx, new.activation_id)
    await append(tx, event, version=version, correlation_id=new.activation_id, time=now)


async def _call(tx: Tx, activation_id: UUID, now: datetime) -> int:
    row: Record | None = await activations.lock(tx, activation_id)
    assert row is not None  # noqa: S101  it was saved or locked above
    await call_step(tx, row, now)
    await look_again(tx, activation_id, now)
    return await activations.version(tx, activation_id)
