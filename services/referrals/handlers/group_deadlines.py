"""The deadlines of groups, and how a referral wakes its group."""

from datetime import datetime

from chassis.database import Tx
from chassis.deadlines import WAKE
from services.referrals.domain.groups import groups
from services.referrals.domain.referral import Referral

GROUP_FOLLOWS = "group_follows"
"""The deadline, due at once, under which a group takes up a referral or lets it go: the sides write no group's rows."""
MEETING_DUE = "meeting_due"
"""The deadline by which a group must have met."""
TASK_DUE = "group_task_due"
"""The deadline of a task that a meeting has given."""
ACTOR_LEAVES = "actor_leaves"
"""The deadline at which an actor's part in a case ends."""


def group_look(tx: Tx, referral: Referral, now: datetime) -> dict[str, datetime]:
    """Return the deadline by which the group of a referral's programme looks at it; it is woken by the commit."""
    if referral.programme not in groups():
        return {}
    tx.wakes.add(WAKE)
    return {GROUP_FOLLOWS: now}
