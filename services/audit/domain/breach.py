"""A breach of security: Datatilsynet hears of it within 72 hours of its discovery, where it must (L-16)."""

from datetime import datetime, timedelta

from contracts.refusal import Refusal

NOTIFY_WITHIN = timedelta(hours=72)
WARN_BEFORE = timedelta(hours=24)
DEADLINE = "breach-notice"


class DiscoveredLater(Refusal):
    """A breach is reported after it was discovered, and it began before it ended."""

    slug = "times-impossible"
    status = 422
    title = "Tidspunkterne passer ikke sammen."
    todo = "Bruddet skal begynde, før det slutter, og være opdaget inden nu."


class AlreadyDecided(Refusal):
    """Whether Datatilsynet is notified is decided once."""

    slug = "already-decided"
    title = "Det er allerede afgjort, om bruddet anmeldes."
    todo = "Se afgørelsen på bruddet. Er den forkert, så registrér et nyt brud."


def notify_by(happened_from: datetime, happened_to: datetime, discovered_at: datetime, now: datetime) -> datetime:
    """Return when the 72 hours have passed; refuse times that cannot be."""
    if happened_from > happened_to or discovered_at > now or happened_from > discovered_at:
        raise DiscoveredLater
    return discovered_at + NOTIFY_WITHIN
