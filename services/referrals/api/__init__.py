"""The HTTP routes of referrals."""

from fastapi import APIRouter

from services.referrals.api.acts import router as acts
from services.referrals.api.charges import router as charges
from services.referrals.api.offers import router as offers
from services.referrals.api.referrals import router as referrals


def routers() -> list[APIRouter]:
    """Return all of them."""
    return [charges, offers, referrals, acts]
