"""A plan while it is made, on a page: its newest text with what is said beside it, and what it lacks."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Command
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faulty, body, done, words
from chassis.web.sessions import page_command
from services.councils.api import plan_work
from services.councils.api.common import require_party
from services.councils.api.desk_plan_frame import page_of
from services.councils.api.plan_lacks import lacks
from services.councils.api.plan_standing import standing
from services.councils.api.web import PAGES, READ, Colleague
from services.councils.domain.drafting import Piece, pieces
from services.councils.handlers.drafting import Draft
from services.councils.store import plan_work as kept
from services.councils.store import proposals

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)


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


async def _facts(tx: Tx, draft: Draft) -> dict[str, Any]:
    comments = await kept.comments(tx, draft.plan_id)
    return {
        "lacks": await lacks(tx, draft),
        "standing": await standing(tx, draft),
        "comments": comments,
        "saved": (await kept.versions(tx, draft.plan_id))[0],
        "proposals": await unplaced(tx, draft),
        "beside": beside(pieces(draft.document), comments),
    }


show = page_of("desk_plan.html", _facts)
"""Shows the page of a plan."""


def beside(every: list[Piece], comments: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the comments by the address of the piece that they are about, each once."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in every:
        said = [each for each in comments if each["section"] == one.words.number]
        if one.words.number and said and not any(said == each for each in found.values()):
            found[one.address] = said
    return found


async def unplaced(tx: Tx, draft: Draft) -> list[dict[str, Any]]:
    """Return the proposals of lokalraad that stand in no section yet and were not turned down, the oldest first."""
    if draft.is_local:
        return []
    found = await proposals.of_plan(tx, draft.plan_id)
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
