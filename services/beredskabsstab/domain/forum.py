"""The staff as a forum that plans (plan §5.3, line 425): it meets, holds exercises and learns; nobody is called in."""

from datetime import datetime
from enum import StrEnum

from contracts.refusal import Refusal


class Held(StrEnum):
    """What the forum has held."""

    MEETING = "meeting"
    EXERCISE = "exercise"


class NotHeldYet(Refusal):
    """Only what has been held is recorded; a time to come belongs in a calendar."""

    slug = "not-held-yet"
    status = 422
    title = "Det er ikke holdt endnu."
    todo = "Registrér mødet eller øvelsen, når den er holdt."


def require_held(held_at: datetime, now: datetime) -> None:
    """Refuse what lies in the future."""
    if held_at > now:
        raise NotHeldYet
