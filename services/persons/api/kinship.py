"""Kinship: whether a signed-in person is one of the people of a case, or belongs to their household."""

from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import service_of
from chassis.openapi import refusing
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from services.persons.api.common import AskingService, Body, TheVault, answer
from services.persons.domain.kinship import are_kin
from services.persons.domain.person import PersonGone
from services.persons.domain.reading import require_few
from services.persons.store import people
from services.persons.store.register import Register
from services.persons.store.vault import Vault

router = APIRouter(responses=refusing(PersonGone))
DENMARK = ZoneInfo("Europe/Copenhagen")


class Kinship(Body):
    """Who wants to open a case, and who the people of the case are."""

    person_id: UUID
    to: tuple[UUID, ...]
    case_id: UUID


@router.post("/related", dependencies=[Depends(accessing("person.related"))])
async def related(body: Kinship, request: Request, principal: AskingService, vault: TheVault) -> Response:
    """Answer yes or no, from what the register says at this moment; nothing is kept about anyone's relatives."""
    others = require_few(body.to)
    service = service_of(request)
    async with service.database.tx(principal) as tx:
        current = await people.living_ids(tx, [body.person_id, *others])
        numbers = await _numbers(tx, vault, current)
        today = (await tx.fetchval("select clock()")).astimezone(DENMARK).date()
        await record_access(
            tx,
            operation="person.related",
            purpose=Purpose.LAWFULNESS_CONTROL,
            persons=[body.person_id, *others],
            kind=LogKind.COMBINATION,
            case_id=body.case_id,
        )
    own_id = current.get(body.person_id, body.person_id)
    if own_id in {current.get(one, one) for one in others}:
        return answer({"related": True})
    own = numbers.get(body.person_id, set())
    theirs = {number for one in others for number in numbers.get(one, ())}
    if not (own and theirs):
        return answer({"related": False})
    # No transaction is open while the register is asked.
    facts = await Register(service.clients).households(sorted(own | theirs))
    return answer({"related": are_kin(facts, own, theirs, today)})


async def _numbers(tx: Tx, vault: Vault, current: dict[UUID, UUID]) -> dict[UUID, set[str]]:
    numbers = await people.numbers_of(tx, vault, current.values())
    return {one: set(numbers.get(now, ())) for one, now in current.items()}
