"""The wiring of concerns."""

from chassis.service import Service
from services.concerns.api import routers
from services.concerns.handlers.running import carry_on


def service() -> Service:
    """Return the service, ready to run."""
    return Service("concerns", routers=routers(), background=[carry_on])
