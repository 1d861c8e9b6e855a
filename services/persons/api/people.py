"""Who is who: ids for numbers, persons without a number, several numbers, and merging."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from chassis.outbox import Recorded, append_all
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from contracts.form import WHOLE, Day, Truth
from services.persons.api.common import AskingService, Body, PrivateCommand, TheVault, answer
from services.persons.domain.cpr import parse_all
from services.persons.domain.person import PersonGone, merge
from services.persons.domain.reading import Identity
from services.persons.store import people
from services.persons.store.holds import await_shredding
from services.persons.store.vault import Vault

router = APIRouter(responses=refusing(PersonGone))


class Numbers(Body):
    """Which numbers are asked about."""

    numbers: list[str]


class Number(Body):
    """One more number of a person."""

    number: str


class Stranger(Body):
    """A person for whom no number is known."""

    name: Annotated[str, StringConstraints(max_length=300)] | None = None
    born: Day | None = None
    address: Annotated[str, StringConstraints(max_length=500)] | None = None
    protected_address: Truth = False


class Merge(Body):
    """Which id lives on in the one of the path."""

    merged_person_id: UUID
    version: Annotated[int, Field(ge=0), WHOLE]
    """The surviving id's version, as the caller knows it."""


@router.post("/resolve")
async def resolve(body: Numbers, request: Request, principal: AskingService, vault: TheVault) -> Response:
    """Answer the ids of up to 10,000 numbers, in order; asking again gives the same ids."""
    numbers = parse_all(body.numbers)
    async with service_of(request).database.tx(principal) as tx:
        ids = await people.resolve(tx, vault, numbers)
    return answer({"ids": ids})


@router.post("/people", status_code=201, dependencies=[Depends(accessing("person.create"))])
async def create_person(body: Stranger, call: PrivateCommand, vault: TheVault) -> Response:
    """Write a person for whom no number is known."""
    return await call.run(lambda tx: _create(tx, vault, body))


@router.post("/people/{person_id}/numbers", dependencies=[Depends(accessing("person.attach_number", "person_id"))])
async def attach_number(person_id: UUID, body: Number, call: PrivateCommand, vault: TheVault) -> Response:
    """Give a person one more number."""
    [number] = parse_all([body.number])
    return await call.run(lambda tx: _attach(tx, vault, person_id, number))


@router.post("/people/{person_id}/merge", dependencies=[Depends(accessing("person.merge", "person_id"))])
async def merge_people(person_id: UUID, body: Merge, call: PrivateCommand) -> Response:
    """Join two ids that turned out to be one person; the other one is never used again."""
    return await call.run(lambda tx: _merge(tx, person_id, body))


async def _create(tx: Tx, vault: Vault, body: Stranger) -> Answer:
    identity = Identity(
        name=body.name,
        born=body.born.isoformat() if body.born else None,
        address=body.address,
        protected_address=body.protected_address,
    )
    person_id = await people.create(tx, vault, identity)
    await _record(tx, "person.create", person_id, kind=LogKind.COLLECTION)
    return Answer(201, {"person_id": person_id}, version=0)


async def _attach(tx: Tx, vault: Vault, person_id: UUID, number: str) -> Answer:
    await people.attach(tx, vault, person_id, number)
    await _record(tx, "person.attach_number", person_id)
    return Answer(ids={"person_id": person_id})


async def _merge(tx: Tx, person_id: UUID, body: Merge) -> Answer:
    locked = await people.lock(tx, sorted({person_id, body.merged_person_id}))
    survivor, other = locked[person_id], locked[body.merged_person_id].person
    told = merge(survivor.person, other, version=body.version)
    version = survivor.person.version
    if told:
        version = await people.save_merge(tx, survivor.person, [event.merged_person_id for event in told])
        first = survivor.person.version + 1
        await append_all(tx, [Recorded(event, first + n, person_id, survivor.now) for n, event in enumerate(told)])
        await _record(tx, "person.merge", person_id, other.person_id, kind=LogKind.COMBINATION)
        await await_shredding(tx, [person_id])
    return Answer(ids={"person_id": person_id}, version=version)


async def _record(tx: Tx, operation: str, *persons: UUID, kind: LogKind = LogKind.ALTERATION) -> None:
    await record_access(tx, operation=operation, purpose=Purpose.IDENTITY, persons=persons, kind=kind)
