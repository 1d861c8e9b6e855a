"""Household facts: births, custody, dwellings and placements by id, asked of the national register."""

from functools import partial
from itertools import islice
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing, record_access
from chassis.database import Database, Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.audit.v1 import MAX_PERSONS
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from services.persons.api.common import AskingService, Body, TheVault, answer
from services.persons.domain.households import MOST_ASKED, Households, by_ids, numbers_in
from services.persons.domain.person import PersonGone
from services.persons.domain.reading import require_few
from services.persons.store import people
from services.persons.store.register import Register
from services.persons.store.sealing import Place
from services.persons.store.vault import Vault

router = APIRouter(responses=refusing(PersonGone))


class Asked(Body):
    """Whose household facts are asked for, and in which case, if in one."""

    person_ids: list[UUID]
    case_id: UUID | None = None


@router.post("/household-facts", dependencies=[Depends(accessing("household.read"))])
async def household_facts(body: Asked, request: Request, principal: AskingService, vault: TheVault) -> Response:
    """Answer the facts that the rules of Socialsoeg need, by ids; who was told of is recorded."""
    asked = require_few(body.person_ids, MOST_ASKED)
    service = service_of(request)
    numbers = await _numbers(service.database, principal, vault, asked)
    # No transaction is open while the register is asked.
    facts = await Register(service.clients).households(numbers)
    async with service.database.tx(principal) as tx:
        ids = await _ids(tx, vault, facts)
        await _record(tx, {*asked, *ids.values()}, body.case_id)
    opaque = vault.secrets.opaque
    return answer(by_ids(facts, ids, partial(opaque, Place.DWELLING), partial(opaque, Place.BUILDING)))


async def _numbers(database: Database, principal: Principal, vault: Vault, asked: list[UUID]) -> list[str]:
    async with database.tx(principal) as tx:
        await people.require_somebodys(tx, asked)
        current = await people.living_ids(tx, asked)
        numbers = await people.numbers_of(tx, vault, current.values())
    return [number for each in numbers.values() for number in each]


async def _ids(tx: Tx, vault: Vault, facts: Households) -> dict[str, UUID]:
    """Return today's id for every number in the facts; relatives never met before get one."""
    numbers = sorted(numbers_in(facts))
    return dict(zip(numbers, await people.resolve(tx, vault, numbers), strict=True))


async def _record(tx: Tx, persons: set[UUID], case_id: UUID | None) -> None:
    rest = iter(sorted(persons))
    while some := list(islice(rest, MAX_PERSONS)):
        await record_access(
            tx,
            operation="household.read",
            purpose=Purpose.SOCIALSOEG,
            persons=some,
            kind=LogKind.COMBINATION,
            case_id=case_id,
        )
