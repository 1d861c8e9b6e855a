"""Which event an act tells, under the purpose and basis of its programme."""

from collections.abc import Mapping
from typing import Any

from contracts.codes import Office, Purpose
from contracts.event import Event
from contracts.referrals import v1
from services.referrals.domain.offers import basis_of
from services.referrals.domain.programmes import Programme
from services.referrals.domain.referral import Referral
from services.referrals.domain.states import ENDED, Action, State
from services.referrals.store.referrals import Stored

TOLD: Mapping[Action, type[Event]] = {
    Action.ASK_CONSENT: v1.ConsentsAsked,
    Action.GIVE_CONSENT: v1.ConsentNoted,
    Action.DECLINE_CONSENT: v1.ReferralDropped,
    Action.REROUTE: v1.ReferralRerouted,
    Action.REROUTE_ACCEPTED: v1.ReferralCompleted,
    Action.REROUTE_ENDED: v1.ReferralReturned,
    Action.SETTLE: v1.ReferralSettled,
    Action.ENTER_IN_ERROR: v1.ReferralEnteredInError,
    Action.REQUEST: v1.ReferralRequested,
    Action.RECEIVE: v1.ReferralReceived,
    Action.ACCEPT: v1.ReferralAccepted,
    Action.REJECT: v1.ReferralRejected,
    Action.BEGIN: v1.ContactMade,
    Action.HOLD: v1.ReferralHeld,
    Action.RESUME: v1.ReferralResumed,
    Action.COMPLETE: v1.ReferralCompleted,
    Action.FAIL: v1.ReferralFailed,
    Action.CANCEL: v1.ReferralCancelled,
    Action.PROPOSE_CANCEL: v1.CancellationProposed,
    Action.AGREE_CANCEL: v1.ReferralCancelled,
    Action.WITHDRAW: v1.ReferralWithdrawn,
    Action.EXPIRE: v1.ReferralExpired,
    Action.CONFIRM_MINIMISED: v1.MinimisationConfirmed,
}

UNSENT = frozenset({State.DRAFT, State.AWAITING_CONSENT})


def grounds(of: Programme) -> dict[str, Any]:
    """Return what every event says of its programme."""
    return {"programme": of.code, "basis": basis_of(of), "stated_purpose": Purpose(of.purpose)}


def told(stored: Stored, after: Referral, action: Action) -> Event:
    """Return the event that an act tells: codes and times, and nothing about anybody."""
    return _kind(stored.referral.state, after.state, action)(**said(stored, after))


def _kind(before: State, after: State, action: Action) -> type[Event]:
    if before not in UNSENT:
        return TOLD[action]
    # What was never sent, its receiver does not hear of.
    if after in ENDED:
        return v1.ReferralDropped
    return v1.ReferralRequested if after is State.REQUESTED else TOLD[action]


def said(stored: Stored, after: Referral) -> dict[str, Any]:
    """Return what every event of a referral may say of it; an event takes of these what it has a field for."""
    return grounds(stored.programme) | {
        "referral_id": after.id,
        "sender": stored.sender,
        "sender_office": stored.sender_office if stored.sender_office in set(Office) else None,
        "receiver": after.receiver,
        "receiver_office": stored.receiver_office,
        "code": after.code,
        "answer_by": after.due,
        "contact_by": after.due,
    }
