"""Shredding by order: a service that owns the decision has a person's key destroyed."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from services.persons.api.common import Body, PrivateCommand, Reader, TheVault, answer
from services.persons.domain.person import PersonGone
from services.persons.domain.reading import OnBehalfMissing
from services.persons.domain.shredding import ShredReason
from services.persons.store import shredding

router = APIRouter(responses=refusing(PersonGone))


class Shred(Body):
    """Why a person is shredded, and who has decided it."""

    reason: ShredReason
    case_id: UUID | None = None
    on_behalf_of: Reader | None = None

    def decided_by(self) -> Reader:
        """Return who has decided; refuse when nobody is named."""
        if self.on_behalf_of is None:
            raise OnBehalfMissing
        return self.on_behalf_of


@router.post("/people/{person_id}/shred", dependencies=[Depends(accessing("person.shred", "person_id"))])
async def shred(person_id: UUID, body: Shred, call: PrivateCommand, request: Request, vault: TheVault) -> Response:
    """Destroy a person's keys, whoever holds the person, and answer when no backup can be read any more.

    What is promised happens, also when this process ends before it answers: then the deadline goes on.
    """
    await call.carry_out(lambda tx: _promise(tx, person_id, body))
    async with service_of(request).database.tx(call.principal) as tx:
        current = await shredding.today(tx, person_id)
        unreadable_by: datetime | None = await shredding.fulfil(tx, vault, current)
    return answer({"person_id": current, "unreadable_by": unreadable_by})


async def _promise(tx: Tx, person_id: UUID, body: Shred) -> Answer:
    reader = body.decided_by()
    current = await shredding.today(tx, person_id)
    if ids := await shredding.promise(tx, current):
        await record_access(
            tx,
            operation="person.shred",
            purpose=Purpose.RETENTION,
            persons=ids,
            kind=LogKind.ERASURE,
            case_id=body.case_id,
            on_behalf_of=reader.subject,
            on_behalf_of_authority=reader.authority,
        )
    return Answer(ids={"person_id": current})
