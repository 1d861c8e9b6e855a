"""The call list for the desk: signed, as JSON, and as a page for paper."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chassis.http import service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.refusal import NotFound
from services.alerting.api.call_list_page import HEADERS, page
from services.alerting.api.common import Asking, answer
from services.alerting.domain.call_lists import SignedList
from services.alerting.store import alerts, call_lists

router = APIRouter(tags=["kaldeliste"])


@router.get("/call-lists/newest", responses=refusing(NotFound))
async def read_newest(request: Request, principal: Asking) -> Response:
    """Return the newest signed list, word by word, with how old it is."""
    signed, age_s = await _newest(request, principal)
    return answer(signed.model_dump() | {"age_s": age_s})


@router.get("/call-lists/newest/page", response_class=HTMLResponse, responses=refusing(NotFound))
async def read_page(request: Request, principal: Asking) -> Response:
    """Return the newest list as a page that can be read at arm's length and printed on A4."""
    signed, age_s = await _newest(request, principal)
    return HTMLResponse(page(signed.listed(), age_s), headers=HEADERS)


async def _newest(request: Request, principal: Principal) -> tuple[SignedList, float]:
    """Return the list and its age in seconds; NotFound for everybody but the vagtcentral."""
    principal.require(Role.DUTY_OFFICER)
    async with service_of(request).database.tx(principal) as tx:
        row = await call_lists.newest(tx)
        if row is None:
            raise NotFound
        age = await alerts.now(tx) - row["made_at"]
    return call_lists.as_signed(row), age.total_seconds()
