"""Referrals written by hand, in any programme: a draft that the rule admits, and one that takes up an ended one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.hverdage import DANISH_TIME
from contracts.referrals import v1
from contracts.refusal import NotFound
from services.referrals.domain import family
from services.referrals.domain import referral as machine
from services.referrals.domain.ages import Span, age
from services.referrals.domain.consents import Consents, new_consents, renewed
from services.referrals.domain.preview import age_band
from services.referrals.domain.programmes import Programme
from services.referrals.domain.referral import Details, Referral
from services.referrals.domain.states import Action, Side, State
from services.referrals.handlers.acting import act, keep_time, tell
from services.referrals.handlers.telling import said
from services.referrals.store import clock, consents, referrals
from services.referrals.store.referrals import New, Stored


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sender has written, looked up and had admitted."""

    id: UUID
    programme: Programme
    person: UUID | None
    born: Mapping[str, date | None]
    """By `person` and `counterpart`."""
    counterpart: UUID | None
    kommune: str
    receiver: str
    receiver_office: str
    parties: tuple[str, ...]
    text_id: UUID | None
    verdict: Mapping[str, Any]
    rests_on: UUID | None = None
    """A referral of the same person whose consents hold for this one too."""


async def add_draft(tx: Tx, draft: Draft) -> Referral:
    """Save a draft and return it; of it only the sender knows."""
    now, referral_id = await clock.now(tx), draft.id
    day = now.astimezone(DANISH_TIME).date()
    of = draft.programme
    needed = of.needs_consent_of(_years(draft.born.get("person"), day), _years(draft.born.get("counterpart"), day))
    asked = await _given(tx, draft) or new_consents(referral_id, needed)
    one = machine.draft(referral_id, of, now, receiver=draft.receiver, person=draft.person, consents=asked)
    band = age_band(draft.born.get("person"), day)
    await _add(
        tx,
        New(
            referral=one,
            case_id=referral_id,
            receiver_office=draft.receiver_office,
            kommune=draft.kommune,
            age_band=band,
            contact_text_id=draft.text_id,
            told_facts={},
            verdict=draft.verdict,
            counterpart=draft.counterpart,
            parties=draft.parties,
        ),
    )
    return one


async def _given(tx: Tx, draft: Draft) -> Consents | None:
    """Return the consents of another referral to the same programme: one withdrawal then reaches both.

    Raises:
        NotFound: it is not the sender's, or about somebody else, or under another programme.
    """
    if draft.rests_on is None:
        return None
    stored = await referrals.found(tx, draft.rests_on)
    seat = (tx.principal.authority, tx.principal.office)
    same = stored and (stored.referral.person, stored.programme.code) == (draft.person, draft.programme.code)
    if stored is None or not same or seat != (stored.sender, stored.sender_office):
        raise NotFound
    return renewed(stored.referral.consents, draft.id)


def _years(born: date | None, day: date) -> Span | None:
    return age(born, day) if born and born <= day else None


async def _add(tx: Tx, new: New) -> None:
    one = new.referral
    await referrals.add(tx, new)
    await consents.add(tx, one, new.counterpart)
    stored = await referrals.locked(tx, one.id)
    if stored is None:
        message = "whoever writes a draft sees it"
        raise RuntimeError(message)
    await keep_time(tx, one, new.case_id, stored.now)
    await tell(tx, v1.ReferralDrafted(**said(stored, one)), one.version, new.case_id, stored.now)


async def take_up_again(tx: Tx, ended: Stored, side: Side, reason: str, reason_text_id: UUID | None) -> Referral:
    """Write a new draft that continues an ended referral; an expired one is settled by it."""
    again = family.reopened(ended.referral, new_id(), side, reason, ended.programme, ended.now)
    await _add(
        tx,
        New(
            referral=again,
            case_id=ended.case_id,
            receiver_office=ended.receiver_office,
            kommune=ended.kommune,
            age_band=ended.age_band,
            contact_text_id=ended.contact_text_id,
            told_facts=ended.told_facts,
            verdict=ended.verdict,
            counterpart=ended.counterpart,
            parties=ended.parties,
        ),
    )
    if ended.referral.state is State.EXPIRED and not ended.referral.settled:
        await act(tx, ended, Action.SETTLE, side, Details(text=reason), reason_text_id=reason_text_id)
    return again
