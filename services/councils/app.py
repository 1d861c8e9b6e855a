"""The wiring of councils."""

from chassis.service import Service
from services.councils.api import routers


def service() -> Service:
    """Return the service, ready to run; it hears no events."""
    return Service("councils", routers=routers())
