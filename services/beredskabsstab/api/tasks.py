"""Tasks over HTTP: the staff asks, the sector's own authority answers, and the chair has what was declined."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from contracts.beredskabsstab.v1 import Code
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import (
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
from services.beredskabsstab.api.log import WRITES
from services.beredskabsstab.domain.tasks import RUNNING, Act, State
from services.beredskabsstab.handlers import tasks as acts
from services.beredskabsstab.store import activations, plans, tasks
from services.beredskabsstab.store.tasks import Task

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Record

router = APIRouter(tags=["opgave"])

Title = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f]$")]
Description = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class Proposing(Body):
    """What an authority is asked to do, within its own sector."""

    authority: AuthorityName
    sector: Code
    title: Title
    description: Description = ""
    due_at: Moment | None = None


class Reassigning(Body):
    """Whom the chair asks instead, or again, and why."""

    authority: AuthorityName
    sector: Code
    reason: Reason


class Why(Body):
    """Why, in words."""

    reason: Reason


@router.get("/activations/{activation_id}/tasks")
async def read_tasks(activation_id: Id, request: Request, principal: Asking) -> Response:
    """List the tasks of an activation, the oldest first, with whether their time has passed."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        if await activations.find(tx, activation_id) is None:
            raise NotFound
        rows, now = await tasks.of_activation(tx, activation_id), await plans.now(tx)
    return answer({"at": now, "tasks": [_shown(row, now) for row in rows]})


def _shown(row: "Record", now: "datetime") -> dict[str, Any]:
    names = ("task_id", "title", "description", "sector", "authority", "state", "due_at", "proposed_by_authority")
    more = ("proposed_at", "changed_at", "reason", "handed_over_to", "version")
    late = State(row["state"]) in RUNNING and row["due_at"] is not None and row["due_at"] <= now
    return {name: row[name] for name in (*names, *more)} | {"overdue": late}


@router.post("/activations/{activation_id}/tasks", status_code=201)
async def propose(activation_id: Id, body: Proposing, call: Call) -> Response:
    """Ask an authority to do something within its own sector: it may say no."""
    call.require(*WRITES)
    task_id = new_id()

    async def work(tx: Tx) -> Answer:
        words = (body.title, body.description, body.sector, body.authority, body.due_at)
        await acts.propose(tx, Task(task_id, activation_id, *words))
        return Answer(201, {"task_id": task_id}, version=1)

    return await call.run(work)


async def _do(activation_id: Id, task_id: Id, call: Call, what: Act, reason: str = "") -> Response:
    async def work(tx: Tx) -> Answer:
        return Answer(ids={"task_id": task_id}, version=await acts.act(tx, activation_id, task_id, what, reason))

    return await call.run(work)


@router.post("/activations/{activation_id}/tasks/{task_id}/accept")
async def accept(activation_id: Id, task_id: Id, call: Call) -> Response:
    """Take a task, as the authority that is asked."""
    call.require(*WRITES)
    return await _do(activation_id, task_id, call, Act.ACCEPT)


@router.post("/activations/{activation_id}/tasks/{task_id}/decline")
async def decline(activation_id: Id, task_id: Id, body: Why, call: Call) -> Response:
    """Say no to a task, or give it back, with the reason; it returns to the chair."""
    call.require(*WRITES)
    return await _do(activation_id, task_id, call, Act.DECLINE, body.reason)


@router.post("/activations/{activation_id}/tasks/{task_id}/complete")
async def complete(activation_id: Id, task_id: Id, call: Call) -> Response:
    """Say that a task is done, as the authority that took it."""
    call.require(*WRITES)
    return await _do(activation_id, task_id, call, Act.COMPLETE)


@router.post("/activations/{activation_id}/tasks/{task_id}/withdraw")
async def withdraw(activation_id: Id, task_id: Id, body: Why, call: Call) -> Response:
    """Ask for a task no more, as the chair, with the reason."""
    require_police(call.principal, Role.STAFF_CHAIR)
    return await _do(activation_id, task_id, call, Act.WITHDRAW, body.reason)


@router.post("/activations/{activation_id}/tasks/{task_id}/reassign")
async def reassign(activation_id: Id, task_id: Id, body: Reassigning, call: Call) -> Response:
    """Ask another authority, or the same again, about what was declined, as the chair."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        to = (body.authority, body.sector)
        return Answer(
            ids={"task_id": task_id}, version=await acts.reassign(tx, activation_id, task_id, to, body.reason)
        )

    return await call.run(work)
