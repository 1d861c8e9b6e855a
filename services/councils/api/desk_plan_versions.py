"""The versions of a plan: listed, read, compared side by side, brought back as a new one, and printed as a draft."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faulty, done, version
from contracts.refusal import NotFound
from services.councils.api import plan_work
from services.councils.api.common import require_party
from services.councils.api.desk_plan_edit import PLACES, Writing, changed
from services.councils.api.desk_plan_frame import frame, page_of, parts
from services.councils.api.plan_work import Asked, Number
from services.councils.api.web import PAGES, READ, Colleague, render, told
from services.councils.domain.drafting import pieces
from services.councils.handlers import drafting
from services.councils.store import plan_work as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

AGAIN = "Planen er gemt igen, siden du åbnede siden. Se den nyeste version, før du henter en ældre frem."


@pages.api_route("/planarbejde/{plan_id}/versioner", methods=READ)
async def listed(plan_id: UUID, request: Request, who: Colleague) -> Response:
    """List a plan's versions, the newest first."""
    require_party(who)
    return await show(request, who, plan_id)


async def _facts(tx: Tx, draft: drafting.Draft) -> dict[str, Any]:
    return {"versions": await kept.versions(tx, draft.plan_id)}


show = page_of("desk_plan_versions.html", _facts)
"""Shows the list of versions."""


@pages.api_route("/planarbejde/{plan_id}/versioner/{number}", methods=READ)
async def one(plan_id: UUID, number: Number, request: Request, who: Colleague) -> Response:
    """Show the text of one version, as it is printed: marked as what it is."""
    require_party(who)
    async with service_of(request).database.tx(who) as tx:
        draft = await drafting.read(tx, plan_id)
        found = await kept.version(tx, plan_id, number)
    if found is None:
        raise NotFound
    text = {"pieces": pieces(found["document"]), "parts": parts(found["document"]), "version": found}
    text |= {"title": found["document"]["title"], "document": found["document"]}
    return render(request, who, "desk_plan_version.html", **(frame(draft, who, plan_id) | text))


@pages.api_route("/planarbejde/{plan_id}/forskel", methods=READ)
async def difference(plan_id: UUID, request: Request, who: Colleague, fra: Asked, til: Asked) -> Response:
    """Show two versions side by side, with what went and what came marked."""
    differs = told(await plan_work.difference(plan_id, fra, til, request, who))
    async with service_of(request).database.tx(who) as tx:
        shown = frame(await drafting.read(tx, plan_id), who, plan_id)
    shown |= {"sections": [one for one in differs["sections"] if one["state"] != "same"]}
    shown |= {"older": differs["older"], "newer": differs["newer"]}
    return render(request, who, "desk_plan_difference.html", **shown)


@pages.post("/planarbejde/{plan_id}/versioner/{number}/gendan")
async def restore(plan_id: UUID, number: Number, request: Request, call: Writing) -> Response:
    """Save the text of an earlier version as the newest; nothing that was saved between is lost."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, plan_id)

    async def act() -> str:
        seen = version(form)

        async def do(tx: Tx, draft: drafting.Draft) -> int:
            if seen != draft.number:
                raise Faulty({"": AGAIN})
            return await drafting.save(tx, draft, await drafting.version(tx, plan_id, number))

        await changed(call, plan_id, do)
        return f"/planarbejde/{plan_id}"

    return await done(form, act, again, PLACES)
