"""Ring nu: whom the desk rings, in the order of what is missing, and what they answer, in two keys or two clicks."""

from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.live import Live, Topic
from contracts.alerting.v1 import AnswerKind, AnswerSource
from contracts.codes import Office, authorities
from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.api.board import whom_to_ring
from services.beredskabsstab.api.board_view import board_view, member_view
from services.beredskabsstab.api.calls import AddingPerson, Answering
from services.beredskabsstab.api.common import LEADS, Id, require_police
from services.beredskabsstab.api.live_board import seen
from services.beredskabsstab.api.page import (
    WHOLE,
    Faults,
    Sent,
    Visitor,
    back,
    faults_from,
    faults_of,
    pages_router,
    show,
)
from services.beredskabsstab.api.web import PAGES
from services.beredskabsstab.domain import words
from services.beredskabsstab.handlers.desk import AdHoc, Said, add_person, answer_for
from services.beredskabsstab.store import plans

if TYPE_CHECKING:
    from uuid import UUID

    from asyncpg import Record

router = pages_router()

MINUTES = (5, 15, 30, 60)
TEXTS = {
    "name": ("navn", "Skriv personens navn, højst 100 tegn."),
    "telephone": ("telefon", "Skriv nummeret med 3 til 30 tegn."),
    "authority": ("myndighed", "Vælg en myndighed."),
    "role": ("rolle", "Vælg en rolle."),
    "answer": (WHOLE, "Svaret kan ikke læses. Brug en af knapperne."),
    "eta_minutes": (WHOLE, "Tiden kan ikke læses. Brug en af knapperne."),
    "source": (WHOLE, "Vælg, hvordan svaret kom."),
}
ADDING = ("navn", "telefon", "myndighed", "rolle")


@router.get("/stab/{activation_id}/ring")
async def ring(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Show whom to ring, and who has answered already."""
    require_police(principal, *LEADS)
    return await _shown(activation_id, request, principal, dict.fromkeys(ADDING, ""), {})


async def _shown(
    activation_id: "UUID", request: Request, principal: Principal, typed: dict[str, str], faults: Faults
) -> Response:
    async with service_of(request).database.tx(principal) as tx:
        row = await seen(tx, activation_id)
        plan, listed = plans.document(row), await _list(tx, row)
    frame: dict[str, Any] = {
        "parties": [(one.authority, authorities()[one.authority].name) for one in plan.parties],
        "roles": sorted(
            {(role, words.role(role)) for one in plan.parties for each in one.roles.values() for role in each}
        ),
        "typed": typed,
        "faults": faults,
        "is_alive": True,
    }
    return show(request, principal, "ring.html", 422 if faults else 200, live=False, **listed | frame)


async def _list(tx: Tx, row: "Record") -> dict[str, Any]:
    """Return whom to ring, and who has answered already."""
    now, people = await plans.now(tx), await whom_to_ring(tx, row)
    board = await board_view(tx, row, police=True)
    lacking = {one["id"]: one["missing"] for one in board["parties"]}
    answered = [
        one | {"where": party["name"]}
        for party in board["parties"]
        for one in party["people"]
        if one["answer"] != "none"
    ]
    return {
        "board": board,
        "people": [_callee(one, lacking) | member_view(one, now, police=True) for one in people],
        "answered": answered,
        "minutes": MINUTES,
        "sources": words.SOURCES,
    }


@router.get("/stab/{activation_id}/ring/live")
async def live(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Let the list be watched by those who ring: who may see the same is given the same bytes."""
    require_police(principal, *LEADS)
    database, found = service_of(request).database, request.app.state.live
    assert isinstance(found, Live)  # noqa: S101  the wiring says so
    async with database.tx(principal) as tx:
        await seen(tx, activation_id)

    async def render() -> str:
        async with database.tx(principal) as tx:
            listed = await _list(tx, await seen(tx, activation_id))
        return PAGES.part("ring_part.html", live=True, faults={}, **listed)

    return await found.stream(request, Topic(str(activation_id), f"ring {principal.authority}"), render)


def _callee(one: dict[str, Any], lacking: dict[str, str]) -> dict[str, Any]:
    return {"where": authorities()[one["authority"]].name, "missing": lacking.get(one["authority"], "")}


@router.post("/stab/{activation_id}/ring/{call_id}")
async def enter(activation_id: Id, call_id: Id, request: Request, call: Sent) -> Response:
    """Enter what somebody has answered, and show whom to ring next."""
    require_police(call.principal, *LEADS)
    form = await form_of(request)
    typed = dict.fromkeys(ADDING, "")
    answer, _, minutes = form.get("svar", "").partition(" ")
    try:
        body = Answering.model_validate({"answer": answer, "eta_minutes": minutes or None, "source": form.get("kilde")})
    except ValidationError as error:
        return await _shown(activation_id, request, call.principal, typed, faults_of(error, TEXTS))

    async def work(tx: Tx) -> Answer:
        said = Said(AnswerKind(body.answer), body.eta_minutes, AnswerSource(body.source))
        await answer_for(tx, activation_id, call_id, said)
        return Answer(ids={"call_id": call_id})

    return await _done(activation_id, request, call, work, typed)


@router.post("/stab/{activation_id}/tilkald")
async def add(activation_id: Id, request: Request, call: Sent) -> Response:
    """Call somebody who stands on no roster; the board marks them as unverified."""
    require_police(call.principal, *LEADS)
    form = await form_of(request)
    typed = {name: form.get(name, "").strip() for name in ADDING}
    named = dict(zip(("name", "telephone", "authority", "role"), typed.values(), strict=True))
    try:
        body = AddingPerson.model_validate(named)
    except ValidationError as error:
        return await _shown(activation_id, request, call.principal, typed, faults_of(error, TEXTS))

    async def work(tx: Tx) -> Answer:
        who = AdHoc(body.name, body.telephone, body.authority, Office.BEREDSKAB, body.role)
        return Answer(202, {"errand_id": await add_person(tx, activation_id, who)})

    return await _done(activation_id, request, call, work, typed)


async def _done(activation_id: "UUID", request: Request, call: Sent, work: Any, typed: dict[str, str]) -> Response:  # noqa: ANN401  chassis.http.Work
    try:
        await call.carry_out(work)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _shown(activation_id, request, call.principal, typed, faults_from(refusal))
    return back(f"/stab/{activation_id}/ring")
