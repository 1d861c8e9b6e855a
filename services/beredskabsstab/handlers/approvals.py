"""Approvers are called when a message waits for them, and let be when it does not; silence opens another way."""

from datetime import datetime
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import due
from chassis.gauges import looked_at, show
from contracts.beredskabsstab.v1 import CallKind, Place
from services.beredskabsstab.domain.approving import asking
from services.beredskabsstab.domain.information import State
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.handlers.calling import call, end_call
from services.beredskabsstab.handlers.information_keeping import APPROVERS, SILENT
from services.beredskabsstab.store import activations, calls, information, plans

APPROVER = "stabsleder"
"""The role that approves on duty."""

WAITING = Gauge("staff_information_waiting", "What of the staff's messages waits for the police", ["what"])


@looked_at
async def what_waits(tx: Tx) -> None:
    """Show how many warnings wait for an approver, channels to be asked about, and messages to be reviewed."""
    show(WAITING, (await information.counts(tx)).items())


@due(APPROVERS)
async def call_approvers(information_id: UUID, _: datetime, tx: Tx) -> None:
    """Call the approvers on duty while a message waits for them, once; let them be when it does not."""
    kept = await information.hold(tx, information_id)
    row = await activations.lock(tx, kept.activation_id) if kept else None
    if kept is None or row is None:
        return
    how = asking(kept.message)
    called = await information.approval_call_in(tx, information_id)
    places = approvers(plans.document(row))
    if how and called is None and places:
        fields = {"what": row["title"]} if how.names_incident else {}
        new = await call(tx, row, CallKind.APPROVAL, how.template, how.policy, fields, places)
        await information.called_by(tx, information_id, new.call_in_id)
    elif called is not None and how is None:
        await end_call(tx, row, called["call_in_id"], await plans.now(tx))


def approvers(plan: Plan) -> tuple[Place, ...]:
    """Return who approves on duty: those who lead the staff, at the police's desk."""
    desk = plan.party(plan.desk)
    if desk is None or not any(APPROVER in roles for roles in desk.roles.values()):
        return ()
    return (Place(authority=desk.authority, office=desk.office, role=APPROVER),)


@due(SILENT)
async def silent(information_id: UUID, _: datetime, tx: Tx) -> None:
    """Let every open page look again: no approver has answered in time, and the chair may publish alone."""
    kept = await information.hold(tx, information_id)
    if kept and kept.message.state is State.CLEARED:
        await calls.touch(tx, kept.activation_id)
