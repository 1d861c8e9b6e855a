"""The HTTP routes of referrals."""

from fastapi import APIRouter

from services.referrals.api.acts import router as acts
from services.referrals.api.charges import router as charges
from services.referrals.api.consents import router as consents
from services.referrals.api.drafts import router as drafts
from services.referrals.api.evaluations import router as evaluations
from services.referrals.api.following import router as following
from services.referrals.api.offers import router as offers
from services.referrals.api.passing_on import router as passing_on
from services.referrals.api.referrals import router as referrals
from services.referrals.api.reports import router as reports


def routers() -> list[APIRouter]:
    """Return all of them."""
    return [charges, offers, drafts, referrals, acts, consents, passing_on, following, reports, evaluations]
