"""The wiring of concerns."""

from chassis.service import Service
from services.concerns.api import routers
from services.concerns.handlers import correcting, running


def service() -> Service:
    """Return the service, ready to run."""
    return Service("concerns", routers=routers(), background=[running.carry_on, correcting.carry_on])
