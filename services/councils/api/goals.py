"""Long-term goals, the lokalråd's tasks and priorities over HTTP (O-1-02, O-1-03, O-2-03)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.openapi import refusing
from contracts.refusal import StaleVersion
from services.councils.api.common import Asking, Call
from services.councils.api.following import of_body, of_kredsraad, of_thing, read
from services.councils.api.following_views import GoalsView, PrioritiesView
from services.councils.api.public import EVERYONE, as_public_json
from services.councils.domain.following import DecisionOfAnotherCouncil, NeedsDecision, WrongStep
from services.councils.domain.goals import (
    GoalChange,
    GoalClosing,
    GoalSaid,
    NotDiscussed,
    NothingCameOfIt,
    Order,
    PriorityUnknown,
    RankTwice,
    TaskClosing,
)
from services.councils.handlers import goals
from services.councils.handlers.priorities import rank
from services.councils.store import rows
from services.councils.store.rows import GOAL, TASK

router = APIRouter(tags=["opfølgning"])

Year = Annotated[int, Path(ge=2000, le=2999)]


@router.post("/goals", status_code=201, responses=refusing(NeedsDecision, DecisionOfAnotherCouncil))
async def set_goal(said: GoalSaid, call: Call) -> Response:
    """Set a long-term goal that the kredsråd has decided; each lokalråd gets a task, once."""
    return await of_kredsraad(call, lambda tx, body: goals.set_goal(tx, body, said))


@router.post("/goals/{goal_id}/change", responses=refusing(NeedsDecision, DecisionOfAnotherCouncil, WrongStep))
async def change_goal(goal_id: UUID, said: GoalChange, call: Call) -> Response:
    """Change an open goal, as the kredsråd has decided."""
    return await of_thing(call, GOAL, goal_id, said, lambda tx, body, row: goals.change_goal(tx, body, row, said))


@router.post("/goals/{goal_id}/close", responses=refusing(NeedsDecision, DecisionOfAnotherCouncil, WrongStep))
async def close_goal(goal_id: UUID, said: GoalClosing, call: Call) -> Response:
    """Close a goal, as the kredsråd has decided."""
    return await of_thing(call, GOAL, goal_id, said, lambda tx, body, row: goals.close_goal(tx, body, row, said))


@router.get("/goals", response_model=GoalsView)
async def list_goals(request: Request) -> Response:
    """List the long-term goals; everyone may read them."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await rows.where(tx, "goal", "state desc, horizon_year, goal_id")
    return as_public_json(request, found)


@router.get("/goals/{goal_id}/editions")
async def list_editions(goal_id: UUID, request: Request, principal: Asking) -> Response:
    """List what a goal has said, and by which decisions."""
    return await read(request, principal, lambda tx: rows.where(tx, "goal_edition", "number", goal_id=goal_id))


@router.get("/bodies/{body_id}/implementation-tasks")
async def list_tasks(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List what a lokalråd is to make of the long-term goals: the open ones first."""
    order = "state desc, recorded_at, implementation_task_id"
    return await read(request, principal, lambda tx: rows.where(tx, "implementation_task", order, body_id=body_id))


@router.post(
    "/implementation-tasks/{implementation_task_id}/close",
    responses=refusing(NotDiscussed, NothingCameOfIt, WrongStep, StaleVersion),
)
async def close_task(implementation_task_id: UUID, said: TaskClosing, call: Call) -> Response:
    """Close a lokalråd's task that was discussed and led to an initiative, or to a reason why there is no need."""
    return await of_thing(
        call, TASK, implementation_task_id, said, lambda tx, body, row: goals.close_task(tx, body, row, said)
    )


@router.put("/bodies/{body_id}/priorities/{year}", responses=refusing(RankTwice, PriorityUnknown, StaleVersion))
async def rank_priorities(body_id: UUID, year: Year, said: Order, call: Call) -> Response:
    """Put the priorities of a council's plan in their order, all at once; the version is 0 before the first time."""
    return await of_body(call, body_id, lambda tx, body: rank(tx, body, year, said))


@router.get("/bodies/{body_id}/priorities/{year}")
async def list_priorities(body_id: UUID, year: Year, request: Request, principal: Asking) -> Response:
    """List the priorities of a council's plan in their order, with those that were dropped at the end."""
    wanted = {"body_id": body_id, "year": year}
    return await read(
        request, principal, lambda tx: rows.where(tx, "priority", "rank nulls last, priority_id", **wanted)
    )


@router.get("/plans/{year}/priorities", response_model=PrioritiesView)
async def published_priorities(year: Year, request: Request) -> Response:
    """List the priorities of a plan that is published, in their order; everyone may read them."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await rows.where(tx, "priority", "body_id, rank", year=year)
    return as_public_json(request, [row for row in found if row["rank"]])
