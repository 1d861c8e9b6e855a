"""Shredding: when a person is let go, why a key is destroyed, and what whoever asks later is told."""

from datetime import timedelta
from enum import StrEnum

GRACE = timedelta(days=30)
"""How long a person whom nobody holds any more stays readable: a registration may come again."""


class ShredReason(StrEnum):
    """Why somebody orders that a person's key is destroyed."""

    RETENTION_ENDED = "retention-ended"
    """What the data was kept for has ended before its time."""
    ERASURE_ORDERED = "erasure-ordered"
    """The data protection adviser or a supervisory authority has ordered it."""
    REGISTERED_IN_ERROR = "registered-in-error"
    """The person should never have been met here."""
