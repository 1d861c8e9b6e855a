"""HTTP: what the log tells, to those who may know it; each such read is a record of the log itself."""

from fastapi import APIRouter

from services.audit.api import breaches, checkpoints, closings, insights, users


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    return [checkpoints.router, closings.router, insights.router, users.router, breaches.router]
