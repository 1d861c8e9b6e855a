"""Whether every service's days add up: for those who keep Samvirke running, and those who answer for the data."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import service_of
from contracts.codes import Role
from services.audit.api.common import Asking, answer
from services.audit.store import closings, log

router = APIRouter(tags=["dagsafslutning"])

SHOWN = timedelta(days=14)


@router.get("/closings")
async def read_closings(request: Request, principal: Asking) -> Response:
    """Return the days that do not add up, and what services have said of the last two weeks."""
    principal.require(Role.OPERATOR, Role.DATA_PROTECTION)
    async with service_of(request).database.tx(principal) as tx:
        open_now = await closings.open_findings(tx)
        closed = await closings.told(tx, (await log.now(tx)).date() - SHOWN)
    wrong = [{name: row[name] for name in ("service", "day", "fault", "found_at")} for row in open_now]
    days = [
        {"service": service, "day": day, "records": one.tally.records, "refusals": one.tally.refusals}
        for (service, day), one in sorted(closed.items())
    ]
    return answer({"mismatched": wrong, "closed": days})
