"""Documents at rest: each person's part sealed with AES-256-GCM under the key that persons gives for that document.

The child's part holds the skeleton too: without the child's key there is no document, without another person's key it
lacks what was said about that person. Nothing of a document stands here in the clear.
"""

import os
from base64 import b64decode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.clients import ServiceClient
from chassis.database import Tx
from chassis.identity import Principal
from chassis.ids import new_id
from contracts.codes import Purpose
from services.concerns.domain.parts import Content, DocumentErased, Part, PeopleChanged, put_together, take_apart

NONCE_BYTES = 12
IDENTITY = ("name", "cpr", "born", "address", "protected_address")


@dataclass(frozen=True, slots=True)
class Reader:
    """On whose behalf persons is asked, and in which case."""

    principal: Principal
    case_id: UUID

    def asking(self, **more: object) -> dict[str, object]:
        """Return a question's body."""
        who = self.principal
        reader = {"subject": who.subject, "authority": who.authority, "office": who.office}
        return {"purpose": Purpose.UNDERRETNING, "case_id": str(self.case_id), "on_behalf_of": reader, **more}


async def keys_of(
    clients: ServiceClient, reader: Reader, document_id: UUID, people: Iterable[UUID]
) -> dict[UUID, bytes]:
    """Ask for the keys of a document's people; those who are forgotten have none. ServiceAway when persons is away."""
    asked = reader.asking(document_id=str(document_id), person_ids=[str(one) for one in people])
    answer = await clients.post("persons", "/document-keys", asked)
    return {UUID(person): b64decode(key) for person, key in answer["keys"].items()}


async def identities_of(clients: ServiceClient, reader: Reader, people: Iterable[UUID]) -> dict[UUID, Content]:
    """Ask who people are; a protected address is never answered."""
    asked = reader.asking(person_ids=[str(one) for one in people], fields=["cpr", "name", "born", "address"])
    answer = await clients.post("persons", "/read", asked)
    return {UUID(one["person_id"]): {name: one.get(name) for name in IDENTITY} for one in answer["persons"]}


async def protected_now(clients: ServiceClient, reader: Reader, people: Iterable[UUID]) -> set[UUID]:
    """Ask whose address is protected today: it may have become so after the document was sent."""
    asked = reader.asking(person_ids=[str(one) for one in people], fields=[])
    answer = await clients.post("persons", "/read", asked)
    return {UUID(one["person_id"]) for one in answer["persons"] if one["protected_address"]}


@dataclass(frozen=True, slots=True)
class SealedPart:
    """What is stored about one person of a document."""

    person: UUID
    is_child: bool
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What persons answered before the transaction in which a document is sent."""

    document_id: UUID
    identities: Mapping[UUID, Content] = field(repr=False)
    keys: Mapping[UUID, bytes] = field(repr=False)

    def parts(self, content: Content) -> list[SealedPart]:
        """Seal a document; PeopleChanged when one of its people has no key."""
        skeleton, parts = take_apart(content, self.identities)
        if not self.keys.keys() >= parts.keys():
            raise PeopleChanged
        child = UUID(content["child"]["person_id"])
        return [self._sealed(person, part, skeleton if person == child else None) for person, part in parts.items()]

    def _sealed(self, person: UUID, part: Part, skeleton: Content | None) -> SealedPart:
        plain = orjson.dumps({"identity": part.identity, "facts": part.facts, "skeleton": skeleton})
        sealed = _seal(self.keys[person], _place(self.document_id, person), plain)
        return SealedPart(person, skeleton is not None, sealed)


async def sealing_for(clients: ServiceClient, reader: Reader, people: Iterable[UUID]) -> Sealing:
    """Ask persons for what the sealing of a new document needs; ServiceAway when it does not answer."""
    document_id = new_id()
    keys = await keys_of(clients, reader, document_id, people)
    return Sealing(document_id, await identities_of(clients, reader, keys), keys)


def opened(
    document_id: UUID, stored: Collection[SealedPart], keys: Mapping[UUID, bytes], protected: Collection[UUID]
) -> Content:
    """Return the document from its parts; DocumentErased when the child's part cannot be opened."""
    plain: dict[UUID, dict[str, Any]] = {
        one.person: orjson.loads(_unseal(keys[one.person], _place(document_id, one.person), one.sealed))
        for one in stored
        if one.person in keys
    }
    skeleton = next((plain[one.person]["skeleton"] for one in stored if one.is_child and one.person in plain), None)
    if skeleton is None:
        raise DocumentErased
    parts = {person: Part(said["identity"], said["facts"]) for person, said in plain.items()}
    return put_together(skeleton, parts, protected)


def _place(document_id: UUID, person: UUID) -> bytes:
    return document_id.bytes + person.bytes


def _seal(key: bytes, bound_to: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _unseal(key: bytes, bound_to: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)


async def add(tx: Tx, document_id: UUID, parts: Iterable[SealedPart]) -> None:
    """Save a document's parts."""
    await tx.executemany(
        "insert into underretning_part (underretning_id, person_id, is_child, sealed) values ($1, $2, $3, $4)",
        [(document_id, one.person, one.is_child, one.sealed) for one in parts],
    )


async def of(tx: Tx, document_id: UUID) -> list[SealedPart]:
    """Return a document's parts, as they are stored."""
    rows = await tx.fetch(
        "select person_id, is_child, sealed from underretning_part where underretning_id = $1 order by person_id",
        document_id,
    )
    return [SealedPart(row["person_id"], row["is_child"], row["sealed"]) for row in rows]
