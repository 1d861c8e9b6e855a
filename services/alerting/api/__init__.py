"""HTTP: alerts in, the board of who is coming out."""

from fastapi import APIRouter

from services.alerting.api import alerts


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    return [alerts.router]
