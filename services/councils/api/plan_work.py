"""The work on a plan, the kredsraad's or a lokalraad's: its versions, how two differ, and what is said about it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from contracts.councils.v1.plans import SectionNumber
from contracts.refusal import NotFound
from services.councils.api.common import Asking, Call, Sent, answer, require_party
from services.councils.domain.comparing import sections_between
from services.councils.domain.wording import Text
from services.councils.store import plan_work

router = APIRouter(tags=["planarbejde"])

Number = Annotated[int, Path(ge=1, le=99_999)]
Asked = Annotated[int, Query(ge=1, le=99_999)]


class CommentSaid(Sent):
    """What somebody says about a section; `0` is the whole plan."""

    section: SectionNumber = Field(default="0")
    text: Text


@router.get("/plan-work/{plan_id}/versions")
async def versions(plan_id: UUID, request: Request, principal: Asking) -> Response:
    """List who saved which version of a plan and when, the newest first."""
    require_party(principal)
    async with service_of(request).database.tx(principal) as tx:
        found = await plan_work.versions(tx, plan_id)
    if not found:
        raise NotFound
    return answer(found)


@router.get("/plan-work/{plan_id}/versions/{number}")
async def version(plan_id: UUID, number: Number, request: Request, principal: Asking) -> Response:
    """Return one saved text."""
    return answer(await _version(request, principal, plan_id, number))


@router.get("/plan-work/{plan_id}/difference")
async def difference(plan_id: UUID, older: Asked, newer: Asked, request: Request, principal: Asking) -> Response:
    """Return how two versions differ, section by section and word by word."""
    old = await _version(request, principal, plan_id, older)
    new = await _version(request, principal, plan_id, newer)
    who = {name: {key: each[key] for key in ("number", "saved_by", "saved_at")} for name, each in _named(old, new)}
    return answer(who | {"sections": sections_between(old["document"], new["document"])})


@router.get("/plan-work/{plan_id}/comments")
async def comments(plan_id: UUID, request: Request, principal: Asking) -> Response:
    """List what the parties say about a plan: open comments first."""
    require_party(principal)
    async with service_of(request).database.tx(principal) as tx:
        if await plan_work.newest(tx, plan_id) is None:
            raise NotFound
        found = await plan_work.comments(tx, plan_id)
    return answer(found)


@router.post("/plan-work/{plan_id}/comments", status_code=201)
async def comment(plan_id: UUID, body: CommentSaid, call: Call) -> Response:
    """Say something about a section of a plan, as somebody who sits on its council or keeps its papers."""
    require_party(call.principal)

    async def work(tx: Tx) -> Answer:
        of = await plan_work.newest(tx, plan_id)
        if of is None:
            raise NotFound
        return Answer(201, {"comment_id": await plan_work.comment(tx, plan_id, of, body.section, body.text)})

    return await call.run(work)


@router.post("/plan-work/{plan_id}/comments/{comment_id}/resolution")
async def resolve(plan_id: UUID, comment_id: UUID, call: Call) -> Response:
    """Say that a comment needs no more: by the authority that made it, or the plan's secretariat."""
    require_party(call.principal)

    async def work(tx: Tx) -> Answer:
        if await plan_work.resolve(tx, plan_id, comment_id) is None:
            raise NotFound
        return Answer(200, {"comment_id": comment_id})

    return await call.run(work)


async def _version(request: Request, principal: Principal, plan_id: UUID, number: int) -> dict[str, Any]:
    require_party(principal)
    async with service_of(request).database.tx(principal) as tx:
        found = await plan_work.version(tx, plan_id, number)
    if found is None:
        raise NotFound
    return found


def _named(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [("older", old), ("newer", new)]
