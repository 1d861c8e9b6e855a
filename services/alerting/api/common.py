"""What every route of alerting needs: who asks, bodies without surprises, answers that nobody keeps."""

from dataclasses import replace
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query
from fastapi.responses import Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chassis.http import Answer, Command, command, signed_in
from chassis.identity import Principal
from contracts.codes import Office, authorities
from contracts.refusal import Refusal
from services.alerting.domain.staff import NoOffice

T = TypeVar("T", bound=date)

Call = Annotated[Command, Depends(command)]
Asking = Annotated[Principal, Depends(signed_in)]
Id = Annotated[UUID, Path()]


class Body(BaseModel):
    """A command's body: nothing unknown in it, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _known(authority: str) -> str:
    if authority not in authorities():
        raise ValueError("no such authority")
    return authority


AuthorityName = Annotated[str, StringConstraints(max_length=60), AfterValidator(_known)]
"""An authority that is on the closed list."""

RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
"""What somebody is on duty as: `vagt`, `kriseleder`, `log`."""

PersonName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""What a colleague is called, as the board shows it."""


Raiser = Annotated[
    AuthorityName | None, Query(alias="raised_by", description="For services: the authority on whose behalf they ask.")
]

Subject = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@:-]{1,100}$")]
"""An account that somebody signs in with."""


class OnlyForServices(Refusal):
    """Somebody names another on whose behalf they ask, and is no service."""

    slug = "only-for-services"
    status = 403
    title = "Kun et system i Samvirke kan spørge på vegne af andre."
    todo = "Lad raised_by og recorded_by være tomme: du spørger i dit eget navn."


def on_behalf(principal: Principal, raised_by: str | None, recorded_by: str | None = None) -> Principal:
    """Return who a service asks for: an authority's preparedness, and who entered it there; refuse anybody else."""
    if raised_by is None and recorded_by is None:
        return principal
    if principal.kind != "service":
        raise OnlyForServices
    return replace(
        principal,
        authority=raised_by or principal.authority,
        office=principal.office or Office.BEREDSKAB,
        subject=recorded_by or principal.subject,
    )


FIRST, LAST = 2000, 2199
"""The years that a roster may be asked about: nothing is reckoned beyond the calendar's edge."""


def _near(moment: T) -> T:
    if not FIRST <= moment.year <= LAST:
        raise ValueError("a year out of reach")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Day = Annotated[date, AfterValidator(_near)]


def answer(body: object) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


Version = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""The version that a change is based on; somebody else's in the meantime refuses it. JSON carries no larger number."""


def office_of(principal: Principal) -> tuple[str, str]:
    """Return the authority and office that somebody plans for; refuse when the token names no office."""
    if not principal.office:
        raise NoOffice
    return principal.authority, principal.office


def answered_once(given: Answer, shown: dict[str, str]) -> Response:
    """Answer a command with what is shown now and never again: the same command twice does not show it twice."""
    body = {name: str(value) for name, value in given.ids.items()} | {"version": given.version} | shown
    return Response(orjson.dumps(body), given.status, {"Cache-Control": "no-store"}, media_type="application/json")
