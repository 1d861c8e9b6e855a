"""The planning forum over HTTP: meetings and exercises that were held, and what was learned of them."""

from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.beredskabsstab.v1 import Words
from contracts.codes import Role
from services.beredskabsstab.api.common import (
    SEES,
    Asking,
    AuthorityName,
    Body,
    Call,
    Id,
    Moment,
    answer,
    require_police,
)
from services.beredskabsstab.api.evaluations import FINDS, Resolving, Text, is_chair
from services.beredskabsstab.domain.forum import Held
from services.beredskabsstab.handlers import forum as acts
from services.beredskabsstab.store import forum, plans

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["planlægning"])

Page = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class Holding(Body):
    """A meeting or an exercise that was held; minutes are short, and about no citizen."""

    kind: Held
    title: Words
    held_at: Moment
    authorities: Annotated[list[AuthorityName], Field(min_length=1, max_length=60)]
    agenda: Page | Literal[""] = ""
    minutes: Page | Literal[""] = ""
    framework_plan_id: UUID | None = None
    """The edition of the framework plan that was worked on, where it was one."""


class Learning(Body):
    """What was learned, who follows it up, and by when."""

    words: Text
    owner: AuthorityName
    due_at: Moment


@router.post("/planning", status_code=201)
async def hold(body: Holding, call: Call) -> Response:
    """Record what was held; it calls nobody in and changes no step."""
    require_police(call.principal, Role.STAFF_CHAIR)
    said = {name: getattr(body, name) for name in ("title", "held_at", "agenda", "minutes", "framework_plan_id")}
    present = tuple(dict.fromkeys(body.authorities))

    async def work(tx: Tx) -> Answer:
        planning_id = await acts.hold(tx, body.kind, said, present, call.principal.subject)
        return Answer(201, {"planning_id": planning_id}, version=1)

    return await call.run(work)


@router.get("/planning")
async def read(request: Request, principal: Asking) -> Response:
    """Show what was held and learned, and the editions of the framework plan that are being worked on."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        held, lessons, editions = await forum.newest(tx), await forum.lessons(tx), await plans.editions(tx)
        now = await plans.now(tx)
    drafts = [
        {name: one[name] for name in ("framework_plan_id", "edition")} for one in editions if one["state"] == "draft"
    ]
    shown = [_lesson(one) | {"overdue": one["state"] == "open" and one["due_at"] < now} for one in lessons]
    return answer({"held": [_held(one) for one in held], "lessons": shown, "drafts": drafts})


def _held(row: "Record") -> dict[str, Any]:
    names = ("planning_id", "kind", "title", "held_at", "authorities", "agenda", "minutes", "framework_plan_id")
    return {name: row[name] for name in names}


def _lesson(row: "Record") -> dict[str, Any]:
    names = ("planning_id", "learned_at", "words", "owner", "due_at", "state", "recorded_at", "resolution")
    return {name: row[name] for name in (*names, "resolved_at", "version")}


@router.post("/planning/{planning_id}/lessons", status_code=201)
async def learn(planning_id: Id, body: Learning, call: Call) -> Response:
    """Record a lesson of a meeting or an exercise; somebody follows it up by a time."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        made = await acts.learn(tx, planning_id, body.words, body.owner, body.due_at, call.principal.subject)
        return Answer(201, {"planning_id": made, "learned_at": planning_id}, version=1)

    return await call.run(work)


@router.post("/lessons/{planning_id}/resolve")
async def resolve(planning_id: Id, body: Resolving, call: Call) -> Response:
    """Say that a lesson is followed up, and how: its owner does, or the chair."""
    call.require(*FINDS)
    leads = is_chair(call.principal)

    async def work(tx: Tx) -> Answer:
        version = await acts.resolve(tx, planning_id, body.words, call.principal, leads=leads)
        return Answer(ids={"planning_id": planning_id}, version=version)

    return await call.run(work)
