"""The framework plan over HTTP: draft an edition, sign it, read the one in force; and whether the rooms are ready."""

from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import StrictBool

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.beredskabsstab.v1 import Code
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import SEES, Asking, Body, Call, Id, Reason, answer, require_police
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.handlers import planning
from services.beredskabsstab.store import plans

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["rammeplan"])

FacilityCode = Path(pattern=r"^[a-z](_?[a-z])*$", max_length=40)


class Readiness(Body):
    """Whether a room can be used now."""

    ready: StrictBool
    note: Reason = ""


@router.post("/framework-plans", status_code=201)
async def draft(body: Plan, call: Call) -> Response:
    """Draft a new edition; it holds for nothing until it is signed."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        return Answer(201, {"framework_plan_id": await planning.draft(tx, body, call.principal.subject)}, version=1)

    return await call.run(work)


@router.post("/framework-plans/{plan_id}/sign")
async def sign(plan_id: Id, call: Call) -> Response:
    """Sign an edition: it is in force for a year, and no other is."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        version = await planning.sign(tx, plan_id, call.principal.subject)
        return Answer(ids={"framework_plan_id": plan_id}, version=version)

    return await call.run(work)


@router.get("/framework-plans")
async def read_all(request: Request, principal: Asking) -> Response:
    """List the editions, the newest first."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        rows = await plans.editions(tx)
    return answer({"framework_plans": [_shown(row) for row in rows]})


@router.get("/framework-plans/in-force", responses=refusing(NotFound))
async def read_in_force(request: Request, principal: Asking) -> Response:
    """Show the edition that is in force, whole."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await plans.in_force(tx, await plans.now(tx))
        rooms = await plans.facilities(tx)
        if row is None:
            raise NotFound
        missing = await planning.missing_deputies(tx, row)
    said = [{name: one[name] for name in ("facility", "ready", "note", "said_at")} for one in rooms]
    warned = {"without_deputy": [one.model_dump(mode="json") for one in missing]}
    return answer(_shown(row) | {"plan": orjson.loads(row["document"]), "facilities": said} | warned)


def _shown(row: "Record") -> dict[str, Any]:
    names = ("framework_plan_id", "edition", "state", "signed_at", "valid_until", "version")
    return {name: row[name] for name in names}


@router.put("/facilities/{facility}/readiness")
async def say_ready(body: Readiness, call: Call, facility: Code = FacilityCode) -> Response:
    """Say whether a room can be used; where it cannot, the alternative one is reserved (plan §5.3, line 427)."""
    require_police(call.principal, Role.STAFF_CHAIR, Role.DUTY_OFFICER)

    async def work(tx: Tx) -> Answer:
        at, by = await plans.now(tx), call.principal.subject
        version = await plans.say_ready(tx, facility, ready=body.ready, note=body.note, by=by, at=at)
        return Answer(ids={"facility": facility}, version=version)

    return await call.run(work)
