"""The staff's log over HTTP: read on from a number, write, and have the chain verified."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import SEES, Asking, Body, Call, Id, Text, answer
from services.beredskabsstab.domain.log import START_OF_CHAIN, Chained, Kind, first_fault
from services.beredskabsstab.handlers import log as acts
from services.beredskabsstab.store import activations
from services.beredskabsstab.store import log as entries

router = APIRouter(tags=["log"])

WRITES = (Role.STAFF_CHAIR, Role.STAFF_MEMBER, Role.DUTY_OFFICER)
"""Who works in the staff: writes in the log, and for the own authority in the picture, on tasks and resources."""

PAGE = 200
"""Entries in one answer."""


class Writing(Body):
    """An entry in somebody's own words."""

    kind: Kind
    text: Text


@router.get("/activations/{activation_id}/log")
async def read_log(
    activation_id: Id, request: Request, principal: Asking, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> Response:
    """Show the entries after a number, in order; `more` says that there are others behind them."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        if await activations.find(tx, activation_id) is None:
            raise NotFound
        found = await entries.entries(tx, activation_id, after, PAGE + 1)
    return answer({"entries": [_shown(one) for one in found[:PAGE]], "more": len(found) > PAGE})


def _shown(one: Chained) -> dict[str, Any]:
    names = ("number", "at", "kind", "text", "by", "authority", "automatic")
    return {name: getattr(one.entry, name) for name in names} | {"previous": one.previous, "hash": one.hash}


@router.post("/activations/{activation_id}/log", status_code=201)
async def write(activation_id: Id, body: Writing, call: Call) -> Response:
    """Write what was done, decided, learnt or left undone; it stays as it is."""
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        number = await acts.write(tx, activation_id, body.kind, body.text)
        return Answer(201, {"activation_id": activation_id}, version=number)

    return await call.run(work)


@router.get("/activations/{activation_id}/log/verification")
async def verify(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Reckon the whole chain again, and name the first fault; `head` is what a printed copy is held against."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        if await activations.find(tx, activation_id) is None:
            raise NotFound
        found = await entries.entries(tx, activation_id, 0, None)
    fault = first_fault(found)
    named = {"number": fault.number, "what": fault.kind} if fault else None
    head = found[-1].hash if found else START_OF_CHAIN
    return answer({"entries": len(found), "head": head, "fault": named})
