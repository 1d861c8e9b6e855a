"""Who sends a council's calendar invitations, and who gets them: one address a seat, and others beside them."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faults, Faulty, Typed, body, done, version, words
from services.councils.api import invitations
from services.councils.api.common import kept_body
from services.councils.api.desk_year import Sent
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain.bodies import Body
from services.councils.domain.invitations import address_of
from services.councils.domain.meetings import day_of
from services.councils.store import clock, meetings
from services.councils.store import invitations as store

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

WRONG = "Skriv en mailadresse, for eksempel raad@kommune.dk."
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True)
class _List:
    """A council's list as it is kept."""

    council: Body
    organizer: str
    version: int
    seats: tuple[str, ...]
    recipients: tuple[tuple[str, str], ...]

    @property
    def of_seats(self) -> dict[str, str]:
        """Return the address of each seat that has one; of several the first."""
        return {seat: address for address, seat in reversed(self.recipients) if seat in self.seats}

    @property
    def others(self) -> list[str]:
        """Return the addresses that stand in no seat's field."""
        shown = set(self.of_seats.values())
        return [address for address, _ in self.recipients if address not in shown]


@pages.api_route("/raad-arbejde/{body_id}/kalender", methods=READ)
async def page(body_id: UUID, request: Request, who: Colleague) -> Response:
    """Show who gets a council's invitations, to its secretary."""
    return await show(request, who, body_id)


async def show(
    request: Request,
    who: Principal,
    body_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the list as a form; where something was refused, with why, and with what was typed."""
    kept = await _kept(request, who, body_id)
    said = {"faults": faults or {}, "typed": typed or {}}
    return render(request, who, "desk_calendar.html", status, kept=kept, **said)


@pages.post("/raad-arbejde/{body_id}/kalender")
async def keep(body_id: UUID, request: Request, call: Sent) -> Response:
    """Save who sends a council's invitations and who gets them."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        kept = await _kept(request, call.principal, body_id)
        said = body(invitations.CalendarSaid, _said(form, kept), "kalender")
        await invitations.keep_calendar(body_id, said, call)
        return f"/raad-arbejde/{body_id}/kalender"

    return await done(form, act, again, at="kalender")


async def _kept(request: Request, who: Principal, body_id: UUID) -> _List:
    async with service_of(request).database.tx(who) as tx:
        council = await kept_body(tx, body_id)
        organizer, at = await store.organizer(tx, body_id)
        seats = await meetings.seats(tx, council, day_of(await clock.now(tx)))
        recipients = await store.on_list(tx, body_id)
    return _List(council, organizer, at, tuple(one.key for one in seats), tuple(recipients))


def _said(form: Typed, kept: _List) -> dict[str, Any]:
    """Return the list that a form says; Faulty where a field holds no address, or none holds any."""
    fields = {f"adresse.{seat}": words(form, f"adresse.{seat}") for seat in kept.seats}
    others, sender = words(form, "andre").split(), words(form, "afsender")
    faults = {name: WRONG for name, said in fields.items() if said and not _ADDRESS.fullmatch(said)}
    faults |= {} if _ADDRESS.fullmatch(sender) else {"afsender": WRONG}
    wrong = [one for one in others if not _ADDRESS.fullmatch(one)]
    faults |= {"andre": f"»{wrong[0][:100]}« er ingen mailadresse. Skriv én adresse på hver linje."} if wrong else {}
    faults |= {} if others or any(fields.values()) else {"andre": "Skriv mindst én, der skal have invitationerne."}
    faults |= _twice(fields, others)
    if faults:
        raise Faulty(faults)
    seat_of = dict(kept.recipients)
    invitees = [{"address": one, "seat": seat_of.get(address_of(one)) or None} for one in others]
    invitees += [{"address": said, "seat": name.removeprefix("adresse.")} for name, said in fields.items() if said]
    return {"version": version(form), "organizer": sender, "invitees": invitees}


def _twice(fields: Typed, others: list[str]) -> Faults:
    """Return the fields that hold an address which another holds: everybody gets one invitation."""
    seen = {address_of(one) for one in others}
    faults = {}
    for name, said in fields.items():
        if said and address_of(said) in seen:
            faults[name] = "Adressen står her to gange. Hver modtager får én invitation."
        seen.add(address_of(said))
    return faults
