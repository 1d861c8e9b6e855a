"""Incidents over HTTP, and the request of any authority that the staff be activated, also by telephone."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, model_validator

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from contracts.beredskabsstab.v1 import Cause, Step, Words
from contracts.codes import Kommunekode, Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import (
    LEADS,
    SEES,
    Asking,
    AuthorityName,
    Body,
    Call,
    Id,
    Moment,
    Reason,
    answer,
    require_police,
)
from services.beredskabsstab.domain.steps import ReasonMissing
from services.beredskabsstab.handlers import incidents as acts
from services.beredskabsstab.store import incidents, plans
from services.beredskabsstab.store.incidents import Incident

router = APIRouter(tags=["hændelse"])

ASKS = (Role.STAFF_MEMBER, Role.STAFF_CHAIR, Role.DUTY_OFFICER, Role.ON_CALL, Role.SYSTEM)


class Recording(Body):
    """An incident as whoever saw it records it."""

    cause: Cause
    title: Words
    place: Words | Literal[""] = ""
    municipalities: Annotated[list[Kommunekode], Field(min_length=1, max_length=98)]
    expected_from: Moment | None = None
    expected_to: Moment | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Recording":
        if self.expected_to and (self.expected_from is None or self.expected_to <= self.expected_from):
            raise ValueError("an end before its beginning")
        return self


class Requesting(Body):
    """What an authority asks for; the desk names the authority that called."""

    step: Literal[Step.INFORMATIONSBEREDSKAB, Step.STABSBEREDSKAB, Step.OPERATIONSBEREDSKAB]
    reason: Reason
    on_behalf_of: AuthorityName | None = None


class Declining(Body):
    """Why the police do not activate."""

    reason: Reason


@router.post("/incidents", status_code=201)
async def record(body: Recording, call: Call) -> Response:
    """Record an incident, warned or unwarned."""
    call.require(*ASKS)
    new = incident_of(body)

    async def work(tx: Tx) -> Answer:
        await acts.record(tx, new, call.principal)
        return Answer(201, {"incident_id": new.incident_id}, version=1)

    return await call.run(work)


def incident_of(body: Recording) -> Incident:
    """Return an incident that has no id yet with one."""
    places = tuple(dict.fromkeys(body.municipalities))
    return Incident(new_id(), body.cause, body.title, body.place, places, body.expected_from, body.expected_to)


@router.get("/incidents")
async def read_incidents(request: Request, principal: Asking) -> Response:
    """List the newest incidents, and what was asked for because of them and is not decided."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        rows, asked = await incidents.newest(tx), await incidents.requests(tx)
    return answer({"incidents": [dict(row) for row in rows], "requests": [_request(row) for row in asked]})


@router.get("/incidents/{incident_id}")
async def read_incident(incident_id: Id, request: Request, principal: Asking) -> Response:
    """Show an incident with what was asked for because of it."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await incidents.find(tx, incident_id)
        asked = await incidents.requests(tx, incident_id)
    if row is None:
        raise NotFound
    return answer(dict(row) | {"requests": [_request(one) for one in asked]})


def _request(row: Any) -> dict[str, Any]:  # noqa: ANN401  a record of asyncpg, which has no types
    names = ("request_id", "incident_id", "authority", "step", "reason", "by_telephone", "requested_at", "state")
    return {name: row[name] for name in (*names, "decided_at", "decision")}


@router.post("/incidents/{incident_id}/requests", status_code=201)
async def request_activation(incident_id: Id, body: Requesting, call: Call) -> Response:
    """Ask that the staff be activated: any authority may, and the desk enters what somebody asks for by telephone."""
    call.require(*ASKS)
    by_telephone = body.on_behalf_of is not None and body.on_behalf_of != call.principal.authority
    if by_telephone:
        require_police(call.principal, *LEADS)
    if not body.reason.strip():
        raise ReasonMissing

    async def work(tx: Tx) -> Answer:
        request_id = await acts.request(
            tx,
            incident_id,
            body.on_behalf_of or call.principal.authority,
            Step(body.step),
            body.reason,
            by_telephone=by_telephone,
            entered_by=call.principal.subject,
        )
        return Answer(201, {"request_id": request_id})

    return await call.run(work)


@router.post("/activation-requests/{request_id}/decline")
async def decline(request_id: Id, body: Declining, call: Call) -> Response:
    """Say no to what was asked for, with the reason."""
    require_police(call.principal, Role.STAFF_CHAIR)
    if not body.reason.strip():
        raise ReasonMissing

    async def work(tx: Tx) -> Answer:
        at = await plans.now(tx)
        if await incidents.decide_one(tx, request_id, call.principal.subject, body.reason, at) is None:
            raise NotFound
        return Answer(ids={"request_id": request_id})

    return await call.run(work)
