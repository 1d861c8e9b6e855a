"""Facts in, alerts out: what wakes somebody is a table (`domain/data/facts.csv`)."""

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.alerting.v1 import CloseReason
from contracts.codes import municipality_authority
from contracts.concerns.v1 import (
    CaseErased,
    UnderretningAcknowledged,
    UnderretningAcknowledgementOverdue,
    UnderretningSent,
)
from contracts.event import Envelope, Event
from services.alerting.domain.calling import alert_id_of
from services.alerting.domain.tables import Fact, fact_for, policies
from services.alerting.handlers.calling import close_alert, raise_alert
from services.alerting.store import alerts, retention, rosters
from services.alerting.store.alerts import Draft, Place

SENDER = "politi-mvj"
"""Who sends an underretning follows whether it wakes somebody."""


@reacts_to(UnderretningSent)
async def underretning_sent(event: UnderretningSent, envelope: Envelope, tx: Tx) -> None:
    """Wake the receiver's duty about a new, urgent or corrected underretning."""
    await _wake(event, envelope, tx)


@reacts_to(UnderretningAcknowledgementOverdue)
async def acknowledgement_overdue(event: UnderretningAcknowledgementOverdue, envelope: Envelope, tx: Tx) -> None:
    """Wake the receiver's duty about an underretning that nobody there has confirmed."""
    await _wake(event, envelope, tx)


@reacts_to(UnderretningAcknowledged)
async def underretning_acknowledged(_: UnderretningAcknowledged, envelope: Envelope, tx: Tx) -> None:
    """Let the receiver's duty be: somebody there has taken the case up."""
    now = await alerts.now(tx)
    for alert in await alerts.open_of_case(tx, envelope.correlation_id):
        await close_alert(tx, alert, CloseReason.ANSWERED, now)


@reacts_to(CaseErased)
async def case_erased(event: CaseErased, _: Envelope, tx: Tx) -> None:
    """Keep nothing of a case that is gone."""
    await retention.erase_alerts(tx, await retention.alerts_of_case(tx, event.case_id))


async def _wake(event: Event, envelope: Envelope, tx: Tx) -> None:
    value = event.model_dump(mode="json")
    fact = fact_for(type(event).__name__, value)
    if fact is None:
        return
    place = Place(municipality_authority(str(value[fact.authority])), fact.office, fact.role)
    # Before an office's roster is in service nobody is called: a new installation reads 35 days of history.
    if await rosters.in_service(tx, place.authority, place.office, place.role, envelope.time):
        await raise_alert(tx, _draft(fact, place, envelope, tx))


def _draft(fact: Fact, place: Place, envelope: Envelope, tx: Tx) -> Draft:
    source = str(envelope.id)
    return Draft(
        alert_id=alert_id_of(tx.mode, SENDER, source, fact.template),
        raised_by=SENDER,
        raised_by_office=fact.office,
        subject=envelope.source,
        source_event_id=source,
        template=fact.template,
        urgency=fact.urgency,
        fields={},
        case_id=envelope.correlation_id,
        wanted=fact.wanted,
        steps=policies()[fact.policy],
        places=(place,),
    )
