"""Offers: the officer says that the person was told, and what they answered; only a yes sends anything anywhere."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.kinship import require_stranger
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from contracts.form import Truth
from contracts.referrals.v1 import ConsentDeclined, PersonInformed
from contracts.refusal import NotFound, Refusal
from services.referrals.api.common import (
    Asking,
    Body,
    Born,
    Call,
    keep_text,
    read_person,
    require_sender,
)
from services.referrals.api.directory import reader
from services.referrals.domain.offers import (
    NotAdmitted,
    NotInformed,
    OfferAnswered,
    OfferState,
    check_answerable,
    may_be_informed,
    offered_programme,
)
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.handlers.acting import tell
from services.referrals.handlers.forgetting import forget_soon
from services.referrals.handlers.requesting import Contact, request_for
from services.referrals.handlers.telling import grounds
from services.referrals.store import charges
from services.referrals.store.charges import Charge

router = APIRouter(tags=["tilbud"])

MOST_LISTED = 1000


class PhoneMissing(Refusal):
    """Whoever wants to be contacted says how."""

    slug = "phone-missing"
    status = 422
    title = "Telefonnummeret mangler."
    todo = "Skriv det nummer i phone, som personen vil ringes op på."


class Answered(Body):
    """What the person answered; with a yes how they are reached, and whether the charge may be named."""

    yes: Truth
    phone: Annotated[str, StringConstraints(pattern=r"^(\+?[0-9 ]{8,20})?$")] = ""
    preferred_time: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    tell_charge: Truth = False


@router.get("/offers")
async def listed(
    request: Request, principal: Asking, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200
) -> list[dict[str, Any]]:
    """Answer the offers that nobody has answered, without personal data: late ones, and how the receiver stands."""
    require_sender(principal, offered_programme())
    async with service_of(request).database.tx(principal) as tx:
        rows, stands = await charges.waiting(tx, limit), await reader(tx, programme=offered_programme().code)
    return [row | {"capacity": stands.words_of(offered_programme(), row["kommune"])} for row in rows]


@router.post(
    "/offers/{charge_id}/informed",
    dependencies=[Depends(accessing("offer.informed", "charge_id"))],
    responses=refusing(OfferAnswered),
)
async def informed(charge_id: UUID, request: Request, call: Call) -> Response:
    """Record that the person was told of the offer."""
    await opened(service_of(request), call.principal, charge_id)
    return await call.run(lambda tx: _inform(tx, charge_id))


async def _inform(tx: Tx, charge_id: UUID) -> Answer:
    charge = _there(await charges.locked(tx, charge_id))
    news = may_be_informed(charge.state)
    if news:
        await charges.informed(tx, charge)
        said = grounds(offered_programme()) | {"charge_id": charge.id, "sender": charge.authority}
        await tell(tx, PersonInformed(**said), charge.version + 1, charge.id, charge.now)
    await _record(tx, charge, "offer.informed")
    return Answer(200, {"charge_id": charge_id}, charge.version + news)


@router.post(
    "/offers/{charge_id}/answer",
    dependencies=[Depends(accessing("offer.answer", "charge_id"))],
    responses=refusing(NotInformed, OfferAnswered, OneIsOpen, PhoneMissing, NotAdmitted),
)
async def answered(charge_id: UUID, body: Answered, request: Request, call: Call) -> Response:
    """Record what the person answered: a yes is the consent and sends the referral, a no sends nothing."""
    service = service_of(request)
    charge = await opened(service, call.principal, charge_id)
    if not body.yes:
        return await call.run(lambda tx: _decline(tx, charge_id))
    if not body.phone:
        raise PhoneMissing
    contact = await _contact(service, call.principal, charge, body)
    return await call.run(lambda tx: _accept(tx, charge_id, contact))


def _there(charge: Charge | None) -> Charge:
    if charge is None:
        raise NotFound
    return charge


async def opened(service: Service, principal: Principal, charge_id: UUID) -> Charge:
    """Return an offer of the own office, about somebody who is a stranger to the officer."""
    require_sender(principal, offered_programme())
    async with service.database.tx(principal) as tx:
        charge = _there(await charges.found(tx, charge_id))
    await require_stranger(service, principal, [charge.person], charge.id)
    return charge


async def _record(tx: Tx, charge: Charge, operation: str) -> None:
    await record_access(
        tx,
        operation=operation,
        purpose=Purpose(offered_programme().purpose),
        persons=[charge.person] if charge.person else [],
        kind=LogKind.ALTERATION,
        case_id=charge.id,
        at=charge.now,
    )


async def _decline(tx: Tx, charge_id: UUID) -> Answer:
    charge = _there(await charges.locked(tx, charge_id))
    check_answerable(charge.state)
    await charges.answered(tx, charge, OfferState.DECLINED)
    await forget_soon(tx, charge)
    event = ConsentDeclined(consent_id=new_id(), **grounds(offered_programme()))
    await tell(tx, event, 1, charge.id, charge.now)
    await _record(tx, charge, "offer.answer")
    return Answer(200, {"charge_id": charge_id}, charge.version + 1)


async def _contact(service: Service, principal: Principal, charge: Charge, body: Answered) -> Contact | None:
    """Let persons keep how somebody is reached, and read how old they are; no transaction is open meanwhile."""
    if charge.person is None or charge.state is not OfferState.INFORMED:
        return None
    purpose = Purpose(offered_programme().purpose)
    read = await read_person(service, principal, purpose, charge.id, person_ids=[str(charge.person)], fields=["born"])
    born = Born(on=read["persons"][0].get("born"))
    said = "\n".join(part for part in (body.phone, body.preferred_time) if part)
    text_id = await keep_text(service, charge.person, said)
    return Contact(charge.person, text_id, born.on, tell_charge=body.tell_charge)


async def _accept(tx: Tx, charge_id: UUID, contact: Contact | None) -> Answer:
    charge = _there(await charges.locked(tx, charge_id))
    check_answerable(charge.state)
    if contact is None:
        # It was answered, or told, between the look and the lock.
        raise OfferAnswered
    referral_id = await request_for(tx, charge, contact)
    await charges.answered(tx, charge, OfferState.ACCEPTED)
    await _record(tx, charge, "offer.answer")
    return Answer(200, {"charge_id": charge_id, "referral_id": referral_id}, charge.version + 1)
