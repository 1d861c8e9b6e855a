"""One act on a referral, in one transaction: the row is locked, the machine decides, the clock is set, it is told."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, set_deadline
from chassis.outbox import append
from contracts.event import Event
from services.referrals.domain import referral as machine
from services.referrals.domain.referral import NOTHING_MORE, Details, Referral
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.telling import told
from services.referrals.store import referrals
from services.referrals.store.referrals import Stored

REFERRAL_DUE = "referral_due"
"""The deadline of whoever owes the next act."""


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
    await referrals.save(tx, before, after, reason_text_id)
    await keep_time(tx, after, stored.case_id)
    await tell(tx, told(stored, after, action), after.version, stored.case_id, stored.now)
    return after


async def keep_time(tx: Tx, referral: Referral, case_id: UUID) -> None:
    """Let the referral's clock run as it says, or stop it."""
    if referral.due is None:
        await cancel_deadline(tx, kind=REFERRAL_DUE, subject=referral.id)
    else:
        await set_deadline(tx, kind=REFERRAL_DUE, subject=referral.id, due_at=referral.due, correlation_id=case_id)


async def tell(tx: Tx, event: Event, version: int, case_id: UUID, at: datetime) -> None:
    """Tell an event of a case."""
    await append(tx, event, version=version, correlation_id=case_id, time=at)
