"""What every route of beredskabsstab needs: who asks, bodies without surprises, answers that nobody keeps."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path
from fastapi.responses import Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

from chassis.http import Command, command, signed_in
from chassis.identity import Forbidden, Principal
from contracts.codes import Role, authorities

if TYPE_CHECKING:
    from datetime import datetime

Call = Annotated[Command, Depends(command)]
Asking = Annotated[Principal, Depends(signed_in)]
Id = Annotated[UUID, Path()]

FIRST, LAST = 2000, 2199
"""The years that anything may lie in: nothing is reckoned beyond the calendar's edge."""

POLICE = frozenset({"politi-mvj", "politi-mvj-vagtcentral"})
"""The authorities whose people lead the staff (plan §5.3, line 428)."""

LEADS = (Role.STAFF_CHAIR, Role.DUTY_OFFICER)
"""Who activates and changes the step: the chair, and the duty officer as the police's deputy at the desk."""

SEES = (Role.STAFF_CHAIR, Role.STAFF_MEMBER, Role.DUTY_OFFICER, Role.ON_CALL, Role.SYSTEM)
"""Who follows an activation that their authority is in."""


class Body(BaseModel):
    """A command's body: nothing unknown in it, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _near(moment: "datetime") -> "datetime":
    if not FIRST <= moment.year <= LAST:
        raise ValueError("a year out of reach")
    return moment


def _known(authority: str) -> str:
    if authority not in authorities():
        raise ValueError("no such authority")
    return authority


Moment = Annotated[AwareDatetime, AfterValidator(_near)]

AuthorityName = Annotated[str, StringConstraints(max_length=60), AfterValidator(_known)]
"""An authority that is on the closed list."""

Reason = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""Why, in words; empty where none is needed."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
]
"""Words that something is said in: never empty."""


def require_police(principal: Principal, *roles: str) -> None:
    """Refuse whoever has none of the roles, and whoever has one at an authority that is not the police's."""
    principal.require(*roles)
    if principal.authority not in POLICE:
        raise Forbidden


def answer(body: object, status: int = 200) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), status, headers={"Cache-Control": "no-store"}, media_type="application/json"
    )
