"""Who sits and sat on a council, on a page for those who sit there; a misspelt name is put right on it."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Typed, body, done, words
from contracts.codes import Role
from contracts.councils.v1.seats import SeatKind
from services.councils.api import seats
from services.councils.api.desk_year import Sent
from services.councils.api.link_choices import choices, held
from services.councils.api.meeting_common import keeps, seated_body
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain.bodies import Body
from services.councils.domain.naming import AnotherPerson, NameChangedMeanwhile, NameIsTheSame
from services.councils.domain.seating import Member
from services.councils.store import naming
from services.councils.store import seats as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

A_FORTNIGHT = timedelta(days=14)
"""How long a link holds where nobody says otherwise."""


@pages.api_route("/raad-arbejde/{body_id}/pladser", methods=READ)
async def page(body_id: UUID, request: Request, who: Colleague) -> Response:
    """Show who sits on a council, who sat there before, and which names were put right."""
    return await show(request, who, body_id)


async def show(
    request: Request,
    who: Principal,
    body_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page; where something was refused, with why, and with what was typed."""
    async with service_of(request).database.tx(who) as tx:
        council = await seated_body(tx, body_id)
        everybody, today = await kept.of_body(tx, body_id), await kept.today(tx)
        corrections = await naming.of_body(tx, body_id)
        links = await _links(tx, council, [one for one in everybody if one.covers(today)])
    groups = {
        "Sidder i rådet nu": [one for one in everybody if one.covers(today)],
        "Tiltræder senere": [one for one in everybody if one.valid_from > today],
        "Har siddet i rådet": [one for one in reversed(everybody) if one.valid_to and one.valid_to < today],
    }
    may = {one.id for one in everybody if keeps(council, who) or _is_own_deputy(one, who)}
    said = {"faults": faults or {}, "typed": typed or {}}
    shown = {"council": council, "groups": groups, "may": may, "corrections": corrections} | links
    return render(request, who, "desk_seats.html", status, **shown, **said)


async def _links(tx: Tx, council: Body, sitting: list[Member]) -> dict[str, Any]:
    """Return what whoever keeps the papers can send each member a link for, until when, and which links there are."""
    if not keeps(council, tx.principal):
        return {"choices": {}, "held": {}, "addresses": {}}
    today = await kept.today(tx)
    found = await choices(tx, council, sitting, today)
    reach = await kept.contacts(tx, [one.id for one in sitting])
    addresses = {one.id: reach.get(one.id, {}).get("email") or "" for one in sitting}
    return {"choices": found, "held": await held(tx, council), "addresses": addresses, "until": today + A_FORTNIGHT}


@pages.post("/raad-arbejde/{body_id}/pladser/{member_id}/navn")
async def spell(body_id: UUID, member_id: UUID, request: Request, call: Sent) -> Response:
    """Put a misspelt name right."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, body_id)
    at = f"navn-{member_id}"

    async def act() -> str:
        await seats.spell(body_id, member_id, _said(form, member_id), call)
        return f"/raad-arbejde/{body_id}/pladser#medlem-{member_id}"

    refused = (NameChangedMeanwhile, NameIsTheSame, AnotherPerson)
    return await done(form, act, again, {**WORDS, **{one: (at, f"{one.title} {one.todo}") for one in refused}}, at)


def _said(form: Typed, member_id: UUID) -> seats.NameBody:
    at, why = f"navn-{member_id}", f"hvorfor-{member_id}"
    lacking = {at: "Skriv, hvordan navnet staves.", why: "Skriv, hvad der var forkert."}
    if faults := {field: said for field, said in lacking.items() if not words(form, field)}:
        raise Faulty(faults)
    said = {"was": form.get("var", ""), "holder": words(form, at), "reason": words(form, why)}
    return body(seats.NameBody, said, at)


def _is_own_deputy(one: Member, who: Principal) -> bool:
    return Role.SECRETARY in who.roles and one.kind is SeatKind.DEPUTY and one.authority == who.authority
