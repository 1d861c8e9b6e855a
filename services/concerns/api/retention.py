"""Retention seen from outside: counts for those who answer for it, and erasure on the order of two of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.erasure import erased_since
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Forbidden, Principal
from contracts.codes import Purpose, Role
from contracts.disclosure import LogKind
from contracts.refusal import NotFound
from services.concerns.api.reach import police, reach
from services.concerns.domain.retention import OrderReason, confirm
from services.concerns.domain.wording import read_code
from services.concerns.handlers.keeping import erase_on_order
from services.concerns.store import clock, retention

router = APIRouter()

SHOWN_DAYS = 30


class OrderBody(BaseModel):
    """Why a case is erased, as a code."""

    model_config = ConfigDict(extra="forbid")

    reason: str


@router.get("/retention")
async def show(request: Request, principal: Annotated[Principal, Depends(signed_in)]) -> dict[str, Any]:
    """Answer what is held and when the next of it goes, by kind: counts and times, nothing about anybody."""
    principal.require(Role.OPERATOR, Role.DATA_PROTECTION)
    # All of it is the police's: how much there is tells nobody else anything that is theirs to know.
    if reach(principal).authority != police():
        raise Forbidden
    service = service_of(request)
    async with service.database.tx(service.worker) as tx:
        return {"held": await retention.held(tx), f"erased_{SHOWN_DAYS}_days": await erased_since(tx, SHOWN_DAYS)}


@router.post("/cases/{case_id}/erase", dependencies=[Depends(accessing("case.erase", "case_id"))], status_code=202)
async def erase(case_id: UUID, body: OrderBody, call: Annotated[Command, Depends(command)]) -> Response:
    """Order that a case is erased, or confirm another's order: then it is erased at once."""
    call.require(Role.DATA_PROTECTION)
    reason = read_code(OrderReason, "reason", body.reason)
    return await call.run(lambda tx: _order(tx, case_id, reason, call.principal.subject))


async def _order(tx: Tx, case_id: UUID, reason: OrderReason, by: str) -> Answer:
    persons = await retention.persons_of(tx, case_id)
    if not persons:
        raise NotFound
    order = await retention.order_of(tx, case_id)
    confirmed = confirm(order, by, reason, unretracted=await retention.unretracted(tx, case_id))
    if confirmed:
        await retention.confirm(tx, case_id, by)
        await erase_on_order(tx, case_id, await clock.now(tx))
    else:
        await retention.order(tx, case_id, reason, by)
    await record_access(
        tx,
        operation="case.erase",
        purpose=Purpose.RETENTION,
        persons=persons,
        kind=LogKind.ERASURE,
        case_id=case_id,
    )
    return Answer(202, {"case_id": case_id, "state": "confirmed" if confirmed else "ordered"})
