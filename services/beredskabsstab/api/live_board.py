"""The board of one activation: watched live, changed by form, and taken back in two clicks where it was a mistake."""

from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Database, Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden, Principal
from chassis.web.forms import form_of
from chassis.web.live import Live, Topic
from contracts.beredskabsstab.v1 import StandDown, Step
from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.api.activations import may_end
from services.beredskabsstab.api.board_view import board_view
from services.beredskabsstab.api.common import LEADS, Id, require_police
from services.beredskabsstab.api.page import (
    Faults,
    Faulty,
    Sent,
    Visitor,
    back,
    faults_from,
    leads,
    pages_router,
    require_sight,
    show,
)
from services.beredskabsstab.api.web import PAGES
from services.beredskabsstab.domain import words
from services.beredskabsstab.domain.steps import OpenTasks, SameStep
from services.beredskabsstab.handlers import changing
from services.beredskabsstab.store import activations

if TYPE_CHECKING:
    from uuid import UUID

    from asyncpg import Record

router = pages_router()

MISTAKE = "Fejlaktivering: staben blev kaldt ved en fejl."
ENDINGS = {"fejl": StandDown.CANCELLED, "afslut": StandDown.STOOD_DOWN}
REASON_AT_MOST, WORDS_AT_MOST = 500, 200


async def seen(tx: Tx, activation_id: "UUID") -> "Record":
    """Return an activation that the caller's authority is in; NotFound for any other."""
    row = await activations.find(tx, activation_id)
    if row is None:
        raise NotFound
    return row


@router.get("/stab/{activation_id}")
async def board(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Show who was called and who comes, authority by authority."""
    require_sight(principal)
    return await _board(activation_id, request, principal, {}, {})


async def _board(
    activation_id: "UUID", request: Request, principal: Principal, typed: dict[str, str], faults: Faults
) -> Response:
    async with service_of(request).database.tx(principal) as tx:
        row = await seen(tx, activation_id)
        shown = await board_view(tx, row, police=leads(principal))
    step = Step(row["step"])
    above = [(one, words.STEPS[one]) for one in Step if one.height > step.height]
    below = [(one, words.STEPS[one]) for one in Step if Step.DAILY.height < one.height < step.height]
    frame = {"board": shown, "above": above, "below": below, "typed": typed, "faults": faults, "is_alive": True}
    return show(request, principal, "board.html", 422 if faults else 200, **frame)


@router.get("/stab/{activation_id}/live")
async def live(activation_id: Id, request: Request, principal: Visitor) -> Response:
    """Let the board be watched: who may see the same is given the same bytes."""
    require_sight(principal)
    database, found = service_of(request).database, request.app.state.live
    assert isinstance(found, Live)  # noqa: S101  the wiring says so
    async with database.tx(principal) as tx:
        await seen(tx, activation_id)

    async def render() -> str:
        return await _part(database, activation_id, principal)

    view = f"{principal.authority} {leads(principal)}"
    return await found.stream(request, Topic(str(activation_id), view), render)


async def _part(database: Database, activation_id: "UUID", principal: Principal) -> str:
    async with database.tx(principal) as tx:
        shown = await board_view(tx, await seen(tx, activation_id), police=leads(principal))
    return PAGES.part("board_part.html", board=shown, leads=leads(principal))


@router.post("/stab/{activation_id}/trin")
async def change_step(activation_id: Id, request: Request, call: Sent) -> Response:
    """Change the step: up at once, down with a reason."""
    require_police(call.principal, *LEADS)
    form = await form_of(request)
    reason = form.get("begrundelse", "").strip()

    async def work(tx: Tx) -> Answer:
        version = await changing.to_step(tx, activation_id, _step(form), reason)
        return Answer(ids={"activation_id": activation_id}, version=version)

    try:
        _require_short(reason=reason)
        await call.carry_out(work)
    except SameStep:
        # Somebody else was first, or the form was sent twice: it stands as it was wanted.
        return back(f"/stab/{activation_id}")
    except Faulty as faulty:
        return await _board(activation_id, request, call.principal, form, faulty.faults)
    except Refusal as refusal:
        _require_page(refusal)
        return await _board(activation_id, request, call.principal, form, faults_from(refusal))
    return back(f"/stab/{activation_id}")


def _step(form: dict[str, str]) -> Step:
    try:
        return Step(form.get("trin", ""))
    except ValueError as error:
        raise Faulty({"trin": "Vælg et trin."}) from error


def _require_short(reason: str, handed_over_to: str = "") -> None:
    faults = {}
    if len(reason) > REASON_AT_MOST:
        faults["begrundelse"] = f"Begrundelsen kan have {REASON_AT_MOST} tegn."
    if len(handed_over_to) > WORDS_AT_MOST:
        faults["overtager"] = f"Skriv højst {WORDS_AT_MOST} tegn."
    if faults:
        raise Faulty(faults)


def _require_page(refusal: Refusal) -> None:
    """Let a refusal be a page of its own where there is no form to say it in."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal


@router.get("/stab/{activation_id}/{ending}")
async def ask_to_end(activation_id: Id, ending: str, request: Request, principal: Visitor) -> Response:
    """Ask whether an activation is to be ended, or taken back as a mistake; opening it does nothing."""
    require_police(principal, *may_end(_ending(ending)))
    typed = {"begrundelse": MISTAKE if ending == "fejl" else "", "overtager": ""}
    return await _asked(activation_id, ending, request, principal, typed, {})


async def _asked(
    activation_id: "UUID",
    ending: str,
    request: Request,
    principal: Principal,
    typed: dict[str, str],
    faults: Faults,
) -> Response:
    async with service_of(request).database.tx(principal) as tx:
        shown = await board_view(tx, await seen(tx, activation_id), police=True)
    frame: dict[str, Any] = {"board": shown, "ending": ending, "typed": typed, "faults": faults, "is_alive": True}
    return show(request, principal, "end.html", 422 if faults else 200, **frame)


@router.post("/stab/{activation_id}/{ending}")
async def end(activation_id: Id, ending: str, request: Request, call: Sent) -> Response:
    """End an activation, or take it back as a mistake: nobody is called any more."""
    outcome = _ending(ending)
    require_police(call.principal, *may_end(outcome))
    form = await form_of(request)
    reason, handed_over_to = form.get("begrundelse", "").strip(), form.get("overtager", "").strip()

    async def work(tx: Tx) -> Answer:
        said = (outcome, call.principal.subject, reason, handed_over_to)
        version = await changing.end(tx, activation_id, *said)
        return Answer(ids={"activation_id": activation_id}, version=version)

    try:
        _require_short(reason, handed_over_to)
        await call.carry_out(work)
    except Faulty as faulty:
        return await _asked(activation_id, ending, request, call.principal, form, faulty.faults)
    except Refusal as refusal:
        _require_page(refusal)
        faults = faults_from(refusal, {OpenTasks: "overtager"})
        return await _asked(activation_id, ending, request, call.principal, form, faults)
    return back(f"/stab/{activation_id}")


def _ending(name: str) -> StandDown:
    if name not in ENDINGS:
        raise NotFound
    return ENDINGS[name]
