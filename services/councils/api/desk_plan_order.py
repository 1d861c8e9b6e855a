"""The order of what a council gives priority in a plan's year, by forms: places given, one taken up, one dropped."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Command, service_of
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Typed, body, done, version, words
from services.councils.api import goals
from services.councils.api.common import require_party
from services.councils.api.desk_plan_edit import Writing
from services.councils.api.desk_plan_frame import page_of
from services.councils.api.web import PAGES, READ, Colleague
from services.councils.domain.goals import Order
from services.councils.handlers import drafting
from services.councils.store import rows

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

KINDS = {"aktivitet": "Aktivitet", "metode": "Metode", "ressource": "Ressource"}
LAST = 100
"""The last place that there is."""

Row = dict[str, Any]


@pages.api_route("/planarbejde/{plan_id}/raekkefoelge", methods=READ)
async def page(plan_id: UUID, request: Request, who: Colleague) -> Response:
    """Show the priorities of a plan's council and year in their order."""
    require_party(who)
    return await show(request, who, plan_id)


async def _facts(tx: Tx, draft: drafting.Draft) -> dict[str, Any]:
    found = await _listed(tx, draft)
    ranked, dropped = [one for one in found if one["rank"]], [one for one in found if not one["rank"]]
    return {"ranked": ranked, "dropped": dropped, "kinds": KINDS, "list_version": await _version(tx, draft)}


show = page_of("desk_plan_order.html", _facts)
"""Shows the page of the order."""


@pages.post("/planarbejde/{plan_id}/raekkefoelge")
async def order(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Give each priority its place; one without a place is given no priority any more."""
    form = await form_of(request)

    async def act() -> str:
        draft, found = await _read(request, call, plan_id)
        await _rank(call, draft, form, _in_order(found, _places(form, found)))
        return f"/planarbejde/{plan_id}/raekkefoelge"

    return await done(form, act, _again(request, call, plan_id), WORDS)


@pages.post("/planarbejde/{plan_id}/prioritet")
async def add(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Give something new priority: at a place, before what stands there now, or last."""
    form, at = await form_of(request), "prioritet"

    async def act() -> str:
        draft, found = await _read(request, call, plan_id)
        new, place = _new(form, draft), _place(form, "plads")
        ranked = [_said(one) for one in found if one["rank"]]
        ranked.insert(place - 1 if place else len(ranked), new)
        await _rank(call, draft, form, ranked, at)
        return f"/planarbejde/{plan_id}/raekkefoelge"

    return await done(form, act, _again(request, call, plan_id), WORDS, at)


def _again(request: Request, call: Command, plan_id: UUID) -> Again:
    return partial(show, request, call.principal, plan_id)


async def _read(request: Request, call: Command, plan_id: UUID) -> tuple[drafting.Draft, list[Row]]:
    async with service_of(request).database.tx(call.principal) as tx:
        draft = await drafting.read(tx, plan_id)
        return draft, await _listed(tx, draft)


async def _listed(tx: Tx, draft: drafting.Draft) -> list[Row]:
    asked = {"body_id": draft.body.id, "year": draft.plan.year}
    return await rows.where(tx, "priority", "rank nulls last, priority_id", **asked)


async def _version(tx: Tx, draft: drafting.Draft) -> int:
    found = await rows.where(tx, "priority_list", "year", body_id=draft.body.id, year=draft.plan.year)
    return int(found[0]["version"]) if found else 0


async def _rank(call: Command, draft: drafting.Draft, form: Typed, ranked: list[Row], at: str = "") -> None:
    said = [one | {"rank": place} for place, one in enumerate(ranked, 1)]
    whole = body(Order, {"version": version(form), "priorities": said}, at)
    await goals.rank_priorities(draft.body.id, draft.plan.year, whole, call)


def _places(form: Typed, found: list[Row]) -> dict[UUID, int]:
    """Return the place of each priority that has one; Faulty where one is no number, or two have the same."""
    places: dict[UUID, int] = {}
    faults: Faults = {}
    for one in found:
        at = f"plads-{one['priority_id']}"
        try:
            place = _place(form, at)
        except Faulty as faulty:
            faults |= faulty.faults
            continue
        if place in places.values():
            faults[at] = f"Plads {place} er brugt til en anden. Giv hver prioritet sin egen plads."
        if place:
            places[one["priority_id"]] = place
    if faults:
        raise Faulty(faults)
    return places


def _place(form: Typed, at: str) -> int:
    """Return the place in a field; 0 where it is empty."""
    said = words(form, at)
    if not said:
        return 0
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= LAST):
        raise Faulty({at: f"Skriv et tal fra 1 til {LAST}, eller lad feltet stå tomt."})
    return int(said)


def _in_order(found: list[Row], places: dict[UUID, int]) -> list[Row]:
    kept = [one for one in found if one["priority_id"] in places]
    return [_said(one) for one in sorted(kept, key=lambda one: places[one["priority_id"]])]


def _said(one: Row) -> Row:
    """Return a priority as it is sent again."""
    return {name: one[name] for name in ("priority_id", "kind", "title", "owner_party", "coordinated_with")}


def _new(form: Typed, draft: drafting.Draft) -> Row:
    parties = draft.body.parties
    lacks = {
        "prioritet": "" if words(form, "prioritet") else "Skriv, hvad der skal prioriteres.",
        "art": "" if form.get("art") in KINDS else "Vælg, hvad det er.",
        "ejer": "" if form.get("ejer") in parties else "Vælg, hvem der har ansvaret.",
    }
    if faults := {name: said for name, said in lacks.items() if said}:
        raise Faulty(faults)
    others = [one for one in parties if f"med.{one}" in form and one != form["ejer"]]
    said = {"kind": form["art"], "title": words(form, "prioritet"), "owner_party": form["ejer"]}
    return said | {"coordinated_with": others}
