"""Referrals that belong together: passed on to another receiver, continued after an end, on the same consent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.referrals.domain.consents import ConsentState, moved, renewed
from services.referrals.domain.deadlines import due
from services.referrals.domain.programmes import Consenter, Programme
from services.referrals.domain.referral import Details, Referral, act, draft
from services.referrals.domain.referral_refusals import (
    DetailMissing,
    NotInThisState,
    NotYourAct,
    OneIsOpen,
    SameReceiver,
)
from services.referrals.domain.referral_words import said
from services.referrals.domain.states import ENDED, OPEN, REOPENED, TAKEN, WAYS, Action, Need, Side, State

HANDED_OVER = OPEN - {State.DRAFT}


def passed_on(parent: Referral, child_id: UUID, receiver: str, programme: Programme, at: datetime) -> Referral:
    """Return the referral to the new receiver: it is asked at once, and rests on the same consents.

    Raises:
        SameReceiver: it is where it would go.
    """
    if receiver == parent.receiver:
        raise SameReceiver
    return replace(
        parent,
        id=child_id,
        parent=parent.id,
        receiver=receiver,
        depth=parent.depth + 1,
        state=State.REQUESTED,
        due=due(programme, State.REQUESTED, at),
        version=1,
        was_taken=False,
    )


def reopened(ended: Referral, new_id: UUID, side: Side, reason: str, programme: Programme, at: datetime) -> Referral:
    """Return a new draft that continues an ended referral; the ended one stays as it is.

    Raises:
        NotYourAct: only the manager does.
        NotInThisState: it is open, or ended by the person, the sender or as a mistake.
        DetailMissing: it says no reason.
    """
    facts = {"action": "reopen", "state": said(ended.state), "allowed": said(State.DRAFT)}
    if side is not Side.MANAGER:
        raise NotYourAct(belongs_to=said(Side.MANAGER), **facts)
    if ended.state not in REOPENED:
        raise NotInThisState(**facts)
    if not reason.strip():
        raise DetailMissing(missing=Need.TEXT.value, codes="")
    again = draft(
        new_id,
        programme,
        at,
        receiver=ended.receiver,
        person=ended.person,
        consents=renewed(ended.consents, new_id),
    )
    return replace(again, continues=ended.id, text=reason.strip())


def withdraw_everywhere(
    referrals: Iterable[Referral], consent: UUID, programmes: Mapping[str, Programme], at: datetime
) -> list[Referral]:
    """Return every referral that rests on a consent, without it: an open one ends, an ended one is not sent again.

    A consent is withdrawn by this alone: the act of one referral leaves what it was passed on from, or to, as it was.
    """
    return [
        _without(one, of, programmes[one.programme], at)
        for one in referrals
        for of, held in one.consents.items()
        if held.id == consent and held.state is ConsentState.GIVEN
    ]


def _without(one: Referral, of: Consenter, programme: Programme, at: datetime) -> Referral:
    if one.state in WAYS[Action.WITHDRAW].moves:
        return act(one, programme, Action.WITHDRAW, Side.PERSON, at, Details(consenter=of))
    return replace(one, consents=moved(one.consents, of, ConsentState.WITHDRAWN), version=one.version + 1)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What must be done to another referral because of one."""

    referral: UUID
    action: Action
    side: Side


def consequences(changed: Referral, family: Sequence[Referral]) -> list[Consequence]:
    """Return what follows for the one that was passed on, and for those to which this one was."""
    found = []
    parent = next((one for one in family if one.id == changed.parent and one.state is State.REROUTED), None)
    if parent and (changed.state in TAKEN or changed.state is State.COMPLETED):
        found.append(Consequence(parent.id, Action.REROUTE_ACCEPTED, Side.SYSTEM))
    elif parent and changed.state in ENDED - {State.WITHDRAWN}:
        found.append(Consequence(parent.id, Action.REROUTE_ENDED, Side.SYSTEM))
    if changed.state in {State.CANCELLED, State.ENTERED_IN_ERROR}:
        children = [one for one in family if one.parent == changed.id and one.state in WAYS[Action.CANCEL].moves]
        found += [Consequence(child.id, Action.CANCEL, Side.SENDER) for child in children]
    return found


def check_none_open(new: Referral, others: Iterable[Referral]) -> None:
    """Refuse a second open hand-over of the same person to the same receiver under the same programme; a draft is none.

    Raises:
        OneIsOpen: there is one; the words are the same whether or not the caller may see it.
    """
    place = (new.person, new.programme, new.receiver)
    if new.person and any(
        (one.person, one.programme, one.receiver) == place and one.state in HANDED_OVER for one in others
    ):
        raise OneIsOpen
