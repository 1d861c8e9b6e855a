"""Asking that the staff be activated: any authority may, and the desk enters what somebody asks for by telephone."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from chassis.database import Tx
from chassis.http import Answer
from chassis.identity import Principal
from chassis.web.forms import form_of
from contracts.beredskabsstab.v1 import Cause, Step
from contracts.codes import authorities
from services.beredskabsstab.api.desk import CALLED, TEXTS, Typed, places_of
from services.beredskabsstab.api.incidents import Recording, Requesting, incident_of
from services.beredskabsstab.api.page import (
    ASKS,
    Faults,
    Faulty,
    Sent,
    Visitor,
    back,
    faults_of,
    leads,
    pages_router,
    show,
)
from services.beredskabsstab.domain import words
from services.beredskabsstab.handlers import incidents as acts

router = pages_router()

OWN = {
    **TEXTS,
    "reason": ("begrundelse", "Begrundelsen kan have 500 tegn."),
    "on_behalf_of": ("myndighed", "Vælg den myndighed, der ringede."),
}


@router.get("/anmod")
async def asking(request: Request, principal: Visitor) -> Response:
    """Show the form by which somebody asks."""
    principal.require(*ASKS)
    return _shown(request, principal, Typed(), "", {})


@router.post("/anmod")
async def ask(request: Request, call: Sent) -> Response:
    """Record what has happened and what is asked for because of it; the police see it at once."""
    call.require(*ASKS)
    form = await form_of(request)
    typed, caller = Typed.of(form), form.get("myndighed", "") if leads(call.principal) else ""
    try:
        incident, wanted = _read(typed, caller, call.principal)
    except Faulty as faulty:
        return _shown(request, call.principal, typed, caller, faulty.faults)

    async def work(tx: Tx) -> Answer:
        new, authority = incident_of(incident), wanted.on_behalf_of or call.principal.authority
        await acts.record(tx, new, call.principal)
        telephone = authority != call.principal.authority
        said = (new.incident_id, authority, Step(wanted.step), wanted.reason)
        made = await acts.request(tx, *said, by_telephone=telephone, entered_by=call.principal.subject)
        return Answer(201, {"request_id": made, "incident_id": new.incident_id})

    answer = await call.carry_out(work)
    return back(f"/aktiver?haendelse={answer.ids['incident_id']}" if leads(call.principal) else "/")


def _read(typed: Typed, caller: str, who: Principal) -> tuple[Recording, Requesting]:
    missing = {OWN["title"]: typed.title, OWN["municipalities"]: typed.municipalities}
    missing |= {("begrundelse", "Skriv kort hvorfor."): typed.reason}
    missing |= {OWN["on_behalf_of"]: caller} if leads(who) else {}
    if faults := dict(text for text, there in missing.items() if not there):
        raise Faulty(faults)
    said = {"cause": typed.cause or Cause.HAENDELSE_UVARSLET, "title": typed.title}
    try:
        incident = Recording.model_validate(said | {"municipalities": sorted(typed.municipalities)})
        wanted = {"step": typed.step, "reason": typed.reason, "on_behalf_of": caller or None}
        return incident, Requesting.model_validate(wanted)
    except ValidationError as error:
        raise Faulty(faults_of(error, OWN)) from error


def _shown(request: Request, principal: Principal, typed: Typed, caller: str, faults: Faults) -> Response:
    shown: dict[str, Any] = {
        "typed": typed,
        "caller": caller,
        "steps": [(one, words.STEPS[one], words.MEANS[one]) for one in CALLED],
        "causes": words.CAUSES,
        "places": places_of(typed),
        "callers": sorted(((one.id, one.name) for one in authorities().values()), key=lambda one: one[1]),
        "faults": faults,
        "first": next(iter(faults), "myndighed" if leads(principal) else "hvad"),
    }
    return show(request, principal, "requesting.html", 422 if faults else 200, **shown)
