"""The wiring of alerting."""

from chassis.service import Service
from services.alerting.api import routers


def service() -> Service:
    """Return the service, ready to run."""
    return Service("alerting", routers=routers())
