"""Counting what is told, in the transaction that tells it: the one place where events become figures."""

from collections.abc import Mapping
from uuid import UUID

from chassis.database import Tx
from contracts.event import Event
from contracts.referrals import v1
from services.referrals.domain.outcomes import Fact
from services.referrals.domain.programmes import programme
from services.referrals.domain.states import PASSED_ON
from services.referrals.store import counted, steps

FACTS: Mapping[type[Event], Fact] = {
    v1.ReferralReceived: Fact.RECEIVED,
    v1.ReferralAccepted: Fact.ACCEPTED,
    v1.ReferralRejected: Fact.REJECTED,
    v1.ContactAttempted: Fact.TRIED,
    v1.ContactMade: Fact.CONTACTED,
    v1.FirstConversationHeld: Fact.CONVERSATION,
    v1.FurtherConversationsHeld: Fact.FURTHER,
    v1.TreatmentStarted: Fact.TREATMENT,
    v1.ReferralCompleted: Fact.COMPLETED,
    v1.ReferralFailed: Fact.FAILED,
    v1.ReferralCancelled: Fact.CANCELLED,
    v1.ReferralWithdrawn: Fact.WITHDRAWN,
    v1.ReferralExpired: Fact.EXPIRED,
    v1.ReferralEnteredInError: Fact.ENTERED_IN_ERROR,
}


async def count(tx: Tx, event: Event, case_id: UUID) -> None:
    """Count an event that says something about a course; any other is none."""
    if isinstance(event, v1.ReferralRequested):
        await counted.begin(tx, event.referral_id, confidential=programme(event.programme).confidential)
        await counted.began_as(tx, event.referral_id)
    elif isinstance(event, v1.ConsentDeclined) and not programme(event.programme).confidential:
        await counted.declined(tx, event.programme, case_id, event.consent_id)
    elif type(event) in FACTS:
        _count_fact(tx, event)
    await _forget_steps(tx, event)


async def _forget_steps(tx: Tx, event: Event) -> None:
    """Delete what was noted of somebody who took it back: by the receiver, or where the person is forgotten."""
    if isinstance(event, v1.MinimisationConfirmed | v1.ReferralWithdrawn):
        await steps.forget(tx, event.referral_id)


def _count_fact(tx: Tx, event: Event) -> None:
    code = getattr(event, "code", "")
    # Whoever is passed on goes on elsewhere: that is no end.
    if code != PASSED_ON:
        fact = FACTS[type(event)]
        counted.add(tx, event.aggregate_id, fact, code if fact is Fact.REJECTED else "")
