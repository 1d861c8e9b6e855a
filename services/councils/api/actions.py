"""Actions, targets and joint efforts over HTTP (O-4.1-09, O-4.2-02)."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.openapi import refusing
from contracts.refusal import StaleVersion
from services.councils.api.common import Asking, Call
from services.councils.api.following import of_body, of_thing, read
from services.councils.domain.actions import (
    ActionSaid,
    EffortIsRunning,
    EffortSaid,
    Ending,
    Moving,
    NotAssessed,
    Review,
    ReviewedAlready,
    SideMissingHere,
    TargetSaid,
)
from services.councils.domain.following import DecisionOfAnotherCouncil, InThePast, NeedsDecision, WrongStep
from services.councils.domain.initiatives import Closing, ResultMissing
from services.councils.handlers import actions, targets
from services.councils.store import followed, rows
from services.councils.store.rows import ACTION, EFFORT, TARGET

router = APIRouter(tags=["opfølgning"])


@router.post(
    "/bodies/{body_id}/actions",
    status_code=201,
    responses=refusing(NeedsDecision, DecisionOfAnotherCouncil, InThePast),
)
async def give_action(body_id: UUID, said: ActionSaid, call: Call) -> Response:
    """Give an authority something to do by a day, as the council has decided."""
    return await of_body(call, body_id, lambda tx, body: actions.give(tx, body, said))


@router.post("/actions/{action_id}/due", responses=refusing(InThePast, WrongStep, StaleVersion))
async def move_action(action_id: UUID, said: Moving, call: Call) -> Response:
    """Give an open action another due day."""
    return await of_thing(call, ACTION, action_id, said, lambda tx, body, row: actions.move(tx, body, row, said))


@router.post("/actions/{action_id}/close", responses=refusing(ResultMissing, WrongStep, StaleVersion))
async def close_action(action_id: UUID, said: Closing, call: Call) -> Response:
    """Close an action: done with what came of it, or stopped with the reason."""
    return await of_thing(call, ACTION, action_id, said, lambda tx, body, row: actions.close(tx, body, row, said))


@router.get("/bodies/{body_id}/actions")
async def list_actions(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List a council's actions: what is late first, then by the due day, and what is over last."""
    return await read(request, principal, lambda tx: followed.actions(tx, body_id))


@router.post("/bodies/{body_id}/targets", status_code=201, responses=refusing(SideMissingHere))
async def set_target(body_id: UUID, said: TargetSaid, call: Call) -> Response:
    """Set a target that police and municipality own together."""
    return await of_body(call, body_id, lambda tx, body: targets.set_target(tx, body, said))


@router.post("/targets/{joint_target_id}/reviews", responses=refusing(ReviewedAlready, StaleVersion))
async def review_target(joint_target_id: UUID, said: Review, call: Call) -> Response:
    """Look at a target for a year."""
    return await of_thing(
        call, TARGET, joint_target_id, said, lambda tx, body, row: targets.review(tx, body, row, said)
    )


@router.get("/bodies/{body_id}/targets")
async def list_targets(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List a council's targets with their reviews: those that lack one first."""
    return await read(request, principal, lambda tx: followed.targets(tx, body_id))


@router.post(
    "/bodies/{body_id}/joint-efforts",
    status_code=201,
    responses=refusing(SideMissingHere, NotAssessed, EffortIsRunning, NeedsDecision, DecisionOfAnotherCouncil),
)
async def start_effort(body_id: UUID, said: EffortSaid, call: Call) -> Response:
    """Begin a joint effort of police, municipality and others in an area that is assessed as suited."""
    return await of_body(call, body_id, lambda tx, body: targets.start_effort(tx, body, said))


@router.post("/joint-efforts/{joint_effort_id}/end", responses=refusing(WrongStep, StaleVersion))
async def end_effort(joint_effort_id: UUID, said: Ending, call: Call) -> Response:
    """End a joint effort with what came of it."""
    return await of_thing(
        call, EFFORT, joint_effort_id, said, lambda tx, body, row: targets.end_effort(tx, body, row, said)
    )


@router.get("/bodies/{body_id}/joint-efforts")
async def list_efforts(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List a lokalråd's joint efforts: those that run first."""
    order = "state desc, recorded_at, joint_effort_id"
    return await read(request, principal, lambda tx: rows.where(tx, "joint_effort", order, body_id=body_id))
