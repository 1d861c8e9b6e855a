"""From a yes to a referral that is sent: consent, admission by the programme's rule, and the request, all at once."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.hverdage import DANISH_TIME
from contracts.referrals.v1 import ConsentGiven
from services.referrals.domain import referral as machine
from services.referrals.domain.admission import receiver
from services.referrals.domain.ages import age
from services.referrals.domain.consents import new_consents
from services.referrals.domain.offers import admitted
from services.referrals.domain.preview import age_band
from services.referrals.domain.programmes import Consenter, programme
from services.referrals.domain.referral import Details
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.domain.rulebook import table_on
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.acting import keep_time, tell
from services.referrals.handlers.telling import grounds, told
from services.referrals.store import consents, referrals
from services.referrals.store.charges import Charge
from services.referrals.store.referrals import New


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of somebody who said yes: the words that persons keeps, and the birth."""

    person: UUID
    text_id: UUID
    born: date | None
    tell_charge: bool


async def request_for(tx: Tx, charge: Charge, contact: Contact) -> UUID:
    """Send a referral for who said yes, and return its id.

    Raises:
        OneIsOpen: they are referred there already.
        NotAdmitted: the programme's rule does not say yes.
    """
    new = _requested(charge, contact)
    one = new.referral
    if not await referrals.add(tx, new):
        raise OneIsOpen
    await consents.add(tx, one)
    for consent in one.consents.values():
        given = ConsentGiven(consent_id=consent.id, **grounds(programme(charge.programme)))
        await tell(tx, given, 1, charge.id, charge.now)
    await keep_time(tx, one, charge.id, charge.now)
    if stored := await referrals.found(tx, one.id):
        await tell(tx, told(stored, one, Action.REQUEST), one.version, charge.id, charge.now)
    return one.id


def _requested(charge: Charge, contact: Contact) -> New:
    """Return the referral as it is sent: asked and answered in one breath."""
    of, day, referral_id = programme(charge.programme), charge.now.astimezone(DANISH_TIME).date(), new_id()
    to, seat = receiver(of, charge.kommune)
    years = age(contact.born, day) if contact.born and contact.born <= day else None
    asked = new_consents(referral_id, of.needs_consent_of(years))
    one = machine.draft(referral_id, of, charge.now, receiver=to, person=contact.person, consents=asked)
    one = machine.act(one, of, Action.ASK_CONSENT, Side.SENDER, charge.now)
    said_yes = Details(consenter=Consenter.PERSON)
    one = machine.act(one, of, Action.GIVE_CONSENT, Side.PERSON, charge.now, said_yes)
    return New(
        # Its first event is the request: what went before nobody else has seen.
        referral=replace(one, version=1),
        case_id=charge.id,
        receiver_office=str(seat.office or ""),
        kommune=charge.kommune,
        age_band=age_band(contact.born, day),
        contact_text_id=contact.text_id,
        told_facts={"charge": charge.kind.value} if contact.tell_charge else {},
        verdict=referrals.kept(admitted(table_on(of.table, day), charge.kind, charge.kommune)),
    )
