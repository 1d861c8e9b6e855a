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
from services.referrals.handlers.withdrawing import withdraw
from services.referrals.store import charges, people, referrals
from services.referrals.store.charges import Charge

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
    if not await people.is_named(tx, charge.person):
        released = PersonsReleased(
            release_id=new_id(), service=tx.service, person_ids=(charge.person,), as_of=charge.answered_at
        )
        await append(tx, released, version=1, correlation_id=released.release_id, time=charge.now)


@reacts_to(PersonShredded)
async def forget_the_person(event: PersonShredded, _: Envelope, tx: Tx) -> None:
    """End what is open about the person, so that nobody waits for it, and let nothing name them; counts stay."""
    for referral_id in await referrals.open_of(tx, event.person_id):
        if stored := await referrals.locked(tx, referral_id):
            await withdraw(tx, stored)
    await people.forget(tx, event.person_id)
