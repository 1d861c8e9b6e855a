"""»Det venter på dig« for a council's secretary, and the councils of a member with what a member is asked."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.page_forms import Faults, Typed
from contracts.codes import Role
from services.councils.api.common import is_of_council_office
from services.councils.api.desk_view import BACK_DAYS, waits, wheel_path
from services.councils.api.desk_year import LENGTHS
from services.councils.api.web import PAGES, READ, SITS, Colleague, render
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.meetings import State, day_of
from services.councils.handlers.requests import may_ask
from services.councils.store import bodies, clock, local_plans, matters, meetings, minutes, plan_work, plans, requests

SHOWN = 3
"""Meetings of a council on a page of all councils; how many there are in all is said, and the year wheel has them."""

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)


@pages.api_route("/sekretariat", methods=READ)
async def secretariat(request: Request, who: Colleague) -> Response:
    """Show what waits for a secretary, council by council; one that asks for nothing is a link."""
    return await show_secretariat(request, who)


async def show_secretariat(
    request: Request, who: Principal, status: int = 200, faults: Faults | None = None, typed: Typed | None = None
) -> Response:
    """Return the page of a secretary; where something was refused, with why, and with what was typed."""
    who.require(Role.SECRETARY)
    async with service_of(request).database.tx(who) as tx:
        kept = [one for one in await bodies.every(tx) if who.authority in one.secretariats]
        year = day_of(await clock.now(tx)).year
        shown = [await _kept(tx, one, year) for one in kept]
    shown.sort(key=lambda one: not any(line.late for line in one["lines"]))
    said = {"faults": faults or {}, "typed": typed or {}, "lengths": LENGTHS}
    return render(request, who, "desk_secretary.html", status, councils=shown, **said)


async def _kept(tx: Tx, body: Body, year: int) -> dict[str, Any]:
    waiting = await matters.waiting(tx, body.id)
    upcoming = [one for one in await meetings.around(tx, body.id, back_days=0) if one.state is not State.CANCELLED]
    links = {"year": wheel_path(body, year), "next_year": wheel_path(body, year + 1)}
    facts = {"title": body.title, "id": body.id, "year": year, "upcoming": upcoming[:SHOWN], "links": links}
    facts |= {"has_areas": body.kind is BodyKind.KREDSRAAD, "upcoming_total": len(upcoming)}
    asked = [one for one in await requests.unmet(tx, body.id) if one["meeting_id"] is None]
    return facts | {"lines": await waits(tx, body), "matters": waiting, "requests": asked}


@pages.api_route("/medlem", methods=READ)
async def member(request: Request, who: Colleague) -> Response:
    """Show a member the councils they sit on: the next meeting, minutes to answer, and the plan that is made."""
    return await show_member(request, who)


async def show_member(
    request: Request, who: Principal, status: int = 200, faults: Faults | None = None, typed: Typed | None = None
) -> Response:
    """Return the page of a member; where something was refused, with why, and with what was typed."""
    who.require(*SITS)
    async with service_of(request).database.tx(who) as tx:
        own = [one for one in await bodies.every(tx) if who.authority in one.parties and is_of_council_office(who, one)]
        shown = [await _sat_on(tx, one) for one in own]
    shown.sort(key=lambda one: (not one["asked"], not one["coming"]))
    said = {"faults": faults or {}, "typed": typed or {}, "answers": Role.COUNCIL_MEMBER in who.roles}
    return render(request, who, "desk_member.html", status, councils=shown, **said)


async def _sat_on(tx: Tx, body: Body) -> dict[str, Any]:
    found = await meetings.around(tx, body.id, back_days=BACK_DAYS)
    now = await clock.now(tx)
    coming = [one for one in found if one.ends_at > now and one.state in {State.PLANNED, State.CONVENED}]
    been = [one for one in found if one.state in {State.HELD, State.MINUTES_DRAFTED, State.MINUTES_APPROVED}]
    asked = [await _asked(tx, one.id) for one in found if one.state is State.MINUTES_DRAFTED]
    facts = {"title": body.title, "id": body.id, "coming": coming[:SHOWN], "been": been[-SHOWN:]}
    facts |= {"coming_total": len(coming), "been_total": len(been)}
    plan = await _plan(tx, body, day_of(now).year)
    facts |= {"asks": may_ask(body, tx.principal.authority), "requests": await requests.unmet(tx, body.id)}
    return facts | {"asked": [one for one in asked if one], "plan": plan, "year": wheel_path(body, day_of(now).year)}


async def _asked(tx: Tx, meeting_id: Any) -> dict[str, Any] | None:  # noqa: ANN401  the driver's kind of UUID
    """Return the minutes that a member is asked about and has not answered."""
    last, meeting = await minutes.newest(tx, meeting_id), await meetings.found(tx, meeting_id)
    if last is None or meeting is None or not last.round_is_open:
        return None
    answered = any(one["subject"] == tx.principal.subject for one in await minutes.answers(tx, last))
    return None if answered else {"meeting": meeting, "edition": last.edition, "until": last.round_ends_at}


async def _plan(tx: Tx, body: Body, year: int) -> dict[str, Any] | None:
    """Return the newest plan of a council that a member can read while it is made."""
    for wanted in (year + 1, year):
        plan_id = None
        if body.kind is BodyKind.KREDSRAAD:
            plan_id = await plans.plan_of(tx, wanted)
        else:
            plan_id = await local_plans.plan_of(tx, body.id, wanted)
        newest = await plan_work.newest(tx, plan_id) if plan_id else None
        if plan_id and newest:
            return {"year": wanted, "path": f"/planarbejde/{plan_id}", "version": newest[1]}
    return None
