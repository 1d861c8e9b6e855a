"""HTTP: the framework plan, incidents, warnings, activations, who is coming, what they work with and tell."""

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
    message_acts,
    message_forms,
    message_pages,
    messages,
    picture,
    plans,
    polls,
    public,
    relief,
    requesting,
    resources,
    ring,
    standards,
    start,
    tasks,
    warnings,
)
from services.beredskabsstab.api.web import PAGES


def routers() -> list[APIRouter]:
    """Return the routes of the service."""
    work = [log.router, picture.router, tasks.router, resources.router]
    of_an_activation = [activations.router, calls.router, polls.router, relief.router, *work, evaluations.router]
    telling = [messages.router, standards.router, public.router]
    return [plans.router, warnings.router, incidents.router, *of_an_activation, forum.router, *telling, *pages()]


def pages() -> list[APIRouter]:
    """Return the pages of signed-in people, and the way in."""
    # The board knows `/stab/{id}/{word}`: what has a word of its own comes before it.
    words = [message_forms.router, message_pages.router, message_acts.router]
    own = [start.router, desk.router, requesting.router, ring.router, *words, live_board.router]
    return [PAGES.assets.router(), sign_in_routes(PAGES, "/"), *own]
