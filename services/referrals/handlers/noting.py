"""Noting what the receiver tells of a course, and reminding whoever is late with the next step."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from contracts.event import Event
from contracts.referrals import v1
from contracts.refusal import StaleVersion
from services.referrals.domain.following import Step, check, day_of, start_by
from services.referrals.domain.offers import OfferState
from services.referrals.domain.states import UNDER_WAY, Side, State
from services.referrals.handlers.acting import tell
from services.referrals.handlers.telling import grounds, said
from services.referrals.store import charges, referrals, steps
from services.referrals.store.referrals import Stored

TREATMENT_DUE, INFORM_DUE = "treatment_due", "inform_due"
"""The deadlines of a start of treatment, and of telling somebody of an offer."""

TOLD: Mapping[Step, type[Event]] = {
    Step.TRIED: v1.ContactAttempted,
    Step.CONVERSATION: v1.FirstConversationHeld,
    Step.FURTHER: v1.FurtherConversationsHeld,
    Step.TREATMENT_ASKED: v1.TreatmentAsked,
    Step.TREATMENT_STARTED: v1.TreatmentStarted,
}


async def note(tx: Tx, stored: Stored, step: Step, side: Side, on: date | None, expected: int) -> int:
    """Note a step of a locked referral and return its version then.

    Raises:
        Refusal: it is not to be noted now, or somebody else was first.
    """
    one = stored.referral
    if expected != one.version:
        raise StaleVersion(version=one.version)
    check(step, side, one.state, await steps.noted(tx, one.id))
    day = day_of(on, stored.requested_at, stored.now)
    until = start_by(day) if step is Step.TREATMENT_ASKED else None
    await steps.add(tx, one.id, step, day, until)
    await _keep_time(tx, stored, step, until)
    await _tell(tx, stored, TOLD[step], start_by=until)
    return one.version + 1


async def _keep_time(tx: Tx, stored: Stored, step: Step, until: datetime | None) -> None:
    subject = stored.referral.id
    if until:
        await set_deadline(tx, kind=TREATMENT_DUE, subject=subject, due_at=until, correlation_id=stored.case_id)
    elif step is Step.TREATMENT_STARTED:
        await cancel_deadline(tx, kind=TREATMENT_DUE, subject=subject)


async def _tell(tx: Tx, stored: Stored, event: type[Event], **more: object) -> None:
    """Tell something that changes no state; the version counts it, so that both sides have it in order."""
    version = await referrals.told_again(tx, stored.referral)
    await tell(tx, event(**(said(stored, stored.referral) | more)), version, stored.case_id, stored.now)


async def remind(tx: Tx, stored: Stored) -> None:
    """Tell both sides that the receiver is late: with the first contact, or with whatever comes next."""
    one = stored.referral
    if one.state is State.ACCEPTED and Step.TRIED not in await steps.noted(tx, one.id):
        await _tell(tx, stored, v1.ContactOverdue)
    elif one.state in UNDER_WAY:
        await _tell(tx, stored, v1.FollowUpOverdue)


@due(TREATMENT_DUE)
async def treatment_is_late(referral_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell both sides that something is late, and neither what, while the course goes on."""
    stored = await referrals.locked(tx, referral_id)
    if stored and stored.referral.state in UNDER_WAY:
        await remind(tx, stored)


async def remind_to_inform(tx: Tx, charge_id: UUID, inform_by: datetime) -> None:
    """Let it be told when somebody has not been told of an offer in time (O-6.8.1-02)."""
    await set_deadline(tx, kind=INFORM_DUE, subject=charge_id, due_at=inform_by, correlation_id=charge_id)


@due(INFORM_DUE)
async def nobody_was_informed(charge_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell the police that an offer has not been passed on, while that is so."""
    charge = await charges.locked(tx, charge_id)
    if charge is None or charge.state is not OfferState.OFFERED:
        return
    known = grounds(charge.of) | {"charge_id": charge.id, "sender": charge.authority}
    await charges.told_again(tx, charge)
    await tell(tx, v1.OfferInformOverdue(**known), charge.version + 1, charge.id, charge.now)
