"""How many courses of a kind somebody's seat follows, and how long they wait: counts that nobody can be told from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.referrals.domain.outcomes import half_up
from services.referrals.domain.reporting import HIDDEN
from services.referrals.domain.suppression import Shown, nested
from services.referrals.domain.worklist import is_late

HELD_IN: Mapping[str, tuple[str, ...]] = {
    "courses": (),
    "open": ("courses",),
    "ended": ("courses",),
    "late": ("courses", "open"),
    "waiting": ("courses", "open"),
}
"""Each count, and those that hold it: what comes first is kept."""

SHARES: Mapping[str, tuple[str, str, str]] = {
    "open_of_courses": ("open", "courses", "er i gang"),
    "ended_of_courses": ("ended", "courses", "er sluttet inden for de seneste 30 dage"),
    "late_of_open": ("late", "open", "er forsinket, af dem, der er i gang"),
    "waiting_of_open": ("waiting", "open", "venter på, at nogen begynder, af dem, der er i gang"),
}
"""Each share: its numerator, its denominator, and what it says."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One course of a list, as it is counted."""

    opened_at: datetime
    due_at: datetime | None
    ended: bool
    first: bool
    """Whether it is in its first state: nobody has begun."""


def volumes(rows: Iterable[Followed], now: datetime) -> dict[str, Any]:
    """Return the counts beside their denominators; what is under 5, or would tell such a number, is None.

    The longest wait is told where the number of those that wait is.
    """
    every = list(rows)
    under_way = [one for one in every if not one.ended]
    waiting = [one for one in under_way if one.first]
    numbers = {
        "courses": len(every),
        "open": len(under_way),
        "ended": len(every) - len(under_way),
        "late": sum(is_late(one.due_at, now) for one in under_way),
        "waiting": len(waiting),
    }
    shown = nested(numbers, HELD_IN)
    longest = max(((now - one.opened_at).days for one in waiting), default=0)
    return {
        **shown,
        "longest_wait_days": None if shown["waiting"] is None else longest,
        "shares": {name: _share(shown, *asked) for name, asked in SHARES.items()},
        "hidden": HIDDEN,
    }


def _share(shown: Shown, part: str, whole: str, says: str) -> dict[str, Any]:
    numerator, denominator = shown[part], shown[whole]
    percent = None if numerator is None or not denominator else half_up(numerator, denominator)
    return {"numerator": numerator, "denominator": denominator, "percent": percent, "says": says}
