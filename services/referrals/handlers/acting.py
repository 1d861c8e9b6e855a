"""One act on a referral, in one transaction: the row is locked, the machine decides, the clock is set, it is told."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import move_deadlines, set_deadline
from chassis.outbox import append
from contracts.event import Event
from contracts.referrals import v1
from services.referrals.domain import referral as machine
from services.referrals.domain.referral import NOTHING_MORE, Details, Referral
from services.referrals.domain.retention import forget_at
from services.referrals.domain.states import Action, Side, State
from services.referrals.handlers.counting import count
from services.referrals.handlers.group_deadlines import group_look
from services.referrals.handlers.telling import grounds, told
from services.referrals.store import consents, referrals
from services.referrals.store.referrals import Stored

REFERRAL_DUE = "referral_due"
"""The deadline of whoever owes the next act."""
REFERRAL_FORGOTTEN = "referral_forgotten"
"""The deadline after which an ended one names nobody any more."""
REFERRAL_CHANGED = "referral_changed"
"""The deadline, due at once, under which those that belong to it follow."""


async def act(
    tx: Tx,
    stored: Stored,
    action: Action,
    side: Side,
    details: Details = NOTHING_MORE,
    *,
    expected: int | None = None,
    reason_text_id: UUID | None = None,
) -> Referral:
    """Carry an act out on a locked referral and return it as it is then.

    Raises:
        Refusal: the machine says no, or somebody else was first.
    """
    before = stored.referral
    after = machine.act(before, stored.programme, action, side, stored.now, details, expected=expected)
    await referrals.save(tx, before, after, forget_at(after, stored.now), reason_text_id)
    await keep_time(tx, after, stored.case_id, stored.now)
    await tell(tx, told(stored, after, action), after.version, stored.case_id, stored.now)
    await _keep_answers(tx, stored, after, action)
    if after.parent or before.state is State.REROUTED or action is Action.ENTER_IN_ERROR:
        await at_once(tx, REFERRAL_CHANGED, after.id, stored)
    return after


async def at_once(tx: Tx, kind: str, subject: UUID, stored: Stored) -> None:
    """Let the service itself go on with what the asker may not see, as soon as this is committed."""
    await set_deadline(tx, kind=kind, subject=subject, due_at=stored.now, correlation_id=stored.case_id, at_once=True)


ANSWERED = {Action.GIVE_CONSENT: v1.ConsentGiven, Action.DECLINE_CONSENT: v1.ConsentDeclined}


async def _keep_answers(tx: Tx, stored: Stored, after: Referral, action: Action) -> None:
    """Save the consents that were asked for, given or declined; a withdrawal is kept where it is cascaded."""
    if action is not Action.ASK_CONSENT and action not in ANSWERED:
        return
    for of, consent in after.consents.items():
        if consent.state is stored.referral.consents[of].state:
            continue
        version = await consents.moved(tx, consent)
        if action in ANSWERED:
            event = ANSWERED[action](consent_id=consent.id, **grounds(stored.programme))
            await tell(tx, event, version, stored.case_id, stored.now)


async def keep_time(tx: Tx, referral: Referral, case_id: UUID, now: datetime) -> None:
    """Let the referral's clocks run as it says, or stop them: of who owes an act, and of its forgetting.

    Its group looks at it too.
    """
    due_at = group_look(tx, referral, now) | {REFERRAL_DUE: referral.due, REFERRAL_FORGOTTEN: forget_at(referral, now)}
    await move_deadlines(tx, referral.id, due_at, case_id)


async def tell(tx: Tx, event: Event, version: int, case_id: UUID, at: datetime) -> None:
    """Tell an event of a case, and count it."""
    await count(tx, event, case_id)
    await append(tx, event, version=version, correlation_id=case_id, time=at)
