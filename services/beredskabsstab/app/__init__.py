"""The wiring of beredskabsstab."""

from chassis.service import Service
from services.beredskabsstab.api import routers
from services.beredskabsstab.app.errands import run_errands
from services.beredskabsstab.app.mirror import watch_boards


def service() -> Service:
    """Return the service, wired to the world that its environment names."""
    return Service("beredskabsstab", routers=routers(), background=[run_errands, watch_boards])
