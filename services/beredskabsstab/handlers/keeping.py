"""What goes when its time has come: names a year after the end, everything five years after the evaluation."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.erasure import Why, bury, bury_case
from services.beredskabsstab.domain.keeping import NAMES_KEPT
from services.beredskabsstab.store import activations, keeping

NAMES, GOES = "member-names", "activation-retention"
"""The deadlines at which names and telephone numbers go, and at which everything goes."""

ACTIVATION, INCIDENT, WARNING = "activation", "incident", "warning"

WHY = Why("retention", "fem år efter evalueringen er afsluttet")


async def keep_names_for_a_year(tx: Tx, activation_id: UUID, ended_at: datetime) -> None:
    """Let the names of those who were called go a year after an activation's end."""
    due_at = ended_at + NAMES_KEPT
    await set_deadline(tx, kind=NAMES, subject=activation_id, due_at=due_at, correlation_id=activation_id)


@due(NAMES)
async def forget_names(activation_id: UUID, _: datetime, tx: Tx) -> None:
    """Delete names and telephone numbers; that a role of an authority was called, and what it answered, stays."""
    await keeping.forget_names(tx, activation_id)


@due(GOES)
async def erase(activation_id: UUID, _: datetime, tx: Tx) -> None:
    """Delete an activation with all that belongs to it, and its incident where no other one is because of it."""
    row = await activations.lock(tx, activation_id)
    if row is None:
        return
    incident_id = row["incident_id"]
    # First the tombstone: log and approved pictures let themselves be deleted under one alone.
    await bury(tx, ACTIVATION, [activation_id], WHY, activation_id)
    await keeping.erase(tx, activation_id)
    await bury_case(tx, activation_id, WHY)
    warned = await keeping.warnings_of(tx, incident_id)
    if await keeping.erase_incident(tx, incident_id):
        await bury(tx, INCIDENT, [incident_id], WHY, incident_id)
        await bury(tx, WARNING, warned, WHY, incident_id)
        await bury_case(tx, incident_id, WHY)
