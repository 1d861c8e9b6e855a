"""The beredskabsstab calls people in by event and over HTTP at once: both are one alert, and so is their end.

Whom it would call at each step goes into the call list, for when nothing of Samvirke runs.
"""

from datetime import timedelta

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.alerting.v1 import CloseReason, Urgency
from contracts.beredskabsstab.v1 import CallInEnded, FrameworkPlanSigned, StaffCalled
from contracts.codes import Office
from contracts.event import Envelope
from services.alerting.domain.calling import UnknownPolicy, alert_id_of
from services.alerting.domain.tables import ROUTE_TEST, policies
from services.alerting.domain.texts import check
from services.alerting.handlers.call_lists import renew
from services.alerting.handlers.calling import close_alert, raise_alert
from services.alerting.store import alerts, ended, staff_plan
from services.alerting.store.alerts import Draft, Place

STALE = timedelta(hours=6)
"""A call-in that was told longer ago wakes nobody: a new installation reads 35 days of history, and one that was away
for so long has been called around by `nodudkald` or by hand. A call-in over HTTP is asked for now, however old."""

EACH = "each"
"""Everybody who is called in says whether they come."""


@reacts_to(StaffCalled)
async def staff_called(event: StaffCalled, envelope: Envelope, tx: Tx) -> None:
    """Call the roles of the staff, unless the request that says the same has come first."""
    if envelope.time < await alerts.now(tx) - STALE:
        return
    if event.policy not in policies() or event.policy == ROUTE_TEST:
        raise UnknownPolicy
    check(event.template, event.fields)
    await raise_alert(tx, _draft(event, envelope, tx))


@reacts_to(CallInEnded)
async def call_in_ended(event: CallInEnded, _: Envelope, tx: Tx) -> None:
    """Let everybody be who is called for a call-in; one that has not come yet will call nobody."""
    source, now = str(event.call_in_id), await alerts.now(tx)
    await ended.end(tx, source)
    for alert in await ended.open_alerts(tx, source):
        await close_alert(tx, alert, CloseReason.STOOD_DOWN, now)


@reacts_to(FrameworkPlanSigned)
async def framework_plan_signed(event: FrameworkPlanSigned, envelope: Envelope, tx: Tx) -> None:
    """Have a call list made that says whom each step of the staff calls by the plan that was signed last."""
    if await staff_plan.save(tx, event, envelope.time):
        await renew(tx)


def _draft(event: StaffCalled, envelope: Envelope, tx: Tx) -> Draft:
    source = str(event.call_in_id)
    return Draft(
        alert_id=alert_id_of(tx.mode, event.raised_by, source, event.template),
        raised_by=event.raised_by,
        raised_by_office=Office.BEREDSKAB,
        subject=envelope.source,
        source_event_id=source,
        template=event.template,
        urgency=Urgency.IMMEDIATE,
        fields=dict(event.fields),
        case_id=envelope.correlation_id,
        wanted=EACH,
        steps=policies()[event.policy],
        places=tuple(dict.fromkeys(Place(one.authority, one.office, one.role) for one in event.places)),
    )
