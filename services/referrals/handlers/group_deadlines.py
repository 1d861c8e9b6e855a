"""The deadlines of groups, and how a referral wakes its group."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import set_deadline
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


async def wake_group(tx: Tx, referral: Referral, case_id: UUID, now: datetime) -> None:
    """Let the group of a referral's programme look at it."""
    if referral.programme in groups():
        await set_deadline(
            tx, kind=GROUP_FOLLOWS, subject=referral.id, due_at=now, correlation_id=case_id, at_once=True
        )
