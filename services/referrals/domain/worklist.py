"""The work list of an office: what is to be answered now, what waits for others, what came back."""

from datetime import datetime
from enum import StrEnum

from services.referrals.domain.states import ENDED, OWES, Side, State


class Shelf(StrEnum):
    """Where a referral lies on the list."""

    ANSWER_NOW = "answer_now"
    WAITS_FOR_OTHERS = "waits_for_others"
    CAME_BACK = "came_back"
    """It has ended, and the sender reads how."""
    ENDED = "ended"


def shelf(state: State, side: Side, *, minimisation_due: bool) -> Shelf:
    """Return where it lies for one of its sides."""
    if state in ENDED and not minimisation_due:
        return Shelf.CAME_BACK if side is Side.SENDER else Shelf.ENDED
    return Shelf.ANSWER_NOW if turn(state, minimisation_due=minimisation_due) is side else Shelf.WAITS_FOR_OTHERS


def turn(state: State, *, minimisation_due: bool) -> Side | None:
    """Return for which side it waits; for none where it has ended."""
    return Side.RECEIVER if minimisation_due else OWES.get(state)


def is_late(due_at: datetime | None, now: datetime) -> bool:
    """Say whether whoever owes the next act is late."""
    return due_at is not None and due_at < now
