"""What a council follows up: what is late first, and for each thing what it came from and what it led to."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faults, Faulty, Typed, body, done, version, words
from services.councils.api import actions, initiatives
from services.councils.api.desk_year import Sent
from services.councils.api.initiative_words import by_initiative
from services.councils.api.initiatives import Id
from services.councils.api.meeting_actions import may_move
from services.councils.api.meeting_common import keeps, seated_body
from services.councils.api.web import PAGES, READ, Colleague, render, told
from services.councils.domain.bodies import Body
from services.councils.domain.chain import LinkKind
from services.councils.domain.initiatives import Closing
from services.councils.handlers import meeting_actions as agreed
from services.councils.store import followed
from services.councils.store import initiatives as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

STATES = {
    "open": "Åben",
    "planned": "Planlagt",
    "running": "I gang",
    "done": "Gennemført",
    "stopped": "Stoppet",
    "waiting": "Venter på en dagsorden",
    "placed": "På en dagsorden",
    "treated": "Behandlet",
    "withdrawn": "Trukket tilbage",
    "reached": "Målet er nået",
    "missed": "Målet er ikke nået",
    "closed": "Lukket",
    "set": "Sat",
    "ranked": "Prioriteret",
    "dropped": "Ikke prioriteret",
    "section": "Afsnit i planen",
    "submitted": "Indsendt",
    "decided": "Besluttet",
    "start": "Besluttet: sæt i gang",
    "not_start": "Besluttet: sæt ikke i gang",
    "put_off": "Udsat",
}
KINDS = {
    LinkKind.PROPOSAL: "Forslag",
    LinkKind.GOAL: "Mål",
    LinkKind.PRIORITY: "Prioritet",
    LinkKind.PARAGRAPH: "Afsnit i planen",
    LinkKind.DECISION: "Beslutning",
    LinkKind.INITIATIVE: "Initiativ",
    LinkKind.ACTION: "Handling",
    LinkKind.TARGET: "Måltal",
    LinkKind.RESULT: "Resultat",
    LinkKind.MATTER: "Sag til dagsordenen",
}
Thing = Annotated[str, Path(pattern=r"^(initiativ|handling)$")]


@pages.api_route("/opfoelgning/{body_id}", methods=READ)
async def board(body_id: UUID, request: Request, who: Colleague) -> Response:
    """Show what a council follows up, to whoever sits on it or keeps its papers."""
    return await show(request, who, body_id)


async def show(
    request: Request,
    who: Principal,
    body_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the board; where something was refused, with why, and with what was typed."""
    async with service_of(request).database.tx(who) as tx:
        council = await seated_body(tx, body_id)
        found: dict[str, Any] = {"initiatives": await kept.listed(tx, body_id, None)}
        found["changes"] = by_initiative(await kept.changes(tx, body_id))
        found["promised"] = [_as_read(one, council, who) for one in await followed.promised(tx, body_id)]
        found["agreed"] = {one["action_id"]: one for one in await agreed.listed(tx, council, keeps=keeps(council, who))}
    said = {"faults": faults or {}, "typed": typed or {}, "words": STATES}
    facts = {"council": council, "keeps": keeps(council, who), "moves": partial(may_move, who, council)}
    return render(request, who, "desk_following.html", status, **found, **facts, **said)


@pages.api_route("/opfoelgning/{body_id}/kaede/{kind}/{its_id}", methods=READ)
async def chain(body_id: UUID, kind: LinkKind, its_id: Id, request: Request, who: Colleague) -> Response:
    """Show what something came from and what it led to."""
    async with service_of(request).database.tx(who) as tx:
        council = await seated_body(tx, body_id)
    found = told(await initiatives.walk(kind, its_id, request, who))
    return render(request, who, "desk_chain.html", council=council, thing=found, words=STATES, kinds=KINDS)


@pages.post("/opfoelgning/{body_id}/{thing}/{its_id}/luk")
async def close(body_id: UUID, thing: Thing, its_id: UUID, request: Request, call: Sent) -> Response:
    """Close an initiative or an action: done with what came of it, or stopped with the reason."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, body_id)
    at = f"luk-{its_id}"

    async def act() -> str:
        await _close(thing, its_id, _closing(form, its_id), call)
        return f"/opfoelgning/{body_id}"

    return await done(form, act, again, at=at)


def _as_read(one: dict[str, Any], council: Body, who: Principal) -> dict[str, Any]:
    """Return a promise as somebody reads it: what came of a closed point keeps its day and owner, not its words."""
    may = not one["confidential"] or keeps(council, who) or not who.roles.isdisjoint(one["readers"])
    return one if may else one | {"title": "Aftale under et lukket punkt"}


async def _close(thing: str, its_id: UUID, said: Closing, call: Sent) -> None:
    if thing == "initiativ":
        await initiatives.close_initiative(its_id, said, call)
    else:
        await actions.close_action(its_id, said, call)


def _closing(form: Typed, its_id: UUID) -> Closing:
    note, value = words(form, f"luk-note-{its_id}"), words(form, f"luk-tal-{its_id}").replace(",", ".")
    if not note:
        raise Faulty({f"luk-note-{its_id}": "Skriv, hvad der kom ud af det, eller hvorfor det er stoppet."})
    said: dict[str, Any] = {"version": version(form), "state": form.get("slut"), "note": note}
    if value:
        said["value"] = _number(value, its_id)
    return body(Closing, said, f"luk-{its_id}")


def _number(value: str, its_id: UUID) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise Faulty({f"luk-tal-{its_id}": "Skriv et tal."}) from error
