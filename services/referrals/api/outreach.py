"""The coordinator of Offerrådgivningen notes what units did to reach out, and sees which did nothing this year."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from chassis.openapi import refusing
from chassis.outbox import append
from contracts.codes import Role
from contracts.form import Day
from contracts.hverdage import DANISH_TIME
from contracts.referrals.v1 import OutreachDone
from services.referrals.api.common import Asking, Body, Call
from services.referrals.domain.information_texts import information_text
from services.referrals.domain.outreach import HAND_OUT, NotYetHeld, OutreachKnown, UnknownUnit, check, units, without
from services.referrals.store import clock, outreach

router = APIRouter(tags=["offer"])


class OutreachHeld(Body):
    """Which unit reached out, and on which day."""

    unit: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]
    held_on: Day


@router.post("/outreach", status_code=201, responses=refusing(UnknownUnit, NotYetHeld, OutreachKnown))
async def done(body: OutreachHeld, call: Call) -> Response:
    """Note that a unit told people of Offerrådgivningen; nobody who was told stands anywhere."""
    call.require(Role.VICTIM_SUPPORT_COORDINATOR)
    return await call.run(lambda tx: _note(tx, body))


async def _note(tx: Tx, body: OutreachHeld) -> Answer:
    now, outreach_id = await clock.now(tx), new_id()
    check(body.unit, body.held_on, now.astimezone(DANISH_TIME).date())
    if not await outreach.add(tx, outreach_id, body.unit, body.held_on):
        raise OutreachKnown
    event = OutreachDone(outreach_id=outreach_id, unit=body.unit, held_on=body.held_on)
    await append(tx, event, version=1, correlation_id=outreach_id, time=now)
    return Answer(201, {"outreach_id": outreach_id}, 1)


@router.get("/outreach")
async def coverage(
    request: Request, principal: Asking, year: Annotated[int, Query(ge=2019, le=2100)]
) -> dict[str, Any]:
    """Answer how often each unit reached out in a year, which did not, and the text that a new victim is given."""
    principal.require(Role.VICTIM_SUPPORT_COORDINATOR)
    async with service_of(request).database.tx(principal) as tx:
        found = await outreach.times(tx, year)
    told = [{"unit": unit, "name": name, "times": found.get(unit, 0)} for unit, name in units().items()]
    return {"units": told, "without": without(found), "hand_out": information_text(HAND_OUT).words.strip()}
