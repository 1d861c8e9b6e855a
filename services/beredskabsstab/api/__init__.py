"""HTTP: the framework plan, incidents and requests, activations, and who is coming."""

from fastapi import APIRouter

from services.beredskabsstab.api import activations, calls, incidents, plans


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    return [plans.router, incidents.router, activations.router, calls.router]
