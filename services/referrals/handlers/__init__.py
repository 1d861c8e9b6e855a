"""What referrals does when it hears an event or a deadline is due, and the acts that commands share with them."""

from services.referrals.handlers import (
    coursing,
    expiring,
    following,
    forgetting,
    group_following,
    group_working,
    meeting_day,
    merges,
    noting,
)

__all__ = [
    "coursing",
    "expiring",
    "following",
    "forgetting",
    "group_following",
    "group_working",
    "meeting_day",
    "merges",
    "noting",
]
