"""The plans that are made: listed council by council, begun from last year's text, and laid ready for approval."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Typed, body, done
from contracts.refusal import NotFound
from services.councils.api import local_plans, secretariat
from services.councils.api.common import require_party
from services.councils.api.desk_plan import show
from services.councils.api.desk_plan_edit import PLACES, Writing
from services.councils.api.desk_plan_frame import STATES
from services.councils.api.meeting_common import keeps, seated_body
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain import outline
from services.councils.domain.bodies import BodyKind
from services.councils.domain.local_plan import LocalPlan
from services.councils.domain.meetings import day_of
from services.councils.handlers import drafting
from services.councils.store import bodies, clock, plan_work, plans

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

NO_PLAN_ABOVE = "Kredsrådet har ingen plan for det år endnu. Den lokale plan begyndes under den."


@pages.api_route("/planarbejde", methods=READ)
async def listed(request: Request, who: Colleague) -> Response:
    """List the plans of the councils that somebody sits on or keeps papers for."""
    require_party(who)
    return await show_list(request, who)


async def show_list(
    request: Request, who: Principal, status: int = 200, faults: Faults | None = None, typed: Typed | None = None
) -> Response:
    """Return the list; where a plan could not be begun, with why."""
    async with service_of(request).database.tx(who) as tx:
        found = await plan_work.every(tx)
        own = [one for one in await bodies.every(tx) if keeps(one, who)]
        year = day_of(await clock.now(tx)).year
    shown = {"plans": found, "own": own, "years": (year + 1, year), "states": STATES}
    return render(request, who, "desk_plans.html", status, **shown, faults=faults or {}, typed=typed or {})


@pages.post("/planarbejde")
async def begin(request: Request, call: Writing) -> Response:
    """Begin a council's plan of a year, from its newest text of an earlier year."""
    form = await form_of(request)
    again: Again = partial(show_list, request, call.principal)

    async def act() -> str:
        council_id, year = _council(form), _year(form)
        async with call.database.tx(call.principal) as tx:
            council = await seated_body(tx, council_id)
            before = await plan_work.before(tx, council_id, year)
            above = await plans.plan_of(tx, year)
        if council.kind is BodyKind.KREDSRAAD:
            text = outline.of_kredsraad(council.title, year, before)
            await secretariat.draft_plan(body(secretariat.PlanBody, {"year": year, "document": text}, "aar"), call)
        else:
            if above is None:
                raise Faulty({"aar": NO_PLAN_ABOVE})
            said = {"plan_id": above, "year": year, "document": outline.of_lokalraad(council.title, year, before)}
            await local_plans.draft(council_id, body(local_plans.LocalPlanSaid, said, "aar"), call)
        return f"/planarbejde/{await _begun(call, council_id, year)}"

    return await done(form, act, again, WORDS, "aar")


@pages.post("/planarbejde/{plan_id}/klar")
async def lay_ready(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Lay a lokalraad's plan ready for approval by both sides."""
    again: Again = partial(show, request, call.principal, plan_id)

    async def act() -> str:
        async with call.database.tx(call.principal) as tx:
            plan = (await drafting.read(tx, plan_id)).plan
        if not isinstance(plan, LocalPlan):
            raise NotFound
        await local_plans.submit(plan.body_id, plan.year, call)
        return f"/planarbejde/{plan_id}"

    return await done(await form_of(request), act, again, PLACES)


async def _begun(call: Command, council_id: UUID, year: int) -> UUID:
    async with call.database.tx(call.principal) as tx:
        return await _plan_of(tx, council_id, year)


async def _plan_of(tx: Tx, council_id: UUID, year: int) -> UUID:
    found = [one for one in await plan_work.every(tx) if (one["body_id"], one["year"]) == (council_id, year)]
    if not found:
        raise NotFound
    plan_id: UUID = found[0]["plan_id"]
    return plan_id


def _council(form: Typed) -> UUID:
    try:
        return UUID(form.get("raad", ""))
    except ValueError as error:
        raise Faulty({"raad": "Vælg et råd."}) from error


def _year(form: Typed) -> int:
    said = form.get("aar", "")
    if not (said.isascii() and said.isdigit() and len(said) == len("2027")):
        raise Faulty({"aar": "Vælg et år."})
    return int(said)
