"""How long an ended referral names anybody; statistics stay, people do not."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.referrals.domain.referral import Referral
from services.referrals.domain.states import State

SHORT, LONG = timedelta(days=30), timedelta(days=365)
KEPT: Mapping[State, timedelta] = {
    State.COMPLETED: LONG,
    State.FAILED: LONG,
    State.EXPIRED: SHORT,
    State.REJECTED: SHORT,
    State.CANCELLED: SHORT,
    State.WITHDRAWN: SHORT,
    State.ENTERED_IN_ERROR: SHORT,
}
"""Settings that no law states (indstilling): long enough to take a case up again, and no longer."""


def forget_at(referral: Referral, now: datetime) -> datetime | None:
    """Return when it forgets whom it is about: never while it is open, or somebody still owes something."""
    return None if referral.owed_by else now + KEPT[referral.state]
