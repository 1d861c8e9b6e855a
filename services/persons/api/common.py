"""What every route of persons needs: a service that asks, the vault, and answers without detours."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.http import Command, command, signed_in
from chassis.identity import Forbidden, Principal
from contracts.codes import Purpose, Role
from services.persons.domain.reading import CaseMissing, OnBehalfMissing, PurposeMissing
from services.persons.store.sealing import Place
from services.persons.store.vault import Vault


class Body(BaseModel):
    """A request's body: nothing unknown in it, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Reader(Body):
    """The person or system who will see the answer."""

    subject: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    authority: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    office: str | None = None


class Grounded(Body):
    """A question that says why it is asked, in which case and for whom."""

    purpose: Purpose | None = None
    case_id: UUID | None = None
    on_behalf_of: Reader | None = None

    def grounds(self) -> tuple[Purpose, UUID, Reader]:
        """Return purpose, case and reader; refuse when one is missing."""
        if self.purpose is None:
            raise PurposeMissing
        if self.case_id is None:
            raise CaseMissing
        if self.on_behalf_of is None:
            raise OnBehalfMissing
        return self.purpose, self.case_id, self.on_behalf_of


async def asking_service(principal: Annotated[Principal, Depends(signed_in)]) -> Principal:
    """Return the service that asks; people and systems are refused."""
    require_service(principal)
    return principal


def require_service(principal: Principal) -> None:
    """Refuse all but Samvirke's own services: another authority's system that calls itself one is a stranger."""
    principal.require(Role.SERVICE)
    if principal.authority != "samvirke":
        raise Forbidden


async def the_vault(request: Request) -> Vault:
    """Return the vault of this process."""
    vault: Vault = request.app.state.vault
    return vault


async def private_command(
    call: Annotated[Command, Depends(command)], vault: Annotated[Vault, Depends(the_vault)]
) -> Command:
    """Return a service's command whose body is remembered by a keyed hash.

    A plain hash of a body that holds little but a CPR number would give the number to anyone who tries them all.
    """
    require_service(call.principal)
    call.body_hash = vault.secrets.hash_of(Place.BODY, call.body_hash).hex()
    return call


AskingService = Annotated[Principal, Depends(asking_service)]
TheVault = Annotated[Vault, Depends(the_vault)]
PrivateCommand = Annotated[Command, Depends(private_command)]


def answer(body: object) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )
