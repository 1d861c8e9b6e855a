"""What somebody does to a message on its page: clears it, approves it, sends it back; a refusal is said on the page."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from chassis.database import Tx
from chassis.http import Answer, Command
from chassis.problems import InvalidInput
from chassis.web.forms import form_of
from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.api.common import Id
from services.beredskabsstab.api.message_bodies import Checking, Reasoned, RecordingWarned, actor
from services.beredskabsstab.api.message_pages import Writing, message_page
from services.beredskabsstab.api.message_rules import Do, acting
from services.beredskabsstab.api.messages import outlet_of
from services.beredskabsstab.api.page import (
    Faults,
    Faulty,
    back,
    faults_from,
    faults_of,
    pages_router,
)
from services.beredskabsstab.domain import message_words
from services.beredskabsstab.domain.information_refusals import ReasonNeeded, UnusableRecord
from services.beredskabsstab.handlers import publishing, warned

router = pages_router()

WORDS = {
    "indsend": "submit",
    "klar": "clear",
    "indsigelse": "object",
    "uden": "override",
    "hent": "recall",
    "traek": "withdraw",
    "retur": "give-back",
    "afvis": "refuse",
    "gennemgaa": "review",
}
"""The acts that the domain decides alone, by the word of their address."""
BY_VERSION = frozenset({"indsend", "klar"})
"""Those of whoever has read the message: what was changed since is not cleared."""
REASON_MAX = 500
RECORDING = {
    "channel": ("kanal", "Skriv kanalen, højst 60 tegn."),
    "at": ("tidspunkt", "Skriv, hvornår der blev varslet."),
    "receipt": ("kvittering", "Skriv kvitteringen, højst 200 tegn."),
}
UNSERVED = 500
"""From this status on a refusal is none of the form's: whoever sent it does the same again."""


@router.post("/beskeder/{information_id}/godkend")
async def approve(information_id: Id, request: Request, call: Writing) -> Response:
    """Approve and send, by the second tap."""
    version, outlet = await version_of(request), outlet_of(request)
    return await _done(
        *(request, call, information_id, "godkend"),
        lambda tx, by: publishing.approve(tx, information_id, by, version, outlet),
    )


@router.post("/beskeder/{information_id}/alene")
async def approve_alone(information_id: Id, request: Request, call: Writing) -> Response:
    """Publish alone, as chair, when no approver has answered in time."""
    form, version, outlet = await form_of(request), await version_of(request), outlet_of(request)
    return await _done(
        *(request, call, information_id, "alene"),
        lambda tx, by: publishing.approve_alone(tx, information_id, by, _reason(form, "alene"), version, outlet),
    )


@router.post("/beskeder/{information_id}/varslet")
async def record_warned(information_id: Id, request: Request, call: Writing) -> Response:
    """Record that the population was warned by a channel outside of Samvirke."""
    form = await form_of(request)
    return await _done(
        *(request, call, information_id, "varslet"),
        lambda tx, by: warned.record(tx, information_id, by, _recorded(form)),
    )


def _recorded(form: dict[str, str]) -> Any:  # noqa: ANN401  channel, time and receipt
    said = {"channel": _text(form, "kanal"), "receipt": _text(form, "kvittering")}
    at = message_words.from_field(form.get("tidspunkt", ""))
    missing = [name for name, value in (said | {"at": at}).items() if not value]
    if missing:
        raise Faulty({RECORDING[name][0]: RECORDING[name][1] for name in RECORDING if name in missing})
    try:
        body = RecordingWarned.model_validate(said | {"at": at})
    except ValidationError as error:
        raise Faulty(faults_of(error, RECORDING)) from error
    return body.channel, body.at, body.receipt


@router.post("/beskeder/{information_id}/modtaget")
async def record_received(information_id: Id, request: Request, call: Writing) -> Response:
    """Record whether the warning was in fact received in the area."""
    form = await form_of(request)
    try:
        said = {"channel": form.get("kanal"), "received": {"ja": True, "nej": False}.get(form.get("svar", ""))}
        body = Checking.model_validate(said)
    except ValidationError as error:
        raise InvalidInput from error
    return await _done(
        *(request, call, information_id, "modtaget"),
        lambda tx, by: warned.record_received(tx, information_id, by, body.channel, received=body.received),
    )


@router.post("/beskeder/{information_id}/{act}")
async def act(information_id: Id, act: str, request: Request, call: Writing) -> Response:
    """Do what the domain decides from the message, its actor and a reason."""
    if act not in WORDS:
        raise NotFound
    form = await form_of(request)
    version = await version_of(request) if act in BY_VERSION else None

    async def do(tx: Tx, by: Any) -> int:  # noqa: ANN401  an actor
        return await acting(WORDS[act], information_id, _reason(form, act), version)(tx, by)

    return await _done(request, call, information_id, act, do)


async def _done(request: Request, call: Command, information_id: UUID, act: str, do: Do) -> Response:
    async def work(tx: Tx) -> Answer:
        return Answer(ids={"information_id": information_id}, version=await do(tx, actor(call.principal)))

    refused = partial(_refused, request, call, information_id, act)
    try:
        await call.carry_out(work)
    except NotFound:
        raise
    except Faulty as faulty:
        return await refused(422, faulty.faults)
    except Refusal as refusal:
        if refusal.status >= UNSERVED:
            raise
        fields = {ReasonNeeded: f"why-{act}", UnusableRecord: "kanal"}
        return await refused(refusal.status, faults_from(refusal, fields))
    return back(f"/beskeder/{information_id}")


async def _refused(
    request: Request, call: Command, information_id: UUID, act: str, status: int, faults: Faults
) -> Response:
    """Show the message as it is now, with why not and with what was typed."""
    typed = await form_of(request) | {"act": act}
    return await message_page(information_id, request, call.principal, status, faults, typed)


async def version_of(request: Request) -> int:
    """Return the version that a form was loaded with."""
    said = (await form_of(request)).get("version", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 18):  # noqa: PLR2004  as many digits as the database takes
        raise InvalidInput
    return int(said)


def _text(form: dict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _reason(form: dict[str, str], act: str) -> str:
    try:
        return Reasoned.model_validate({"reason": _text(form, "begrundelse")}).reason
    except ValidationError as error:
        raise Faulty({f"why-{act}": f"Begrundelsen kan have {REASON_MAX} almindelige tegn."}) from error
