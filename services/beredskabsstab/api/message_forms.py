"""Writing a message by form: a new one, a draft, an update or a cancellation; nothing that was typed is ever lost."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.api import message_typed as forms
from services.beredskabsstab.api.common import Id
from services.beredskabsstab.api.message_acts import UNSERVED, version_of
from services.beredskabsstab.api.message_bodies import Correcting, Drafting, Editing, actor
from services.beredskabsstab.api.message_pages import Writing
from services.beredskabsstab.api.message_rules import acting
from services.beredskabsstab.api.message_sheet import Sheet, new_sheet, sheet_of
from services.beredskabsstab.api.message_typed import Typed
from services.beredskabsstab.api.message_view import OPEN
from services.beredskabsstab.api.messages import WRITES, outlet_of
from services.beredskabsstab.api.page import WHOLE, Faults, Faulty, Visitor, back, faults_from, pages_router, show
from services.beredskabsstab.domain import information_refusals as refusals
from services.beredskabsstab.domain.cap import CapInvalid
from services.beredskabsstab.domain.information import LEGAL_QUESTION, Actor, Correction, Form, State
from services.beredskabsstab.handlers import information as acts

router = pages_router()

Kind = Annotated[Literal["information", "varsel"], Query(alias="slags")]
Text = Annotated[UUID | None, Query(alias="tekst")]
Save = Callable[[Tx, Actor], Awaitable[UUID]]
"""Saves what was written, and returns the id of the message."""
M = TypeVar("M", bound=BaseModel)

SLAGS = {"information": Form.INFORMATION, "varsel": Form.WARNING}
HEADINGS = {"ny": "Skriv", "ret": "Ret", "opdater": "Opdatér", "annuller": "Annullér"}
AT: dict[type[Refusal], str] = {
    refusals.LegalQuestionOpen: "livstruende",
    refusals.NotAWarning: "livstruende",
    refusals.AlreadyExpired: "udloeb",
    refusals.NothingSaid: "tekst",
    refusals.SectorNotInStaff: "sektorer",
    refusals.WrongHoles: "sted",
}
"""The field at which a refusal is said."""


# -- a new one ---------------------------------------------------------------------------------------------------------


@router.get("/stab/{activation_id}/beskeder/ny")
async def new(
    activation_id: Id, request: Request, principal: Visitor, kind: Kind = "information", text: Text = None
) -> Response:
    """Show the form of a new message, filled in from the incident, and from a text where one is named."""
    principal.require(*WRITES)
    sheet = await _new_sheet(request, principal, activation_id, SLAGS[kind], text)
    typed = forms.new_typed(sheet.form, sheet.title, sheet.places, sheet.now)
    return _shown(request, principal, "ny", sheet, typed | {"standard": str(text) if text else ""})


@router.post("/stab/{activation_id}/beskeder/ny")
async def create(activation_id: Id, request: Request, call: Writing) -> Response:
    """Write a new message, and ask for its clearance at once where that button was pressed."""
    sent = await form_of(request)
    typed, form, outlet = forms.typed_of(sent), _form(sent), outlet_of(request)
    sheet = await _new_sheet(request, call.principal, activation_id, form, _id(typed["standard"]))

    async def save(tx: Tx, by: Actor) -> UUID:
        body = _body(Drafting, forms.drafting(typed, form), forms.missing(typed, form, is_new=True))
        held = await acts.draft(tx, activation_id, body.new(), body.filling, by, outlet)
        return held.kept.information_id

    return await _saved(request, call, "ny", sheet, typed, save)


async def _new_sheet(
    request: Request, principal: Principal, activation_id: UUID, form: Form, standard: UUID | None
) -> Sheet:
    async with service_of(request).database.tx(principal) as tx:
        return await new_sheet(tx, activation_id, form, principal.authority, standard)


def _form(sent: dict[str, str]) -> Form:
    if sent.get("slags") not in SLAGS:
        raise NotFound
    return SLAGS[sent["slags"]]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


# -- what is there already ---------------------------------------------------------------------------------------------


@router.get("/beskeder/{information_id}/ret")
async def edit(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Show the form of a draft."""
    principal.require(*WRITES)
    return await _of_message(information_id, request, principal, "ret", OPEN)


@router.post("/beskeder/{information_id}/ret")
async def save_edit(information_id: Id, request: Request, call: Writing) -> Response:
    """Write other words in place of those that were read; what somebody else has written meanwhile is shown beside."""
    sheet, typed, version = await _sheet(request, call, information_id), *await _typed(request)
    outlet, before = outlet_of(request), sheet.kept.message.info if sheet.kept else None

    async def save(tx: Tx, by: Actor) -> UUID:
        body = _body(
            Editing, forms.said(typed | {"standard": ""}, sheet.form, before), forms.missing(typed, sheet.form)
        )
        english, info = body.english, body.info
        words = body.danish.words(), english.words() if english else None, info.info() if info else None
        await acts.edit(tx, information_id, words, frozenset(body.sectors or ()), by, outlet, version)
        return information_id

    return await _saved(request, call, "ret", sheet, typed, save)


@router.get("/beskeder/{information_id}/opdater")
async def ask_update(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Show the form of an update, with the words of what it takes the place of."""
    principal.require(*WRITES)
    return await _of_message(information_id, request, principal, "opdater", (State.SENT,))


@router.post("/beskeder/{information_id}/opdater")
async def update(information_id: Id, request: Request, call: Writing) -> Response:
    """Write an update of what was sent; it goes the same way as any message."""
    sheet, typed, _ = await _sheet(request, call, information_id), *await _typed(request)
    before = sheet.kept.message.info if sheet.kept else None
    said = forms.said(typed | {"standard": ""}, sheet.form, before) | {"correction": Correction.UPDATE}
    return await _correct(request, call, "opdater", sheet, typed, said)


@router.get("/beskeder/{information_id}/annuller")
async def ask_cancel(information_id: Id, request: Request, principal: Visitor) -> Response:
    """Ask whether what was sent is to be cancelled, and in which words; to open it changes nothing."""
    principal.require(*WRITES)
    return await _of_message(information_id, request, principal, "annuller", (State.SENT,))


@router.post("/beskeder/{information_id}/annuller")
async def cancel(information_id: Id, request: Request, call: Writing) -> Response:
    """Cancel what was sent: written, and sent to be cleared and approved, in one click."""
    sheet, typed, _ = await _sheet(request, call, information_id), *await _typed(request)
    assert sheet.kept is not None  # noqa: S101  it was found
    said = forms.cancelling(sheet.kept.message, typed, sheet.now)
    return await _correct(request, call, "annuller", sheet, typed, said)


async def _correct(
    request: Request, call: Command, kind: str, sheet: Sheet, typed: Typed, said: dict[str, Any]
) -> Response:
    outlet, information_id = outlet_of(request), sheet.kept.information_id if sheet.kept else sheet.activation_id

    async def save(tx: Tx, by: Actor) -> UUID:
        form = Form.INFORMATION if kind == "annuller" else sheet.form
        body = _body(Correcting, said, forms.missing(typed, form))
        held = await acts.correct(tx, information_id, body.new(), body.correction, by, outlet)
        return held.kept.information_id

    return await _saved(request, call, kind, sheet, typed, save)


async def _sheet(request: Request, call: Command, information_id: UUID) -> Sheet:
    async with service_of(request).database.tx(call.principal) as tx:
        return (await sheet_of(tx, information_id))[0]


async def _typed(request: Request) -> tuple[Typed, int]:
    return forms.typed_of(await form_of(request)), await version_of(request)


async def _of_message(
    information_id: UUID, request: Request, principal: Principal, kind: str, states: tuple[State, ...]
) -> Response:
    async with service_of(request).database.tx(principal) as tx:
        sheet, kept = await sheet_of(tx, information_id)
    if kept.message.state not in states:
        # Somebody was first: the message says what can be done now.
        return back(f"/beskeder/{information_id}")
    cancels = kind == "annuller"
    typed = forms.cancel_typed(kept.message) if cancels else forms.typed_from(kept.message, sheet.now)
    return _shown(request, principal, kind, sheet, typed)


# -- saving and showing ------------------------------------------------------------------------------------------------


def _body(model: type[M], said: dict[str, Any], faults: Faults) -> M:
    """Return the command that a form means; Faulty where a field is wrong, or was found to be missing."""
    try:
        body = model.model_validate(said)
    except ValidationError as error:
        raise Faulty(faults | forms.faults_at(error)) from error
    if faults:
        raise Faulty(faults)
    return body


async def _saved(request: Request, call: Command, kind: str, sheet: Sheet, typed: Typed, save: Save) -> Response:
    submits = kind == "annuller" or (await form_of(request)).get("saa") == "indsend"

    async def work(tx: Tx) -> Answer:
        by = actor(call.principal)
        saved = await save(tx, by)
        version = await acting("submit", saved)(tx, by) if submits else None
        return Answer(ids={"information_id": saved}, version=version)

    try:
        answer = await call.carry_out(work)
    except NotFound:
        raise
    except Faulty as faulty:
        return _shown(request, call.principal, kind, sheet, typed, 422, faulty.faults)
    except Refusal as refusal:
        if refusal.status >= UNSERVED:
            raise
        return await _refused(request, call, kind, sheet, typed, refusal)
    return back(f"/beskeder/{answer.ids['information_id']}")


async def _refused(
    request: Request, call: Command, kind: str, sheet: Sheet, typed: Typed, refusal: Refusal
) -> Response:
    """Show the form again with what was typed, beside what stands there now where somebody else was first."""
    faults = faults_from(refusal, AT)
    if isinstance(refusal, CapInvalid):
        faults = {WHOLE: f"Varslet kan ikke udgives, som det står: {refusal.facts['faults']}"}
    is_changed = isinstance(refusal, refusals.InformationChanged)
    if is_changed and sheet.kept:
        sheet = await _sheet(request, call, sheet.kept.information_id)
    return _shown(request, call.principal, kind, sheet, typed, refusal.status, faults, is_changed=is_changed)


def _shown(
    request: Request,
    principal: Principal,
    kind: str,
    sheet: Sheet,
    typed: Typed,
    status: int = 200,
    faults: Faults | None = None,
    *,
    is_changed: bool = False,
) -> Response:
    faults, is_warning = faults or {}, sheet.form is Form.WARNING
    shown: dict[str, Any] = {
        "kind": kind,
        "heading": HEADINGS[kind],
        "sheet": sheet,
        "is_warning": is_warning,
        "typed": typed,
        "boxes": sheet.boxes(typed),
        "faults": faults,
        "first": next(iter(faults), "livstruende" if is_warning and kind == "ny" else "overskrift"),
        "is_changed": is_changed,
        "is_alive": True,
        "question": LEGAL_QUESTION,
    }
    template = "message_cancel.html" if kind == "annuller" else "message_form.html"
    return show(request, principal, template, status, **shown)
