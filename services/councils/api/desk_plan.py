"""A plan while it is made, on a page: its newest text with what is said beside it, and what it lacks."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faults, Faulty, Typed, body, done, words
from chassis.web.sessions import page_command
from services.councils.api import plan_work
from services.councils.api.common import require_party
from services.councils.api.meeting_common import keeps
from services.councils.api.plan_lacks import lacks
from services.councils.api.plan_standing import standing
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain.drafting import Data, Piece, pieces
from services.councils.handlers import drafting
from services.councils.handlers.drafting import Draft
from services.councils.store import plan_work as kept
from services.councils.store import proposals

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

STATES = {
    "draft": "Udkast",
    "discussed": "Drøftet: teksten ligger fast og underskrives",
    "signed": "Underskrevet",
    "submitted": "Lagt klar til godkendelse",
    "approved": "Godkendt af begge sider",
    "published": "Offentliggjort",
}

ENDS = {
    False: {"del-1": "Sidst i del 1", "del-2": "Sidst i del 2", "bilag": "Sidst blandt bilagene"},
    True: {"omraader": "Nyt arbejdsområde, sidst", "afsnit": "Nyt afsnit, sidst"},
}
"""Where a new section may stand last: in the kredsraad's plan, and in a lokalraad's."""


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of somebody who works on plans; refuse anybody else before a word is read."""
    require_party(call.principal)
    return call


Sent = Annotated[Command, Depends(sending)]


@pages.api_route("/planarbejde/{plan_id}", methods=READ)
async def page(plan_id: UUID, request: Request, who: Colleague) -> Response:
    """Show a plan's newest text with its comments."""
    require_party(who)
    return await show(request, who, plan_id)


async def show(
    request: Request,
    who: Principal,
    plan_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a plan; where something was refused, with why, and with what was typed."""
    async with service_of(request).database.tx(who) as tx:
        draft = await drafting.read(tx, plan_id)
        shown = frame(draft, who, plan_id) | {"lacks": await lacks(tx, draft)}
        shown["standing"] = await standing(tx, draft)
        shown |= {"comments": await kept.comments(tx, plan_id), "saved": (await kept.versions(tx, plan_id))[0]}
        shown |= {"proposals": await unplaced(tx, draft, plan_id)}
    shown["beside"] = beside(shown["pieces"], shown["comments"])
    said = {"faults": faults or {}, "typed": typed or {}}
    return render(request, who, "desk_plan.html", status, **shown, **said)


def frame(draft: Draft, who: Principal, plan_id: UUID) -> dict[str, Any]:
    """Return what every page of a plan shows: which plan, how far it has come, and whether the reader may change it."""
    own = keeps(draft.body, who)
    facts = {"plan_id": plan_id, "council": draft.body, "title": draft.document["title"], "year": draft.plan.year}
    facts |= {"state": STATES[draft.plan.state], "state_code": draft.plan.state.value, "number": draft.number}
    facts |= {"keeps": own, "edits": own and draft.is_open, "settled": draft.is_settled, "is_local": draft.is_local}
    places = {"pieces": pieces(draft.document), "parts": parts(draft.document), "ends": ENDS[draft.is_local]}
    return facts | places


def parts(document: Data) -> dict[str, str]:
    """Return the headings under which pieces stand, by the first piece below each."""
    found: dict[str, str] = {}
    every = pieces(document)
    for part in document.get("parts", ()):
        first = next((one for one in every if any(one.node is node for node in part.get("sections", ()))), None)
        found |= {first.address: part["heading"]} if first else {}
    annexes = document.get("annexes", ())
    first = next((one for one in every if annexes and one.node is annexes[0]), None)
    return found | ({first.address: "Bilag"} if first else {})


def beside(every: list[Piece], comments: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the comments by the address of the piece that they are about, each once."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in every:
        said = [each for each in comments if each["section"] == one.words.number]
        if one.words.number and said and not any(said == each for each in found.values()):
            found[one.address] = said
    return found


async def unplaced(tx: Tx, draft: Draft, plan_id: UUID) -> list[dict[str, Any]]:
    """Return the proposals of lokalraad that stand in no section yet and were not turned down, the oldest first."""
    if draft.is_local:
        return []
    found = await proposals.of_plan(tx, plan_id)
    return [one for one in found if one["answer"] != "rejected" and not one["section"]]


@pages.post("/planarbejde/{plan_id}/kommentar")
async def comment(plan_id: UUID, request: Request, call: Sent) -> Response:
    """Say something about a section, or about the whole plan."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, plan_id)

    async def act() -> str:
        if not words(form, "kommentar"):
            raise Faulty({"kommentar": "Skriv, hvad du vil sige."})
        said = {"section": form.get("afsnit") or "0", "text": words(form, "kommentar")}
        await plan_work.comment(plan_id, body(plan_work.CommentSaid, said, "kommentar"), call)
        return f"/planarbejde/{plan_id}#kommentarer"

    return await done(form, act, again, at="kommentar")


@pages.post("/planarbejde/{plan_id}/kommentar/{comment_id}/afsluttet")
async def resolve(plan_id: UUID, comment_id: UUID, request: Request, call: Sent) -> Response:
    """Say that a comment needs no more."""
    again: Again = partial(show, request, call.principal, plan_id)

    async def act() -> str:
        await plan_work.resolve(plan_id, comment_id, call)
        return f"/planarbejde/{plan_id}#kommentarer"

    return await done(await form_of(request), act, again)
