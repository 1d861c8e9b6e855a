"""What a receiver sees before it answers: programme, age band and municipality, and nobody's name."""

from datetime import date

from services.referrals.domain.ages import Span, age

UNKNOWN = "unknown"
BANDS = {"0-14": "15y", "15-17": "18y", "18-24": "25y", "25-64": "65y"}
"""Each band, and the age at which it ends."""
OLDEST = "65+"


def age_band(born: date | None, on: date) -> str:
    """Return the band of somebody's age on a day; unknown where the birth is, or lies ahead."""
    if born is None or born > on:
        return UNKNOWN
    years = age(born, on)
    return next((band for band, end in BANDS.items() if years < Span.parse(end)), OLDEST)
