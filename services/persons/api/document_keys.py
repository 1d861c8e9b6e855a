"""Keys for documents: each person's part of a document is sealed under a key that ends with the person's own."""

from base64 import b64encode
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import service_of
from chassis.openapi import refusing
from services.persons.api.common import AskingService, Grounded, TheVault, answer
from services.persons.domain.person import PersonGone
from services.persons.domain.reading import require_few
from services.persons.store import people
from services.persons.store.sealing import document_key
from services.persons.store.vault import Vault

router = APIRouter(responses=refusing(PersonGone))


class DocumentKeys(Grounded):
    """Whose keys are asked for, for which document, for whom and why."""

    document_id: UUID
    person_ids: tuple[UUID, ...]


@router.post("/document-keys", dependencies=[Depends(accessing("document.keys"))])
async def document_keys(body: DocumentKeys, request: Request, principal: AskingService, vault: TheVault) -> Response:
    """Answer a key for each person's part of a document; who is shredded has none and is named as gone."""
    purpose, case_id, reader = body.grounds()
    asked = require_few(body.person_ids)
    async with service_of(request).database.tx(principal) as tx:
        keys = await _keys(tx, vault, asked)
        await record_access(
            tx,
            operation="document.keys",
            purpose=purpose,
            persons=asked,
            case_id=case_id,
            on_behalf_of=reader.subject,
            on_behalf_of_authority=reader.authority,
        )
    derived = {str(one): b64encode(document_key(key, body.document_id)).decode() for one, key in keys.items()}
    return answer({"keys": derived, "gone": [one for one in asked if one not in keys]})


async def _keys(tx: Tx, vault: Vault, asked: list[UUID]) -> dict[UUID, bytes]:
    """Return the keys of those who have one; a merged id keeps its own, so that older documents open."""
    await people.require_somebodys(tx, asked)
    return await vault.keys(await people.living_ids(tx, asked))
