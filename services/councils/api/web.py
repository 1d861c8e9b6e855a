"""The pages of councils that are no public plan: one set of templates, one look."""

from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from fastapi.responses import Response

from chassis.identity import Principal
from chassis.web.pages import Pages
from chassis.web.sessions import signed_in_page
from contracts.codes import Role, authorities
from services.councils.domain.moments import day, field, moment


def _authority(code: str) -> str:
    """Return what an authority is called; its code where it has no name."""
    found = authorities().get(code)
    return found.name if found else code


def _seat(key: str) -> str:
    """Return a seat as a page says it: `Herning Kommune, borgmester`."""
    authority, _, office = key.partition(".")
    return f"{_authority(authority)}, {office.replace('_', ' ').replace('-', ' ')}"


def _size(size: int) -> str:
    """Return how large a file is, as a page says it: `1,4 MB`."""
    if size < 1_000_000:  # noqa: PLR2004  a megabyte
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


PAGES = Pages("services.councils.api")
PAGES.environment.filters |= {"day": day, "moment": moment, "field": field, "authority": _authority, "seat": _seat}
PAGES.environment.filters["filesize"] = _size

READ = ["GET", "HEAD"]

Colleague = Annotated[Principal, Depends(signed_in_page)]
"""Whoever has signed in, in this browser."""

SITS = frozenset({Role.COUNCIL_MEMBER, Role.PLAN_APPROVER})


def told(answer: Response) -> Any:  # noqa: ANN401  any JSON
    """Return what a route answers, for a page that shows the same."""
    return orjson.loads(bytes(answer.body))


def render(request: Request, who: Principal, template: str, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401  as `Pages.render`
    """Return a page of a colleague, who is led only to where they have something."""
    frame: dict[str, Any] = {
        "secretary": Role.SECRETARY in who.roles,
        "member": not who.roles.isdisjoint(SITS),
        "faults": {},
    }
    return PAGES.render(request, template, status, **(frame | {"typed": {}} | shown))
