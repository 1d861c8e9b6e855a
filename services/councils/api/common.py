"""What every route of councils needs: who asks, whose council it is, and how it is answered."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.database import Tx
from chassis.http import Command, command, signed_in
from chassis.identity import Principal
from contracts.codes import Office, Role
from contracts.refusal import NotFound, StaleVersion
from services.councils.domain.bodies import Body
from services.councils.domain.kredsraad import NotYourCouncil
from services.councils.store import bodies

Call = Annotated[Command, Depends(command)]
Asking = Annotated[Principal, Depends(signed_in)]


class Sent(BaseModel):
    """What a command carries: nothing else than its own fields, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def answer(body: object) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


async def kept_body(tx: Tx, body_id: UUID) -> Body:
    """Return a council, locked, for a secretary who keeps its papers.

    Raises:
        NotFound: there is no such council.
        NotYourCouncil: another authority's secretariat keeps its papers.
    """
    tx.principal.require(Role.SECRETARY)
    body = await bodies.found(tx, body_id)
    if body is None:
        raise NotFound
    if tx.principal.authority not in body.secretariats:
        raise NotYourCouncil
    locked = await bodies.locked(tx, body_id)
    if locked is None:
        raise NotYourCouncil
    return locked


def require_party(principal: Principal) -> None:
    """Refuse whoever neither keeps a council's papers nor sits on it, nor approves its plans."""
    principal.require(Role.SECRETARY, Role.COUNCIL_MEMBER, Role.PLAN_APPROVER)


def require_version(expected: int, current: int) -> None:
    """Refuse a change of what somebody else has changed meanwhile."""
    if expected != current:
        raise StaleVersion(version=current)


def is_of_council_office(principal: Principal, body: Body) -> bool:
    """Say whether somebody is of an authority that sits on a council, and of the office there that deals with it."""
    return principal.authority in {*body.parties, *body.secretariats} and principal.office in {"", Office.RAAD}
