"""The wiring of beredskabsstab."""

from chassis.service import Service
from chassis.web.live import Live
from services.beredskabsstab.api import routers
from services.beredskabsstab.app.errands import run_errands
from services.beredskabsstab.app.mirror import watch_boards
from services.beredskabsstab.app.publishing import outlet
from services.beredskabsstab.app.watching import versions
from services.beredskabsstab.store.calls import BOARD


def service() -> Service:
    """Return the service, wired to the world that its environment names."""
    made = Service("beredskabsstab", routers=routers(), background=[run_errands, watch_boards])
    made.app.state.outlet = outlet(made.settings)
    live = Live(versions(made))
    made.app.state.live = live
    made.database.wakers[BOARD] = live.wake
    return made
