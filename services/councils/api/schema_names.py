"""Under which name the schema of a public answer is published, so that every answer can say where it is."""

import re

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.councils.domain.oparl import OParl

SCHEMAS = "/schemas"
MEDIA_TYPE = "application/schema+json"


def name_of(model: type[BaseModel]) -> str:
    """Return a model's name as readers know it: `Plan` for `PlanView`, `OParlMeetingPage` for a page of `Meeting`."""
    name = re.sub(r"^Page\[(\w+)\]$", r"\1Page", model.__name__).removesuffix("View")
    return f"OParl{name}" if issubclass(model, OParl) else name


def address_of(model: type[BaseModel]) -> str:
    """Return where a model's schema is read."""
    return f"{SCHEMAS}/{name_of(model)}.json"


def described_by(request: Request) -> str:
    """Return the link from an answer to its schema; nothing where the route says none."""
    route = request.scope.get("route")
    model = route.response_model if isinstance(route, APIRoute) else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return ""
    return f'<{address_of(model)}>; rel="describedby"; type="{MEDIA_TYPE}"'
