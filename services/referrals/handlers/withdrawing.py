"""Taking back a consent: every open referral that rests on it ends, whoever sent it."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from contracts.referrals.v1 import ConsentWithdrawn
from services.referrals.domain.consents import Consents, ConsentState
from services.referrals.domain.programmes import Consenter
from services.referrals.domain.referral import Details
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.acting import act, tell
from services.referrals.handlers.group_working import leave_without_consent
from services.referrals.handlers.telling import grounds
from services.referrals.store import consents, referrals
from services.referrals.store.referrals import Stored

CONSENT_WITHDRAWN = "consent_withdrawn"
"""The deadline, due at once, under which what the asker does not see is ended too."""


async def withdraw(tx: Tx, stored: Stored, expected: int | None = None, of: Consenter | None = None) -> int:
    """Take back one consent on which a locked referral rests, or all of them, and end it; returns its version."""
    said = Details(consenter=of or _given(stored.referral.consents))
    after = await act(tx, stored, Action.WITHDRAW, Side.PERSON, said, expected=expected)
    for who, consent in stored.referral.consents.items():
        if of in {None, who}:
            await _take_back(tx, stored, consent.id)
    return after.version


def _given(of: Consents) -> Consenter:
    return next((who for who, consent in of.items() if consent.state is ConsentState.GIVEN), Consenter.PERSON)


async def _take_back(tx: Tx, stored: Stored, consent_id: UUID) -> None:
    consent = await consents.locked(tx, consent_id)
    if consent is None or consent.state != ConsentState.GIVEN:
        return
    await consents.withdrawn(tx, consent)
    event = ConsentWithdrawn(consent_id=consent_id, **grounds(stored.programme))
    await tell(tx, event, consent.version + 1, stored.case_id, stored.now)
    await set_deadline(
        tx,
        kind=CONSENT_WITHDRAWN,
        subject=consent_id,
        due_at=stored.now,
        correlation_id=stored.case_id,
        at_once=True,
    )


@due(CONSENT_WITHDRAWN)
async def end_what_rests_on_it(consent_id: UUID, _: datetime, tx: Tx) -> None:
    """End every other open referral that rests on a consent that is taken back, and whoever was drawn in by it."""
    await leave_without_consent(tx, consent_id)
    for referral_id in await referrals.resting_on(tx, consent_id):
        stored = await referrals.locked(tx, referral_id)
        if stored and stored.referral.is_open:
            said = Details(consenter=next(iter(stored.referral.consents)))
            await act(tx, referrals.as_if_given(stored), Action.WITHDRAW, Side.PERSON, said)
