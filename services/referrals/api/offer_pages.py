"""An offer of the police on a page: whom it is for, and what is recorded of it; each form is its JSON command."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing, record_access
from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Faults, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from contracts.codes import Purpose
from services.referrals.api import offers
from services.referrals.api.common import read_person, require_sender
from services.referrals.api.directory import reader
from services.referrals.api.meeting_view import place_of
from services.referrals.api.web import PAGES, READ
from services.referrals.api.work_lines import OFFERS
from services.referrals.api.work_pages import Colleague, render
from services.referrals.api.work_view import CHARGES
from services.referrals.domain.offers import NotAdmitted, NotInformed, OfferAnswered, OfferState, offered_programme
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.domain.referral_words import PURPOSES
from services.referrals.store.charges import Charge

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

YES, NO = "ja", "nej"
ANSWERED = {
    OfferState.ACCEPTED: ("personen har sagt ja", "Henvisningen er sendt, og den står på listen."),
    OfferState.DECLINED: ("personen har sagt nej", "Intet er sendt, og tilbuddet nævner snart ingen."),
}
PLACES: Places = {
    **WORDS,
    OfferAnswered: ("", "Tilbuddet er besvaret i mellemtiden. Se herunder, hvad der står nu."),
    NotInformed: ("svar", "Personen er ikke orienteret endnu. Registrér det først."),
    OneIsOpen: ("svar", "Henvisningen kan ikke sendes nu. Kontakt ordningens koordinator. Intet er sendt."),
    NotAdmitted: ("svar", "Ordningen kan ikke tage imod personen."),
    offers.PhoneMissing: ("telefon", "Skriv det nummer, som personen vil ringes op på."),
}


@pages.api_route("/tilbud/{charge_id}", methods=READ, dependencies=[Depends(accessing("offer.read", "charge_id"))])
async def page(charge_id: UUID, request: Request, who: Colleague) -> Response:
    """Show one offer, and to whom it is made."""
    return await show_one(request, who, charge_id)


async def show_one(
    request: Request,
    who: Principal,
    charge_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of an offer; where something was refused, with why, and with what was typed."""
    service, of = service_of(request), offered_programme()
    charge = await offers.opened(service, who, charge_id)
    name = await _name(request, who, charge)
    async with service.database.tx(who) as tx:
        stands = (await reader(tx, programme=of.code)).words_of(of, charge.kommune)
        await record_access(
            tx,
            operation="offer.read",
            purpose=Purpose(of.purpose),
            persons=[charge.person] if charge.person else [],
            case_id=charge.id,
            at=charge.now,
        )
    said = _in_words(charge) | {"name": name, "stands": stands}
    return render(request, who, "offer.html", status, **said, faults=faults or {}, typed=typed or {})


async def _name(request: Request, who: Principal, charge: Charge) -> str:
    if charge.person is None:
        return ""
    asked: dict[str, Any] = {"person_ids": [str(charge.person)], "fields": ["name"]}
    read = await read_person(service_of(request), who, Purpose(charge.of.purpose), charge.id, **asked)
    return str(read["persons"][0]["name"] or "")


def _in_words(charge: Charge) -> dict[str, Any]:
    state, sentence = (ANSWERED | OFFERS).get(
        charge.state, ("der er intet tilbud", "Personen bor uden for politikredsen.")
    )
    return {
        "charge_id": charge.id,
        "version": charge.version,
        "title": charge.of.name,
        "purpose": PURPOSES[charge.of.purpose],
        "hjemmel": charge.of.hjemmel,
        "place": place_of(charge.kommune),
        "charge": CHARGES[charge.kind],
        "state": state,
        "sentence": sentence,
        "may_inform": charge.state is OfferState.OFFERED,
        "may_answer": charge.state is OfferState.INFORMED,
    }


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of somebody who tells people of offers; refuse anybody else before a word is read."""
    require_sender(call.principal, offered_programme())
    return call


Sent = Annotated[Command, Depends(sending)]


@pages.post("/tilbud/{charge_id}/orienteret", dependencies=[Depends(accessing("offer.informed", "charge_id"))])
async def informed(charge_id: UUID, request: Request, call: Sent) -> Response:
    """Record that the person was told."""
    form = await form_of(request)
    # Whatever has no version was sent by none of our pages: nothing is shown again.
    version(form)

    async def act() -> str:
        await offers.informed(charge_id, request, call)
        return f"/tilbud/{charge_id}"

    return await done(form, act, partial(show_one, request, call.principal, charge_id), PLACES)


@pages.post("/tilbud/{charge_id}/svar", dependencies=[Depends(accessing("offer.answer", "charge_id"))])
async def answered(charge_id: UUID, request: Request, call: Sent) -> Response:
    """Record what the person answered: a yes sends the referral."""
    form = await form_of(request)
    # Whatever has no version was sent by none of our pages: nothing is shown again.
    version(form)

    async def act() -> str:
        if form.get("svar") not in {YES, NO}:
            raise Faulty({"svar": "Vælg, hvad personen har svaret."})
        said = {
            "yes": form["svar"] == YES,
            "phone": words(form, "telefon"),
            "preferred_time": words(form, "tid"),
            "tell_charge": form.get("sigtelse") == "on",
        }
        await offers.answered(charge_id, body(offers.Answered, said, "telefon"), request, call)
        return f"/tilbud/{charge_id}"

    return await done(form, act, partial(show_one, request, call.principal, charge_id), PLACES)
