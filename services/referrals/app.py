"""The wiring of referrals."""

from chassis.service import Service
from services.referrals.api import routers


def service() -> Service:
    """Return the service, ready to run."""
    return Service("referrals", routers=routers())
