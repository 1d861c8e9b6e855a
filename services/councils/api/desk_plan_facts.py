"""What a plan puts first, by forms: areas to focus on, and initiatives with owner, measure, target, date and basis."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faulty, Places, Typed, body, done, version, words
from contracts.refusal import NotFound
from services.councils.api.common import require_party
from services.councils.api.desk_plan_edit import PLACES, PieceSaid, Writing, changed
from services.councils.api.desk_plan_frame import page_of
from services.councils.api.plan_lacks import kredsraad_decisions
from services.councils.api.web import PAGES, READ, Colleague
from services.councils.domain import draft_facts
from services.councils.domain.draft_facts import Data
from services.councils.domain.following import has_municipality, has_police
from services.councils.domain.initiatives import GoalOrLocalFocus, InitiativeSaid, LevelMissing, OneSided
from services.councils.domain.local_plan import LocalPlan
from services.councils.handlers import drafting, initiatives
from services.councils.store import initiatives as kept
from services.councils.store import rows

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

PURPOSES = {"forebyggelse": "Forebyggelse", "bekaempelse": "Bekæmpelse", "begge": "Begge dele"}
SCOPES = {"generel": "Generel", "konkret": "Konkret"}
LEVELS = {"": "Intet niveau", "individ": "Individ", "strukturel": "Strukturel"}
BASIS = "retsplejelovens §§ 111-113"

FACT_PLACES: Places = {
    **PLACES,
    OneSided: ("enkeltsidet", f"{OneSided.title} Sæt kryds ved den, der mangler, eller skriv grunden her."),
    GoalOrLocalFocus: ("maal", f"{GoalOrLocalFocus.title} Vælg et mål, eller sæt kryds ved lokalt fokus."),
    LevelMissing: ("niveau", f"{LevelMissing.title} Vælg et niveau."),
}


@pages.api_route("/planarbejde/{plan_id}/indsatser", methods=READ)
async def page(plan_id: UUID, request: Request, who: Colleague) -> Response:
    """Show what a plan puts first."""
    require_party(who)
    return await show(request, who, plan_id)


async def _facts(tx: Tx, draft: drafting.Draft) -> dict[str, Any]:
    found = [_as_ids(one) for one in await kept.listed(tx, draft.body.id, draft.plan.year)]
    named = draft_facts.named(draft.document)
    inside = {one["initiative_id"] for one in named}
    must = await kredsraad_decisions(tx, draft.plan) if isinstance(draft.plan, LocalPlan) else []
    decisions = [(str(one), said) for one, said in must]
    carried = {one["decision_id"]: one for one in draft.document.get("decisions", ())}
    return {
        "purposes": PURPOSES,
        "scopes": SCOPES,
        "levels": LEVELS,
        "basis": BASIS,
        "focus": draft.document.get("focus_areas", []),
        "named": [_with(found, one) for one in named],
        "outside": [one for one in found if one["initiative_id"] not in inside],
        "goals": await rows.where(tx, "goal", "title", state="open"),
        "places": draft_facts.places(draft.document, decisions),
        "decisions": [(one, said, carried.get(one, {})) for one, said in decisions],
    }


show = page_of("desk_plan_facts.html", _facts)
"""Shows the page of what a plan puts first."""


def _as_ids(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"initiative_id": str(row["initiative_id"])}


def _with(found: list[dict[str, Any]], ref: Data) -> dict[str, Any]:
    """Return an initiative that a plan names, with what is known of it."""
    its = next((one for one in found if one["initiative_id"] == ref["initiative_id"]), {})
    return {"title": ref["title"], "where": ref["where"], "initiative_id": ref["initiative_id"], "its": its}


@pages.post("/planarbejde/{plan_id}/indsatsomraade")
async def focus(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Choose an area to focus on."""
    form = await form_of(request)

    async def act() -> str:
        title, number = words(form, "fokus-titel"), words(form, "fokus-nummer")
        if not title:
            raise Faulty({"fokus-titel": "Skriv, hvad indsatsområdet hedder."})
        body(PieceSaid, {"number": number, "heading": title, "text": "", "note": ""}, "fokus-titel")
        approach = [one for one in ("individ", "strukturel") if one in form]

        def how(now: Data) -> Data:
            if "parts" in now:
                return draft_facts.with_focus(now, {"title": title, "level": "kredsraad", "approach": approach})
            if not number:
                raise Faulty({"fokus-nummer": "Giv indsatsområdet et nummer."})
            return draft_facts.with_focus(now, {"number": number, "title": title, "initiatives": []})

        await _save(call, plan_id, form, how)
        return f"/planarbejde/{plan_id}/indsatser"

    return await done(form, act, _again(request, call, plan_id), FACT_PLACES, "fokus-titel")


@pages.post("/planarbejde/{plan_id}/indsatsomraade/ud")
async def unfocus(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Take an area to focus on out of the plan."""
    form = await form_of(request)

    async def act() -> str:
        await _save(call, plan_id, form, lambda now: draft_facts.without_focus(now, form.get("titel", "")))
        return f"/planarbejde/{plan_id}/indsatser"

    return await done(form, act, _again(request, call, plan_id), FACT_PLACES)


@pages.post("/planarbejde/{plan_id}/indsats")
async def plan_one(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Plan an initiative and name it in the plan, in one step."""
    form = await form_of(request)

    async def act() -> str:
        seen = version(form)

        async def do(tx: Tx, draft: drafting.Draft) -> int:
            said = body(InitiativeSaid, _initiative(form, draft), "titel")
            made = await initiatives.plan(tx, draft.body, said)
            ref = {"initiative_id": str(made.ids["initiative_id"]), "title": said.title}
            return await _change(
                tx, draft, seen, lambda now: draft_facts.with_initiative(now, ref, form.get("sted", ""))
            )

        await changed(call, plan_id, do)
        return f"/planarbejde/{plan_id}/indsatser#i-planen"

    return await done(form, act, _again(request, call, plan_id), FACT_PLACES, "titel")


@pages.post("/planarbejde/{plan_id}/indsats/{initiative_id}/ind")
async def name_one(plan_id: UUID, initiative_id: UUID, request: Request, call: Writing) -> Response:
    """Name an initiative of the council in the plan."""
    form, at = await form_of(request), f"sted-{initiative_id}"

    async def act() -> str:
        seen = version(form)

        async def do(tx: Tx, draft: drafting.Draft) -> int:
            found = await rows.found(tx, rows.INITIATIVE, initiative_id)
            if found is None or found["body_id"] != draft.body.id:
                raise NotFound
            ref = {"initiative_id": str(initiative_id), "title": found["title"]}
            return await _change(tx, draft, seen, lambda now: draft_facts.with_initiative(now, ref, form.get(at, "")))

        await changed(call, plan_id, do)
        return f"/planarbejde/{plan_id}/indsatser#i-planen"

    return await done(form, act, _again(request, call, plan_id), FACT_PLACES, at)


@pages.post("/planarbejde/{plan_id}/indsats/{initiative_id}/ud")
async def unname_one(plan_id: UUID, initiative_id: UUID, request: Request, call: Writing) -> Response:
    """Take an initiative out of the plan; it goes on by itself."""
    form = await form_of(request)

    async def act() -> str:
        await _save(call, plan_id, form, lambda now: draft_facts.without_initiative(now, str(initiative_id)))
        return f"/planarbejde/{plan_id}/indsatser"

    return await done(form, act, _again(request, call, plan_id), FACT_PLACES)


@pages.post("/planarbejde/{plan_id}/undtagelse")
async def exempt(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Say why nothing carries out a decision, or an own area, this year."""
    form = await form_of(request)
    where = form.get("sted", "")
    at = "grund-" + where.rpartition(":")[2]

    async def act() -> str:
        reason = words(form, at)
        if not reason:
            raise Faulty({at: "Skriv, hvorfor der ikke er en indsats."})
        body(PieceSaid, {"number": "", "heading": "x", "text": reason, "note": ""}, at)
        await _save(call, plan_id, form, lambda now: draft_facts.with_exemption(now, where, reason))
        return f"/planarbejde/{plan_id}/indsatser#beslutninger"

    return await done(form, act, _again(request, call, plan_id), FACT_PLACES, at)


def _again(request: Request, call: Writing, plan_id: UUID) -> Again:
    return partial(show, request, call.principal, plan_id)


async def _save(call: Writing, plan_id: UUID, form: Typed, how: Callable[[Data], Data]) -> None:
    seen = version(form)
    await changed(call, plan_id, lambda tx, draft: _change(tx, draft, seen, how))


async def _change(tx: Tx, draft: drafting.Draft, seen: int, how: Callable[[Data], Data]) -> int:
    def change(before: Data, now: Data) -> Data:
        draft_facts.require_seen(before, now)
        return how(now)

    return await drafting.change(tx, draft, seen, change)


def _initiative(form: Typed, draft: drafting.Draft) -> dict[str, Any]:
    """Return an initiative as a form says it."""
    parties = [one for one in draft.body.parties if f"part.{one}" in form]
    lacks = {
        "titel": "" if words(form, "titel") else "Skriv, hvad indsatsen hedder.",
        "indikator": "" if words(form, "indikator") else "Skriv, hvad der måles på.",
        "maaltal": "" if _number(words(form, "maaltal")) is not None else "Skriv et tal.",
        "dato": "" if words(form, "dato") else "Vælg, hvornår målet skal være nået.",
        "ejer": "" if form.get("ejer") in parties else "Vælg en ejer, der også er sat kryds ved som part.",
        "grundlag": "" if words(form, "grundlag") else "Skriv retsgrundlaget.",
    }
    if any(lacks.values()):
        raise Faulty({name: said for name, said in lacks.items() if said})
    measure = {"indicator": words(form, "indikator"), "target": _number(words(form, "maaltal"))}
    measure |= {"lower_is_better": "lavere" in form, "on": words(form, "dato")}
    reason = words(form, "enkeltsidet") if not (has_police(parties) and has_municipality(parties)) else ""
    said = {"year": draft.plan.year, "title": words(form, "titel"), "purpose": form.get("formaal")}
    said |= {"parties": parties, "owner": form.get("ejer"), "scope": form.get("omfang"), "measure": measure}
    said |= {"goals": [form["maal"]] if form.get("maal") else [], "local_focus": "lokalt" in form}
    said |= {"focus_area": form.get("omraade") or None, "level": form.get("niveau") or None}
    return said | {"legal_basis": words(form, "grundlag"), "one_sided_reason": reason or None}


def _number(text: str) -> float | None:
    try:
        return float(text.replace(".", "").replace(",", "."))
    except ValueError:
        return None
