"""Who has the duty: rosters with their holes, the shifts of one, and who is on duty now and next."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from contracts.codes import Role
from contracts.refusal import NotFound
from services.alerting.api.common import Asking, Id, Moment, answer
from services.alerting.domain import planning as rules
from services.alerting.domain.rosters import Roster
from services.alerting.domain.shifts import BEYOND, LOOK_AHEAD, Shift, following, gaps, shifts, until
from services.alerting.store import alerts, rosters, staff

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["vagt"])

From = Annotated[Moment, Query(alias="from")]
To = Annotated[Moment, Query(alias="to")]


@router.get("/rosters")
async def read_rosters(request: Request, principal: Asking) -> Response:
    """Show an office's rosters, each with the first hole of the next 14 days."""
    principal.require(Role.DUTY_PLANNER, Role.ON_CALL)
    async with service_of(request).database.tx(principal) as tx:
        now = await alerts.now(tx)
        rows = await rosters.seen(tx, now)
        laid_out = await rosters.laid_out(tx, rows, now, now + LOOK_AHEAD)
    return answer({"rosters": [_roster(*both, now) for both in zip(rows, laid_out, strict=True)]})


def _roster(row: "Record", roster: Roster, now: datetime) -> dict[str, Any]:
    shown = ("roster_id", "authority", "office", "role", "name", "hours", "line", "in_service", "ended_on", "version")
    hole = next(iter(gaps(roster, now, now + LOOK_AHEAD)), None)
    return {name: row[name] for name in shown} | {
        "first_gap": _span(hole) if hole else None,
        "rotations": [
            {"starts_on": one.starts_on, "kind": one.kind, "turn_at": one.turn_at, "members": list(one.members)}
            for one in roster.rotations
        ],
    }


def _span(shift: Shift) -> dict[str, Any]:
    return {"starts_at": shift.starts_at, "ends_at": shift.ends_at}


@router.get("/rosters/{roster_id}/shifts")
async def read_shifts(roster_id: Id, start: From, end: To, request: Request, principal: Asking) -> Response:
    """Show who has the duty when, over at most 400 days."""
    found, names = await _laid_out(roster_id, start, end, request, principal)
    return answer({"shifts": [_shift(one, names) for one in shifts(found, start, end)]})


def _shift(shift: Shift, names: dict[UUID, str]) -> dict[str, Any]:
    over = shift.override
    return _span(shift) | {
        "staff": [{"staff_id": who, "name": names.get(who)} for who in shift.staff],
        "gap": shift.is_gap,
        "override_id": over.override_id if over else None,
        "swap_id": over.swap_id if over else None,
        "reason": over.reason if over else None,
    }


@router.get("/rosters/{roster_id}/gaps")
async def read_gaps(roster_id: Id, start: From, end: To, request: Request, principal: Asking) -> Response:
    """Show when nobody has the duty, though nobody said so on purpose, over at most 400 days."""
    found, _ = await _laid_out(roster_id, start, end, request, principal)
    return answer({"gaps": [_span(one) for one in gaps(found, start, end)]})


async def _laid_out(
    roster_id: UUID, start: datetime, end: datetime, request: Request, principal: Asking
) -> tuple[Roster, dict[UUID, str]]:
    principal.require(Role.DUTY_PLANNER, Role.ON_CALL)
    rules.require_span(start, end)
    async with service_of(request).database.tx(principal) as tx:
        return await roster_with_names(tx, roster_id, start, end)


async def roster_with_names(tx: Tx, roster_id: UUID, start: datetime, end: datetime) -> tuple[Roster, dict[UUID, str]]:
    """Return a roster over a span, with what its people are called."""
    row = await rosters.find(tx, roster_id)
    if row is None:
        raise NotFound
    [found] = await rosters.laid_out(tx, [row], start - BEYOND, end + BEYOND)
    who = {one for shift in shifts(found, start, end) for one in shift.staff}
    return found, await staff.names(tx, list(who))


@router.get("/duty")
async def read_duty(request: Request, principal: Asking, at: Moment | None = None) -> Response:
    """Show who has the duty at a moment, line by line, until when, and who is next."""
    principal.require(Role.DUTY_PLANNER, Role.DUTY_OFFICER, Role.ON_CALL)
    async with service_of(request).database.tx(principal) as tx:
        moment = at or await alerts.now(tx)
        rows = await rosters.seen(tx, moment)
        found = await rosters.laid_out(tx, rows, moment - LOOK_AHEAD, moment + timedelta(days=40))
        lines = [_line(*both, moment) for both in zip(rows, found, strict=True)]
        who = {one for line in lines for one in (*line["now"], *line["next"])}
        names = await staff.names(tx, list(who))
    return answer({"at": moment, "duty": [_named(line, names) for line in lines]})


def _line(row: "Record", roster: Roster, at: datetime) -> dict[str, Any]:
    then = following(roster, at)
    return {name: row[name] for name in ("roster_id", "authority", "office", "role", "line", "hours")} | {
        "covers": roster.covers(at),
        "now": roster.on_duty(at),
        "until": until(roster, at),
        "next": then.staff if then else (),
        "next_from": then.starts_at if then else None,
    }


def _named(line: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    return line | {when: [{"staff_id": who, "name": names.get(who)} for who in line[when]] for when in ("now", "next")}
