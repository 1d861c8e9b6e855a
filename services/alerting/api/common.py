"""What every route of alerting needs: who asks, bodies without surprises, answers that nobody keeps."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from chassis.http import Command, command, signed_in
from chassis.identity import Principal
from contracts.codes import authorities

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


def answer(body: object) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )
