"""What every page of a plan shows, and how such a page is shown, once more where a form was refused."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.page_forms import Faults, Typed
from services.councils.api.meeting_common import keeps
from services.councils.api.web import render
from services.councils.domain.drafting import Data, pieces
from services.councils.handlers import drafting
from services.councils.handlers.drafting import Draft

Facts = dict[str, Any]
Shown = Callable[..., Awaitable[Response]]
"""Shows a page: request, reader and plan; where a form was refused also status, faults and what was typed."""

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


def page_of(template: str, facts: Callable[[Tx, Draft], Awaitable[Facts]]) -> Shown:
    """Return what shows a page of a plan: its frame, and the facts that are the page's own."""

    async def show(
        request: Request,
        who: Principal,
        plan_id: UUID,
        status: int = 200,
        faults: Faults | None = None,
        typed: Typed | None = None,
    ) -> Response:
        async with service_of(request).database.tx(who) as tx:
            draft = await drafting.read(tx, plan_id)
            shown = frame(draft, who, plan_id) | await facts(tx, draft)
        return render(request, who, template, status, **shown, faults=faults or {}, typed=typed or {})

    return show


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
