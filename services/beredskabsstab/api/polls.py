"""Readiness polls over HTTP: ask who could come, and see what that forecasts."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.beredskabsstab.v1 import CallKind, Step
from contracts.codes import authorities
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import LEADS, SEES, Asking, Body, Call, Id, answer, require_police
from services.beredskabsstab.domain.forecast import Forecast, forecast
from services.beredskabsstab.handlers.polling import poll
from services.beredskabsstab.store import activations, calls, plans

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["beredskabsspørgsmål"])


class Polling(Body):
    """When people would be needed, and for which step: the next one, where none is named."""

    window: Annotated[str, StringConstraints(min_length=1, max_length=12, pattern=r"^[^\x00-\x1f\x7f]+$")]
    """As an SMS has room for it: `18-02`."""
    step: Literal[Step.INFORMATIONSBEREDSKAB, Step.STABSBEREDSKAB, Step.OPERATIONSBEREDSKAB] | None = None


@router.post("/activations/{activation_id}/readiness-polls", status_code=201)
async def ask(activation_id: Id, body: Polling, call: Call) -> Response:
    """Ask whoever a higher step would call whether they could come; nobody is called in by it."""
    require_police(call.principal, *LEADS)

    async def work(tx: Tx) -> Answer:
        call_in_id, version = await poll(tx, activation_id, body.window, Step(body.step) if body.step else None)
        return Answer(201, {"call_in_id": call_in_id, "activation_id": activation_id}, version=version)

    return await call.run(work)


@router.get("/activations/{activation_id}/readiness-polls")
async def read(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show the polls, each with the quorum that it forecasts, authority by authority; a forecast is no quorum."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        made = [one for one in await calls.of_activation(tx, activation_id) if one["kind"] == CallKind.READINESS]
        shown = [_poll(one, await _forecast(tx, row, one)) for one in made]
    return answer({"polls": shown})


async def _forecast(tx: Tx, row: "Record", made: "Record") -> Forecast:
    step, now = Step(made["step"]), await plans.now(tx)
    said = await calls.polled(tx, row["activation_id"], step)
    places = calls.places(made)
    return forecast(plans.document(row), step, frozenset(row["municipalities"]), places, said, now)


def _poll(row: "Record", found: Forecast) -> dict[str, Any]:
    names = ("call_in_id", "step", "requested_at", "ended_at")
    lacks = found.quorum.lacks
    return {name: row[name] for name in names} | {
        "window": orjson.loads(row["fields"])["at"],
        "forecast": {
            "reached": found.quorum.is_reached,
            "demands": found.quorum.demands,
            "missing": len(lacks),
            "is_quorum": False,
        },
        "parties": [
            {
                "authority": one.authority,
                "name": authorities()[one.authority].name,
                "answered": one.answered,
                "can": one.can,
                "lacks": [
                    {"role": lack.role, "needed": lack.needed, "have": lack.have}
                    for lack in lacks
                    if lack.authority == one.authority
                ],
            }
            for one in found.authorities
        ],
    }
