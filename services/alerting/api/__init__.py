"""HTTP: alerts in, the board of who is coming out; people on call, their routes and rosters."""

from fastapi import APIRouter

from services.alerting.api import ad_hoc, alerts, calendar, duty, rosters, staff, swaps


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    duties = [staff.router, rosters.router, duty.router, swaps.router, calendar.router]
    return [alerts.router, ad_hoc.router, *duties]
