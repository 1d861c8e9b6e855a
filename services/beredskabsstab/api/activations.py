"""Activations over HTTP: preview, activate, change the step, stand down, and follow."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.beredskabsstab.v1 import StandDown, Step, Words
from contracts.codes import Kommunekode, Mode, Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.board import board_of, whom_to_ring
from services.beredskabsstab.api.common import (
    LEADS,
    SEES,
    Asking,
    Body,
    Call,
    Id,
    Moment,
    Reason,
    answer,
    require_police,
)
from services.beredskabsstab.api.incidents import Recording, incident_of
from services.beredskabsstab.domain.plan import NoPlanInForce, places_at
from services.beredskabsstab.domain.steps import DailyIsNoStep, State, require_confirmation
from services.beredskabsstab.handlers import changing, starting
from services.beredskabsstab.handlers import incidents as incident_acts
from services.beredskabsstab.store import activations, calls, incidents, plans
from services.beredskabsstab.store.activations import Activation

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["aktivering"])

Confirmation = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class Activating(Body):
    """An activation: because of an incident that is recorded, or of one that is recorded with it."""

    incident_id: UUID | None = None
    incident: Recording | None = None
    step: Step
    confirm: Confirmation
    """SKARP, or ØVELSE in the installation for exercises."""
    meets: Words | Literal[""] = ""
    """Where the staff meets, if it is not the reserved room."""
    title: Words | Literal[""] = ""
    """What the call-in says has happened, if it is not the incident's title."""
    municipalities: Annotated[tuple[Kommunekode, ...], Field(max_length=98)] = ()
    """The municipalities that it touches now, if they are not those of the incident."""
    starts_at: Moment | None = None
    """When a planned one begins; now, where it is not said."""
    emergency_override: bool = False
    override_reason: Reason = ""


class ChangingStep(Body):
    """Another step; down needs a reason."""

    step: Step
    reason: Reason = ""


class StandingDown(Body):
    """How an activation ends, and who takes over what is open."""

    outcome: StandDown = StandDown.STOOD_DOWN
    reason: Reason
    handed_over_to: Annotated[str, StringConstraints(max_length=200)] = ""


@router.get("/call-in-preview", responses=refusing(NoPlanInForce))
async def preview(step: Step, request: Request, principal: Asking) -> Response:
    """Show who would be called at a step, authority by authority, by the plan in force."""
    require_police(principal, *LEADS)
    async with service_of(request).database.tx(principal) as tx:
        row = await plans.in_force(tx, await plans.now(tx)) or await plans.newest(tx)
    if row is None:
        raise NoPlanInForce
    called = places_at(plans.document(row), step)
    return answer({"step": step, "places": [one.model_dump(mode="json") for one in called]})


@router.post("/activations", status_code=201)
async def activate(body: Activating, call: Call) -> Response:
    """Activate the staff: only the police do (plan §5.3, line 428); others ask."""
    require_police(call.principal, *LEADS)
    require_confirmation(body.confirm, exercise=call.database.settings.mode is not Mode.LIVE)
    return await call.run(partial(activated, body=body, who=call.principal))


async def activated(tx: Tx, body: Activating, who: Principal) -> Answer:
    """Activate the staff as it was asked for, and confirmed, by somebody who may."""
    if body.step is Step.DAILY:
        raise DailyIsNoStep
    new = await _activation(tx, new_id(), body, who)
    version = await starting.activate(tx, new, who.subject)
    return Answer(201, {"activation_id": new.activation_id, "incident_id": new.incident_id}, version=version)


async def _activation(tx: Tx, activation_id: UUID, body: Activating, who: Principal) -> Activation:
    incident = await _incident(tx, body, who)
    now = await plans.now(tx)
    row = await plans.in_force(tx, now)
    override = None if row else _override(body)
    row = row or await plans.newest(tx)
    if row is None:
        raise NoPlanInForce
    starts = max(now, body.starts_at or now)
    return Activation(
        activation_id=activation_id,
        incident_id=incident["incident_id"],
        framework_plan_id=row["framework_plan_id"],
        plan=plans.document(row),
        override_reason=override,
        cause=incident["cause"],
        municipalities=body.municipalities or tuple(incident["municipalities"]),
        title=body.title or incident["title"],
        step=body.step,
        state=State.PLANNED if starts > now else State.ACTIVE,
        starts_at=starts,
        meets=body.meets,
    )


def _override(body: Activating) -> str:
    if not (body.emergency_override and body.override_reason.strip()):
        raise NoPlanInForce
    return body.override_reason


async def _incident(tx: Tx, body: Activating, who: Principal) -> "Record":
    incident_id = body.incident_id
    if incident_id is None and body.incident is not None:
        new = incident_of(body.incident)
        incident_id = new.incident_id
        await incident_acts.record(tx, new, who)
    row = await incidents.find(tx, incident_id) if incident_id else None
    if row is None:
        raise NotFound
    return row


@router.get("/activations")
async def read_activations(request: Request, principal: Asking, *, running: bool = False) -> Response:
    """List the activations that the caller's authority is in, the newest first."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        rows = await activations.newest(tx, running=running)
    return answer({"activations": [shown(row) for row in rows]})


def shown(row: "Record") -> dict[str, Any]:
    """Return an activation as its parties see it."""
    names = ("activation_id", "incident_id", "framework_plan_id", "cause", "municipalities", "title", "step", "state")
    more = ("step_since", "starts_at", "activated_at", "facility", "meets", "ended_at", "handed_over_to", "version")
    return {name: row[name] for name in (*names, *more)} | {"overridden": row["override_reason"] is not None}


@router.get("/activations/{activation_id}")
async def read_activation(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show who was called, who comes, and what the quorum lacks, authority by authority."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        board = await board_of(tx, row)
        made = await calls.of_activation(tx, activation_id)
    return answer(shown(row) | board | {"call_ins": [_call_in(one) for one in made]})


def _call_in(row: "Record") -> dict[str, Any]:
    names = ("call_in_id", "number", "kind", "step", "template", "alert_id", "requested_at", "raised_at")
    more = ("handed_over_at", "ended_at")
    return {name: row[name] for name in (*names, *more)} | {"fields": orjson.loads(row["fields"])}


@router.get("/activations/{activation_id}/to-ring")
async def read_whom_to_ring(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show who has not answered, in the order of what the quorum lacks, with their telephone numbers."""
    require_police(principal, *LEADS)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        people = await whom_to_ring(tx, row)
    return answer({"people": people})


@router.post("/activations/{activation_id}/step")
async def change_step(activation_id: Id, body: ChangingStep, call: Call) -> Response:
    """Change the step: up at once, down with a reason; who is new at the step is called."""
    require_police(call.principal, *LEADS)

    async def work(tx: Tx) -> Answer:
        version = await changing.to_step(tx, activation_id, body.step, body.reason)
        return Answer(ids={"activation_id": activation_id}, version=version)

    return await call.run(work)


def may_end(outcome: StandDown) -> tuple[Role, ...]:
    """Return who may end an activation so: the chair, and by whom it was called by mistake may take that back."""
    return LEADS if outcome is StandDown.CANCELLED else (Role.STAFF_CHAIR,)


@router.post("/activations/{activation_id}/stand-down")
async def end(activation_id: Id, body: StandingDown, call: Call) -> Response:
    """Stand the staff down, cancel what was called in by mistake, or hand over."""
    require_police(call.principal, *may_end(body.outcome))

    async def work(tx: Tx) -> Answer:
        said = (body.outcome, call.principal.subject, body.reason, body.handed_over_to)
        version = await changing.end(tx, activation_id, *said)
        return Answer(ids={"activation_id": activation_id}, version=version)

    return await call.run(work)
