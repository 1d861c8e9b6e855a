"""The relief roster over HTTP: who is relieved when; each authority plans its own people, the chair sees all."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from contracts.beredskabsstab.v1 import Code
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.calls import PersonName
from services.beredskabsstab.api.common import POLICE, SEES, Asking, Body, Call, Id, Moment, answer
from services.beredskabsstab.domain.relief import Gap, Shift, gaps
from services.beredskabsstab.handlers import relief as acts
from services.beredskabsstab.store import activations, plans, relief

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["afløsning"])

PLANS = (Role.STAFF_MEMBER, Role.STAFF_CHAIR, Role.DUTY_OFFICER, Role.DUTY_PLANNER)


class Relieving(Body):
    """Somebody's time in a role of the own authority."""

    role: Code
    starts_at: Moment
    ends_at: Moment
    who: PersonName


@router.post("/activations/{activation_id}/relief", status_code=201)
async def plan(activation_id: Id, body: Relieving, call: Call) -> Response:
    """Plan who has a role of the own authority from when to when; the police plan for their desk."""
    call.require(*PLANS)
    shift_id, who = new_id(), call.principal

    async def work(tx: Tx) -> Answer:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        authority = plans.document(row).desk if who.authority in POLICE else who.authority
        new = Shift(shift_id, authority, body.role, body.starts_at, body.ends_at)
        version = await acts.plan(tx, activation_id, new, body.who, who)
        return Answer(201, {"shift_id": shift_id, "activation_id": activation_id}, version=version)

    return await call.run(work)


@router.post("/activations/{activation_id}/relief/{shift_id}/remove")
async def remove(activation_id: Id, shift_id: Id, call: Call) -> Response:
    """Take a shift off the roster; its authority does."""
    call.require(*PLANS)

    async def work(tx: Tx) -> Answer:
        await acts.remove(tx, activation_id, shift_id, call.principal)
        return Answer(ids={"shift_id": shift_id})

    return await call.run(work)


@router.get("/activations/{activation_id}/relief")
async def read(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show who is relieved when, and when nobody takes over: of the own authority, and to the police of all."""
    principal.require(*SEES, Role.DUTY_PLANNER)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        rows, now = await relief.of_activation(tx, activation_id), await plans.now(tx)
    found = [one for one in gaps(map(relief.as_shift, rows)) if one.ends_at is None or one.ends_at > now]
    return answer({"shifts": [_shift(one) for one in rows], "gaps": [_gap(one) for one in found]})


def _shift(row: "Record") -> dict[str, Any]:
    names = ("shift_id", "authority", "role", "starts_at", "ends_at", "who", "gap_told_at")
    return {name: row[name] for name in names}


def _gap(gap: Gap) -> dict[str, Any]:
    return {"authority": gap.authority, "role": gap.role, "from": gap.starts_at, "to": gap.ends_at}
