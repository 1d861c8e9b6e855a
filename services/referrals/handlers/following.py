"""Referrals that follow another: passed on to a new receiver, and what its end means for the one it came from."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due
from chassis.ids import new_id
from services.referrals.domain import family
from services.referrals.domain.admission import receiver
from services.referrals.domain.referral import Details, Referral
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.acting import REFERRAL_CHANGED, act, keep_time, tell
from services.referrals.handlers.telling import told
from services.referrals.store import consents, referrals
from services.referrals.store.referrals import New, Stored

FOLLOWED = Details(text="Den følger den henvisning, som den kom fra.")


async def pass_on(
    tx: Tx, stored: Stored, to: str, details: Details, *, expected: int, reason_text_id: UUID | None
) -> UUID:
    """Pass a locked referral on and return the id of the new one; both, or neither.

    Raises:
        SameReceiver: it lies there.
        NoSuchReceiver: the programme is not received there.
        OneIsOpen: the person is referred there already.
    """
    of = stored.programme
    wanted, seat = receiver(of, stored.kommune, to)
    before = await act(
        tx, stored, Action.REROUTE, Side.RECEIVER, details, expected=expected, reason_text_id=reason_text_id
    )
    child = family.passed_on(before, new_id(), wanted, of, stored.now)
    new = _new(stored, child, str(seat.office or ""))
    if not await referrals.pass_on(tx, stored, new):
        raise OneIsOpen
    for consent in child.consents.values():
        await consents.rest(tx, child.id, consent.id)
    await keep_time(tx, child, stored.case_id, stored.now)
    asked = replace(stored, referral=child, receiver_office=new.receiver_office)
    await tell(tx, told(asked, child, Action.REQUEST), child.version, stored.case_id, stored.now)
    return child.id


def _new(stored: Stored, child: Referral, office: str) -> New:
    return New(
        referral=child,
        case_id=stored.case_id,
        receiver_office=office,
        kommune=stored.kommune,
        age_band=stored.age_band,
        contact_text_id=stored.contact_text_id,
        told_facts=stored.told_facts,
        verdict=stored.verdict,
        counterpart=stored.counterpart,
        parties=stored.parties,
    )


@due(REFERRAL_CHANGED)
async def those_that_belong_to_it_follow(referral_id: UUID, _: datetime, tx: Tx) -> None:
    """Do what follows to the one it was passed on from, or to those it was passed on to."""
    together = {one.referral.id: one for one in await referrals.family(tx, referral_id)}
    if referral_id not in together:
        return
    members = [one.referral for one in together.values()]
    for follows in family.consequences(together[referral_id].referral, members):
        await act(tx, together[follows.referral], follows.action, follows.side, FOLLOWED)
