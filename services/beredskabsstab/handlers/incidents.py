"""Recording an incident, and asking that the staff be activated because of one."""

from uuid import UUID

from chassis.database import Tx
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.beredskabsstab.v1 import ActivationRequested, IncidentRecorded, Step
from contracts.refusal import NotFound
from services.beredskabsstab.store import incidents, plans
from services.beredskabsstab.store.incidents import Incident


async def record(tx: Tx, new: Incident, who: Principal) -> None:
    """Record an incident."""
    now = await plans.now(tx)
    await incidents.add(tx, new, (who.subject, who.authority), now)
    event = IncidentRecorded(incident_id=new.incident_id, cause=new.cause, municipalities=new.municipalities)
    await append(tx, event, version=1, correlation_id=new.incident_id, time=now)


async def request(
    tx: Tx, incident_id: UUID, authority: str, step: Step, reason: str, *, by_telephone: bool, entered_by: str
) -> UUID:
    """Ask, for an authority, that the staff be activated; the police see it at once and decide. Returns its id."""
    now, request_id = await plans.now(tx), new_id()
    if await incidents.find(tx, incident_id) is None:
        raise NotFound
    version = await incidents.bump(tx, incident_id)
    await incidents.ask(
        tx,
        {
            "request_id": request_id,
            "incident_id": incident_id,
            "authority": authority,
            "step": step,
            "reason": reason,
            "by_telephone": by_telephone,
            "entered_by": entered_by,
            "requested_at": now,
        },
    )
    event = ActivationRequested(
        incident_id=incident_id, request_id=request_id, authority=authority, step=step, by_telephone=by_telephone
    )
    await append(tx, event, version=version or 1, correlation_id=incident_id, time=now)
    return request_id
