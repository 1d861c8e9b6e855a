"""What every page of the beredskabsstab stands on: who has opened it, what was wrong in a form, and the way on."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from chassis.http import Command
from chassis.identity import Principal
from chassis.web.pages import HEADERS
from chassis.web.sessions import page_command, signed_in_page
from contracts.codes import Role, authorities
from contracts.refusal import Refusal
from services.beredskabsstab.api.common import LEADS, POLICE, SEES
from services.beredskabsstab.api.web import PAGES
from services.beredskabsstab.domain.steps import ReasonMissing, WrongConfirmation

Visitor = Annotated[Principal, Depends(signed_in_page)]
Sent = Annotated[Command, Depends(page_command)]

Faults = dict[str, str]
"""What is wrong with a form, by field; without a field where it is the whole."""
WHOLE = ""

ASKS = (Role.STAFF_MEMBER, Role.STAFF_CHAIR, Role.DUTY_OFFICER, Role.ON_CALL)
"""Who asks by a page that the staff be activated."""


class Faulty(Exception):
    """Fields of a form are wrong."""

    def __init__(self, faults: Faults) -> None:
        """Remember which."""
        super().__init__()
        self.faults = faults


def pages_router() -> APIRouter:
    """Return a router whose problems are pages."""
    return APIRouter(route_class=PAGES.route(), include_in_schema=False)


def leads(principal: Principal) -> bool:
    """Say whether somebody activates, rings and changes the step."""
    return principal.authority in POLICE and bool(principal.roles & set(LEADS))


def chairs(principal: Principal) -> bool:
    """Say whether somebody leads the staff."""
    return principal.authority in POLICE and Role.STAFF_CHAIR in principal.roles


def show(request: Request, principal: Principal, template: str, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401  as `render`
    """Return a page of somebody who is signed in."""
    own = authorities().get(principal.authority)
    frame: dict[str, Any] = {
        "leads": leads(principal),
        "chairs": chairs(principal),
        "asks": bool(principal.roles & set(ASKS)),
        "office_name": own.name if own else principal.authority,
        "is_alive": False,
        "faults": {},
    }
    return PAGES.render(request, template, status, **(frame | shown))


def require_sight(principal: Principal) -> None:
    """Refuse whoever follows no activation."""
    principal.require(*SEES)


def back(path: str) -> Response:
    """Send the browser on after something was done: to load the page again does it no second time."""
    return RedirectResponse(path, 303, HEADERS)


def faults_of(error: ValidationError, texts: dict[str, tuple[str, str]]) -> Faults:
    """Return what is wrong by field of the form; `texts` has the field and the words for each field of the body."""
    names = [str(name) for one in error.errors() for name in one["loc"] if str(name) in texts][::-1]
    return dict(texts[name] for name in names) or {WHOLE: "Noget i formularen kan ikke læses. Se felterne igennem."}


FIELDS: dict[type[Refusal], str] = {WrongConfirmation: "bekraeft", ReasonMissing: "begrundelse"}


def faults_from(refusal: Refusal, fields: dict[type[Refusal], str] | None = None) -> Faults:
    """Return a refusal as what is wrong with a form."""
    field = (FIELDS | (fields or {})).get(type(refusal), WHOLE)
    return {field: f"{refusal.title} {refusal.todo}"}
