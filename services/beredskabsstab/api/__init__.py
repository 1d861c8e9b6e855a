"""HTTP: the framework plan, incidents, warnings, activations, who is coming, what they work with and tell."""

from fastapi import APIRouter

from services.beredskabsstab.api import (
    activations,
    calls,
    evaluations,
    forum,
    incidents,
    log,
    message_pages,
    messages,
    picture,
    plans,
    polls,
    public,
    relief,
    resources,
    standards,
    tasks,
    warnings,
)
from services.beredskabsstab.api.web import PAGES


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    work = [log.router, picture.router, tasks.router, resources.router]
    of_an_activation = [activations.router, calls.router, polls.router, relief.router, *work, evaluations.router]
    telling = [messages.router, standards.router, public.router, message_pages.router, PAGES.assets.router()]
    return [plans.router, warnings.router, incidents.router, *of_an_activation, forum.router, *telling]
