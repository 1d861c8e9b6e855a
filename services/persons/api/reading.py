"""Reading who somebody is, and texts about them: with purpose, case and reader, recorded in the same transaction."""

from collections.abc import Iterable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Database, Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from services.persons.api.common import AskingService, Body, Grounded, PrivateCommand, TheVault, answer
from services.persons.domain.person import PersonGone
from services.persons.domain.reading import Field, Identity, combined, require_few, shown
from services.persons.store import people, texts
from services.persons.store.register import Register
from services.persons.store.vault import Vault

router = APIRouter(responses=refusing(PersonGone))


class Read(Grounded):
    """What is to be read, about whom, for whom and why."""

    person_ids: tuple[UUID, ...] = ()
    fields: frozenset[Field] = frozenset()
    text_ids: tuple[UUID, ...] = ()


class Text(Body):
    """A free text about a person."""

    person_id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


@router.post("/texts", status_code=201, dependencies=[Depends(accessing("person.write_text"))])
async def write_text(body: Text, call: PrivateCommand, vault: TheVault) -> Response:
    """Keep a free text about a person, sealed under that person's key."""
    return await call.run(lambda tx: _write(tx, vault, body))


async def _write(tx: Tx, vault: Vault, body: Text) -> Answer:
    return Answer(201, {"text_id": await texts.write(tx, vault, body.person_id, body.text)})


@router.post("/read", dependencies=[Depends(accessing("person.read"))])
async def read(body: Read, request: Request, principal: AskingService, vault: TheVault) -> Response:
    """Answer who persons are, and texts about them; nothing leaves before the access is recorded."""
    purpose, case_id, reader = body.grounds()
    asked, text_ids = require_few(body.person_ids), require_few(body.text_ids)
    service = service_of(request)
    register = Register(service.clients)
    current, identities = await _identities(service.database, principal, vault, register, asked)
    async with service.database.tx(principal) as tx:
        read_texts = await texts.read(tx, vault, text_ids)
        await record_access(
            tx,
            operation="person.read",
            purpose=purpose,
            persons=[*asked, *(text.person_id for text in read_texts)],
            case_id=case_id,
            on_behalf_of=reader.subject,
            on_behalf_of_authority=reader.authority,
        )
    return answer(
        {
            "persons": [
                {"person_id": one, "current_id": current[one], **shown(identities[current[one]], body.fields)}
                for one in asked
            ],
            "texts": [{"text_id": one.text_id, "person_id": one.person_id, "text": one.text} for one in read_texts],
        }
    )


async def _identities(
    database: Database, principal: Principal, vault: Vault, register: Register, asked: list[UUID]
) -> tuple[Mapping[UUID, UUID], Mapping[UUID, Identity]]:
    """Return today's ids, and who they are by the register of this moment and by what is stored."""
    if not asked:
        return {}, {}
    async with database.tx(principal) as tx:
        current = await people.current_ids(tx, asked)
        numbers = await people.numbers_of(tx, vault, current.values())
        stored = await people.stored_identities(tx, vault, current.values())
    # No transaction is open while the register is asked.
    known = await register.identities(_all(numbers.values()))
    return current, {
        one: combined(numbers.get(one, []), [*(known.get(number) for number in numbers.get(one, [])), stored.get(one)])
        for one in set(current.values())
    }


def _all(lists: Iterable[list[str]]) -> list[str]:
    return [one for each in lists for one in each]
