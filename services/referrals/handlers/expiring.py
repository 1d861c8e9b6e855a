"""What referrals does when somebody is late: what nobody answered ends, and its sender sees it."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due
from services.referrals.domain.states import WAYS, Action, Side
from services.referrals.handlers.acting import REFERRAL_DUE, act
from services.referrals.handlers.noting import remind
from services.referrals.store import referrals


@due(REFERRAL_DUE)
async def somebody_is_late(referral_id: UUID, _: datetime, tx: Tx) -> None:
    """Let a referral expire that nobody answered; anything else stands as late on the list of whoever owes it."""
    stored = await referrals.locked(tx, referral_id)
    if stored and stored.referral.state in WAYS[Action.EXPIRE].moves:
        await act(tx, stored, Action.EXPIRE, Side.CLOCK)
    elif stored:
        await remind(tx, stored)
