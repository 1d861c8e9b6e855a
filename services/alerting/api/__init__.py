"""HTTP: alerts and their board; people on call, their routes and rosters; pages for whoever is called."""

from fastapi import APIRouter

from services.alerting.api import ad_hoc, alerts, calendar, call_lists, contact, duty, links, rosters, staff, swaps


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    duties = [staff.router, rosters.router, duty.router, swaps.router, calendar.router]
    pages = [links.router, contact.router, links.PAGES.assets.router()]
    return [alerts.router, ad_hoc.router, call_lists.router, *duties, *pages]
