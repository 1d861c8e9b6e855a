"""HTTP: the framework plan, incidents, warnings, activations, who is coming, what they work with, what follows."""

from fastapi import APIRouter

from chassis.web.sign_in import sign_in_routes
from services.beredskabsstab.api import (
    activations,
    calls,
    desk,
    evaluations,
    forum,
    incidents,
    live_board,
    log,
    picture,
    plans,
    polls,
    relief,
    requesting,
    resources,
    ring,
    start,
    tasks,
    warnings,
)
from services.beredskabsstab.api.page import PAGES


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    work = [log.router, picture.router, tasks.router, resources.router]
    of_an_activation = [activations.router, calls.router, polls.router, relief.router, *work, evaluations.router]
    return [plans.router, warnings.router, incidents.router, *of_an_activation, forum.router, *pages()]


def pages() -> list[APIRouter]:
    """Return the pages of signed-in people, and the way in."""
    own = [start.router, desk.router, requesting.router, ring.router, live_board.router]
    return [PAGES.assets.router(), sign_in_routes(PAGES, "/"), *own]
