"""Charges in: the police's system says that somebody was charged, and the programme's rule whether that is an offer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.access import accessing, record_access
from chassis.clients import ServiceRefused
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden
from chassis.ids import new_id
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import AuthorityKind, Kommunekode, Purpose, Role, authorities
from contracts.disclosure import LogKind
from contracts.form import Moment
from contracts.hverdage import DANISH_TIME
from contracts.referrals.v1 import OfferFallenDue
from contracts.refusal import Refusal
from services.referrals.api.common import Body, Call
from services.referrals.domain.offers import INFORM_WITHIN, ChargeKind, OfferState, offered, offered_programme
from services.referrals.domain.programmes import Programme
from services.referrals.domain.rulebook import NotInForce, table_on
from services.referrals.handlers.acting import tell
from services.referrals.handlers.noting import remind_to_inform
from services.referrals.handlers.telling import grounds
from services.referrals.store import charges, clock
from services.referrals.store.charges import NewCharge

router = APIRouter(tags=["tilbud"])

NO_OFFER = "no_offer"


class NumberUnusable(Refusal):
    """It is no CPR number."""

    slug = "number-unusable"
    status = 422
    title = "CPR-nummeret kan ikke bruges."
    todo = "Kontrollér nummeret: ti cifre, med eller uden bindestreg. Intet er gemt."


class Charged(Body):
    """That somebody was charged: who, with what, when, and where they live; nothing of the case."""

    cpr: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}-?[0-9]{4}$")]
    kind: ChargeKind
    charged_at: Moment
    kommune: Kommunekode


@router.post(
    "/charges",
    status_code=201,
    dependencies=[Depends(accessing("charge.record"))],
    responses=refusing(NumberUnusable, NotInForce),
)
async def charge(body: Charged, request: Request, call: Call) -> Response:
    """Take a charge: an offer where the rule says so, otherwise nothing about anybody is kept."""
    call.require(Role.REGISTRAR)
    authority = authorities().get(call.principal.authority)
    if authority is None or authority.kind is not AuthorityKind.POLICE:
        raise Forbidden
    programme = offered_programme()
    table = table_on(programme.table, body.charged_at.astimezone(DANISH_TIME).date())
    state = offered(table, body.kind, body.kommune)
    person = await _person(service_of(request), body.cpr) if state is OfferState.OFFERED else None
    return await call.run(lambda tx: _take(tx, body, programme, state, person))


async def _person(service: Service, number: str) -> UUID:
    try:
        found = await service.clients.post("persons", "/resolve", {"numbers": [number]})
    except ServiceRefused as refused:
        raise NumberUnusable from refused
    return UUID(found["ids"][0])


async def _take(tx: Tx, body: Charged, programme: Programme, state: OfferState | None, person: UUID | None) -> Answer:
    if state is None:
        await _record(tx, [], None)
        return Answer(201, {"outcome": NO_OFFER})
    now, charge_id = await clock.now(tx), new_id()
    inform_by = now + INFORM_WITHIN if person else None
    await charges.add(
        tx,
        NewCharge(charge_id, person, body.kind, body.charged_at, body.kommune, programme.code, state, inform_by),
    )
    if inform_by:
        await remind_to_inform(tx, charge_id, inform_by)
        said = grounds(programme) | {"charge_id": charge_id, "sender": tx.principal.authority, "inform_by": inform_by}
        await tell(tx, OfferFallenDue(**said), 1, charge_id, now)
    await _record(tx, [person] if person else [], charge_id)
    return Answer(201, {"charge_id": charge_id, "outcome": state}, 1)


async def _record(tx: Tx, persons: list[UUID], case_id: UUID | None) -> None:
    await record_access(
        tx,
        operation="charge.record",
        purpose=Purpose.TREATMENT,
        persons=persons,
        kind=LogKind.COLLECTION,
        case_id=case_id,
    )
