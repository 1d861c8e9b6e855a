"""HTTP: the framework plan, incidents and requests, activations, who is coming, and what the staff works with."""

from fastapi import APIRouter

from services.beredskabsstab.api import activations, calls, incidents, log, picture, plans, resources, tasks


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    work = [log.router, picture.router, tasks.router, resources.router]
    return [plans.router, incidents.router, activations.router, calls.router, *work]
