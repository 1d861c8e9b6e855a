"""Whatever shows designated areas carries the plan's caveat: no answer can be built without it (O-4.1-06)."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict

from services.councils.api.public import as_public_file
from services.councils.domain.areas import CAVEAT_DA


def _the_caveat(said: str) -> str:
    if said != CAVEAT_DA:
        raise ValueError("not the plan's caveat")
    return said


class OnAreas(BaseModel):
    """What every answer about designated areas says."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    caveat_da: Annotated[str, AfterValidator(_the_caveat)]
    """The plan's caveat about the crime criterion, word for word."""


def published(request: Request, view: OnAreas) -> Response:
    """Answer everyone."""
    return as_public_file(request, view.model_dump_json().encode(), "application/json", {})


def among_authorities(view: OnAreas) -> Response:
    """Answer somebody who has signed in; nobody may keep it."""
    return Response(view.model_dump_json(), headers={"Cache-Control": "no-store"}, media_type="application/json")
