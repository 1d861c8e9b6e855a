"""Forgetting people: whoever said no within the hour, and whoever's key is destroyed at once."""

from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from chassis.inbox import reacts_to
from chassis.outbox import append
from contracts.event import Envelope
from contracts.persons.v1 import PersonShredded, PersonsReleased
from contracts.referrals.v1 import ReferralErased
from services.referrals.domain.consents import ConsentState
from services.referrals.domain.referral import Details
from services.referrals.domain.states import WAYS, Action, Side
from services.referrals.handlers.acting import REFERRAL_FORGOTTEN, act, tell
from services.referrals.handlers.telling import said
from services.referrals.handlers.withdrawing import withdraw
from services.referrals.store import charges, people, referrals
from services.referrals.store.charges import Charge
from services.referrals.store.referrals import Stored

OFFER_DECLINED = "offer_declined"
"""The deadline after which nothing says any more who declined an offer."""
LET_GO = timedelta(hours=1)
"""Whoever another charge asked persons for meanwhile has a row of their own by then, and is held still."""


async def forget_soon(tx: Tx, charge: Charge) -> None:
    """Let an offer that was declined name nobody, long before the 24 hours of O-6.8.1-03 have passed."""
    await set_deadline(tx, kind=OFFER_DECLINED, subject=charge.id, due_at=charge.now + LET_GO, correlation_id=charge.id)


@due(OFFER_DECLINED)
async def somebody_declined(charge_id: UUID, _: datetime, tx: Tx) -> None:
    """Forget who declined, and tell persons so where nothing else here names them."""
    charge = await charges.locked(tx, charge_id)
    if charge is None or charge.person is None or charge.answered_at is None:
        return
    await charges.forget(tx, charge)
    await let_go(tx, charge.person, charge.now)


@reacts_to(PersonShredded)
async def forget_the_person(event: PersonShredded, _: Envelope, tx: Tx) -> None:
    """End what is open about the person, so that nobody waits for it, and let nothing name them; counts stay."""
    for referral_id in await referrals.open_of(tx, event.person_id):
        if stored := await referrals.locked(tx, referral_id):
            await _end(tx, stored)
    await people.forget_in_courses(tx, event.person_id)
    await people.forget(tx, event.person_id)


FORGOTTEN = Details(text="Personen er slettet.", code="not_possible")


async def _end(tx: Tx, stored: Stored) -> None:
    """End an open referral about somebody who is no more: by their consent, or else by whoever can."""
    one = stored.referral
    if any(consent.state is ConsentState.GIVEN for consent in one.consents.values()):
        await withdraw(tx, stored)
    elif one.state in WAYS[Action.CANCEL].moves:
        await act(tx, stored, Action.CANCEL, Side.SENDER, FORGOTTEN)
    else:
        await act(tx, stored, Action.FAIL, Side.RECEIVER, FORGOTTEN)


@due(REFERRAL_FORGOTTEN)
async def its_time_is_up(referral_id: UUID, _: datetime, tx: Tx) -> None:
    """Let an ended referral name nobody, and tell persons where nothing else here names them; counts stay."""
    stored = await referrals.locked(tx, referral_id)
    if stored is None or stored.forget_at is None or stored.forget_at > stored.now:
        return
    named = [one for one in (stored.referral.person, stored.counterpart) if one]
    await referrals.forget(tx, referral_id)
    await people.forget_consents(tx, referral_id)
    await people.forget_group_cases(tx, referral_id)
    erased = ReferralErased(**said(stored, stored.referral))
    await tell(tx, erased, stored.referral.version + 1, stored.case_id, stored.now)
    for person in named:
        await let_go(tx, person, stored.now)


async def let_go(tx: Tx, person: UUID, at: datetime) -> None:
    """Tell persons that somebody is not needed here any more, unless something else here names them."""
    if await people.is_named(tx, person):
        return
    released = PersonsReleased(release_id=new_id(), service=tx.service, person_ids=(person,), as_of=at - LET_GO)
    await append(tx, released, version=1, correlation_id=released.release_id, time=at)
