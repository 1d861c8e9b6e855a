"""HTTP: the framework plan, incidents, warnings, activations, who is coming, what they work with, what follows."""

from fastapi import APIRouter

from services.beredskabsstab.api import (
    activations,
    calls,
    evaluations,
    forum,
    incidents,
    log,
    picture,
    plans,
    polls,
    relief,
    resources,
    tasks,
    warnings,
)


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    work = [log.router, picture.router, tasks.router, resources.router]
    of_an_activation = [activations.router, calls.router, polls.router, relief.router, *work, evaluations.router]
    return [plans.router, warnings.router, incidents.router, *of_an_activation, forum.router]
