"""Swaps: who is on call offers the own shift, and a colleague of the same office and role takes it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.deadlines import set_deadline
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from contracts.codes import Role
from contracts.refusal import NotFound
from services.alerting.api.common import Asking, Body, Call, Id, Moment, Version, answer
from services.alerting.api.rosters import require_free, to_change
from services.alerting.domain import planning as rules
from services.alerting.domain.rosters import Override
from services.alerting.domain.shifts import BEYOND, is_busy, own
from services.alerting.handlers.changes import tell_roster
from services.alerting.handlers.watching import OFFER
from services.alerting.store import alerts, rosters, staff, swaps

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["vagt"])

REASON = "Vagtbytte"


class Offering(Body):
    """A piece of the own shift that a colleague may take."""

    starts_at: Moment
    ends_at: Moment
    version: Version


class Basis(Body):
    """The version that an answer to an offer is based on."""

    version: Version


@router.get("/swaps")
async def read_offers(request: Request, principal: Asking) -> Response:
    """Show which shifts of the office are offered."""
    principal.require(Role.DUTY_PLANNER, Role.ON_CALL)
    async with service_of(request).database.tx(principal) as tx:
        found = await swaps.offered(tx)
        names = await staff.names(tx, [row["offered_by"] for row in found])
    return answer({"swaps": [_offer(row, names) for row in found]})


def _offer(row: "Record", names: dict[UUID, str]) -> dict[str, Any]:
    shown = ("swap_id", "roster_id", "starts_at", "ends_at", "offered_by", "version")
    return {name: row[name] for name in shown} | {"name": names.get(row["offered_by"])}


@router.post("/rosters/{roster_id}/swaps", status_code=201)
async def offer(roster_id: Id, body: Offering, call: Call) -> Response:
    """Offer the own shift, or a piece of it; it stays one's own until somebody takes it."""
    call.require(Role.ON_CALL)
    swap_id, span = new_id(), (body.starts_at, body.ends_at)

    async def work(tx: Tx) -> Answer:
        row = await to_change(tx, roster_id, body.version)
        rules.require_to_come(*span, await alerts.now(tx))
        me = await _me(tx, call.principal, row)
        await _require_own_shift(tx, row, me["staff_id"], span)
        await require_free(tx, row, span)
        await swaps.add(tx, swap_id, roster_id, span, me["staff_id"])
        await set_deadline(tx, kind=OFFER, subject=swap_id, due_at=body.starts_at, correlation_id=roster_id)
        return Answer(201, {"swap_id": swap_id}, version=1)

    return await call.run(work)


async def _me(tx: Tx, principal: Principal, roster: "Record") -> "Record":
    """Return who asks, on the staff of a roster's office and in its role."""
    me = await staff.own(tx, principal.subject, roster["authority"], roster["office"])
    if me is None:
        raise NotFound
    if me["staff_id"] not in await staff.with_role(tx, roster["authority"], roster["office"], roster["role"]):
        raise rules.NotYourRole
    return me


async def _require_own_shift(tx: Tx, row: "Record", staff_id: UUID, span: tuple[datetime, datetime]) -> None:
    [roster] = await rosters.laid_out(tx, [row], span[0] - BEYOND, span[1] + BEYOND)
    if not own(roster, staff_id, *span):
        raise rules.NotYourShift


@router.post("/swaps/{swap_id}/take")
async def take(swap_id: Id, body: Basis, call: Call) -> Response:
    """Take a colleague's shift: from its beginning to its end it is one's own."""
    call.require(Role.ON_CALL)

    async def work(tx: Tx) -> Answer:
        found, row = await _open(tx, swap_id, body.version)
        now, span = await alerts.now(tx), (found["starts_at"], found["ends_at"])
        me = await _me(tx, call.principal, row)
        await _require_fit(tx, found, row, me["staff_id"], now)
        version = await swaps.take(tx, swap_id, me["staff_id"])
        taken = Override(*span, me["staff_id"], new_id(), swap_id, REASON)
        await rosters.add_override(tx, row["roster_id"], taken, now)
        await tell_roster(tx, row["roster_id"])
        return Answer(ids={"swap_id": swap_id}, version=version)

    return await call.run(work)


async def _open(tx: Tx, swap_id: UUID, version: int) -> "tuple[Record, Record]":
    """Return an open offer and its roster, that row locked: whoever comes second finds it closed."""
    seen = await swaps.find(tx, swap_id)
    if seen is None:
        raise NotFound
    row = await to_change(tx, seen["roster_id"])
    found = await swaps.find(tx, swap_id)
    if found is None or found["state"] != "offered":
        raise rules.SwapClosed
    rules.require_version(found["version"], version)
    return found, row


async def _require_fit(tx: Tx, found: "Record", row: "Record", me: UUID, now: datetime) -> None:
    """Refuse who offered it, what has begun, what is no longer theirs, and who has a duty then."""
    span = found["starts_at"], found["ends_at"]
    if found["offered_by"] == me:
        raise rules.OwnSwap
    if span[0] < now:
        raise rules.SwapClosed
    await _require_own_shift(tx, row, found["offered_by"], span)
    others = await rosters.siblings(tx, row, now)
    if is_busy(await rosters.laid_out(tx, others, span[0] - BEYOND, span[1] + BEYOND), me, *span):
        raise rules.AlreadyOnDuty


@router.post("/swaps/{swap_id}/withdraw")
async def withdraw(swap_id: Id, body: Basis, call: Call) -> Response:
    """Keep the shift after all; a planner may take an offer back for somebody."""
    call.require(Role.ON_CALL, Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        found, row = await _open(tx, swap_id, body.version)
        if Role.DUTY_PLANNER not in call.principal.roles:
            me = await _me(tx, call.principal, row)
            if me["staff_id"] != found["offered_by"]:
                raise rules.NotYourShift
        version = await swaps.close(tx, swap_id, "withdrawn")
        return Answer(ids={"swap_id": swap_id}, version=version)

    return await call.run(work)
