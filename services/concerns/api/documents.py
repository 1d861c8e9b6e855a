"""The document of an underretning, in its editions and formats: a disclosure, recorded in the transaction that answers.

Fetching changes nothing about the underretning. What is on somebody's work list opens with its purpose; anything else
opens with words, which are kept and seen by a leader.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response

from chassis.access import OutsideWorkList, accessing, record_access
from chassis.database import Tx
from chassis.http import service_of, signed_in
from chassis.identity import Principal
from chassis.kinship import require_known, require_stranger
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Purpose, Role
from contracts.disclosure import Category, Disclosure, LogKind, Necessity
from services.concerns.api.formats import HEADERS, Format, NotAcceptable, read_format, written
from services.concerns.api.underretninger import RECEIVERS, authority_of, there
from services.concerns.api.words import Words, keep
from services.concerns.domain.editions import Edition, for_parent, full
from services.concerns.domain.parts import Content, DocumentErased
from services.concerns.domain.purpose import PurposeMissing, read_purpose
from services.concerns.domain.underretning import receiver_named
from services.concerns.domain.wording import read_code
from services.concerns.domain.worklist import UNDERRETNING_PURPOSE, NotOnWorkList, has_underretning
from services.concerns.store import parts, underretninger
from services.concerns.store.underretninger import Stored

router = APIRouter()

READ = accessing("underretning.read", "underretning_id")
OFFICERS = (Role.KEY_OFFICER, Role.APPROVER)
TOLD = {
    Edition.FULL: (Category.IDENTITY, Category.ADDRESS, Category.FAMILY, Category.REGISTRATION, Category.ASSESSMENT),
    Edition.PARENT: (Category.IDENTITY, Category.REGISTRATION),
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The edition.", "content": {one.media_type.partition(";")[0]: {} for one in Format}}
}
NECESSITY = {Edition.FULL: Necessity.CHILD_MAY_NEED_SUPPORT, Edition.PARENT: Necessity.PARTY_MUST_KNOW}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which edition somebody asks for, and in which form."""

    edition: Edition
    parent: UUID | None
    form: Format


async def wanted(
    edition: str = Edition.FULL,
    parent: UUID | None = None,
    format_: Annotated[str | None, Query(alias="format")] = None,
    accept: Annotated[str | None, Header()] = None,
) -> Wanted:
    """Read which edition is asked for: the full one as JSON where nothing is said."""
    return Wanted(read_code(Edition, "edition", edition), parent, read_format(format_, accept))


@dataclass(frozen=True, slots=True)
class Found:
    """An underretning and its document, opened for a reader."""

    stored: Stored
    people: list[UUID]
    document: Content = field(repr=False)

    def edition(self, asked: Wanted) -> Content:
        """Return the edition that was asked for."""
        if asked.edition is Edition.PARENT:
            return for_parent(self.document, asked.parent)
        kommune = self.stored.underretning.receiver
        return full(self.document, receiver_named(kommune) if kommune else None)

    def about(self, asked: Wanted) -> list[UUID]:
        """Return the people in the edition that was asked for."""
        told = {asked.parent, self.stored.child.person}
        return self.people if asked.edition is Edition.FULL else [one for one in self.people if one in told]


@router.get(
    "/underretninger/{underretning_id}",
    dependencies=[Depends(READ)],
    response_class=Response,
    responses=ANSWERS | refusing(PurposeMissing, NotAcceptable, DocumentErased),
)
async def fetch(
    underretning_id: UUID,
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    asked: Annotated[Wanted, Depends(wanted)],
    purpose: str | None = None,
    samvirke_purpose: Annotated[str | None, Header()] = None,
) -> Response:
    """Answer the document to its receiver: JSON, a page or a PDF; the full edition or a parent's."""
    principal.require(*RECEIVERS, *OFFICERS)
    require_known(principal)
    why = _purpose(principal, purpose or samvirke_purpose)
    service = service_of(request)
    async with service.database.tx(principal) as tx:
        stored = there(await underretninger.found(tx, underretning_id, authority_of(principal)))
        sealed = await parts.of(tx, underretning_id)
    if not has_underretning(principal.roles, stored.underretning.state):
        raise NotOnWorkList(open=f"/underretninger/{underretning_id}/open")
    found = await _opened(service, principal, stored, sealed)
    return await _answered(service, principal, found, asked, why)


def _purpose(principal: Principal, stated: str | None) -> Purpose:
    """Return why it is read: a system says it each time, a person's work list has said it already."""
    return UNDERRETNING_PURPOSE if principal.kind == "person" and not stated else read_purpose(stated)


@router.post(
    "/underretninger/{underretning_id}/open",
    dependencies=[Depends(READ)],
    response_class=Response,
    responses=ANSWERS | refusing(NotAcceptable, DocumentErased),
)
async def open_with_words(
    underretning_id: UUID,
    body: Words,
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    asked: Annotated[Wanted, Depends(wanted)],
) -> Response:
    """Answer the document to a person for whom it is on no list: the words say why."""
    principal.require(Role.CASEWORKER, *OFFICERS)
    require_known(principal)
    service = service_of(request)
    async with service.database.tx(principal) as tx:
        stored = there(await underretninger.found(tx, underretning_id, authority_of(principal)))
        sealed = await parts.of(tx, underretning_id)
    found = await _opened(service, principal, stored, sealed)
    mine = has_underretning(principal.roles, stored.underretning.state)
    outside = None if mine else await keep(service, stored.child.person, body)
    return await _answered(service, principal, found, asked, UNDERRETNING_PURPOSE, outside)


async def _opened(service: Service, principal: Principal, stored: Stored, sealed: list[parts.SealedPart]) -> Found:
    """Ask persons for the keys, on behalf of the reader; nobody reads about themselves or their household."""
    underretning_id, clients = stored.underretning.id, service.clients
    await require_stranger(service, principal, (one.person for one in sealed), stored.case_id)
    reader = parts.Reader(principal, stored.case_id)
    keys = await parts.keys_of(clients, reader, underretning_id, (one.person for one in sealed))
    protected = await parts.protected_now(clients, reader, keys)
    return Found(stored, list(keys), parts.opened(underretning_id, sealed, keys, protected))


async def _answered(
    service: Service,
    principal: Principal,
    found: Found,
    asked: Wanted,
    why: Purpose,
    outside: OutsideWorkList | None = None,
) -> Response:
    document = await written(found.edition(asked), asked.form)
    sha256 = hashlib.sha256(document).hexdigest()
    async with service.database.tx(principal) as tx:
        if asked.edition is Edition.FULL:
            # Only who has it all can receipt it.
            await underretninger.serve(tx, found.stored.underretning.id, sha256)
        await _record(tx, found, asked, why, outside)
    headers = HEADERS[asked.form] | {
        "ETag": f'"{sha256}"',
        "Cache-Control": "no-store",
        "Vary": "Accept",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(document, media_type=asked.form.media_type, headers=headers)


async def _record(tx: Tx, found: Found, asked: Wanted, why: Purpose, outside: OutsideWorkList | None) -> None:
    """Record the read: to the receiver it is a disclosure and names its ground, to the sender's own a consultation."""
    theirs = not tx.principal.roles.isdisjoint(RECEIVERS)
    await record_access(
        tx,
        operation="underretning.read",
        purpose=why,
        persons=found.about(asked),
        kind=LogKind.DISCLOSURE if theirs else LogKind.CONSULTATION,
        case_id=found.stored.case_id,
        disclosure=_disclosure(found, asked, tx.principal.authority) if theirs else None,
        outside=outside,
    )


def _disclosure(found: Found, asked: Wanted, receiver: str) -> Disclosure:
    return Disclosure(
        basis=found.stored.law,
        reference="stk. 1",
        necessity=NECESSITY[asked.edition],
        sender=found.stored.sender,
        receiver=receiver,
        categories=TOLD[asked.edition],
    )
