"""The receiver's one question to the sender, and the answer: no free text about a person rests here."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.kinship import require_known, require_stranger
from chassis.outbox import append
from chassis.service import Service
from contracts.codes import Purpose, Role
from contracts.concerns.v1 import UnderretningQuestionAsked
from contracts.disclosure import Category, Disclosure, LogKind, Necessity
from contracts.event import Event
from contracts.refusal import NotFound
from services.concerns.api.underretninger import RECEIVERS, authority_of, there
from services.concerns.domain import question as rules
from services.concerns.store import parts, questions, underretninger
from services.concerns.store.questions import Asked
from services.concerns.store.underretninger import Stored

router = APIRouter()

ANSWERERS = (Role.KEY_OFFICER, Role.APPROVER)


class Said(BaseModel):
    """A question or an answer, in words about a person: kept by persons, under the child's key."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


@router.post(
    "/underretninger/{underretning_id}/question",
    status_code=201,
    dependencies=[Depends(accessing("underretning.question.ask", "underretning_id"))],
)
async def ask(
    underretning_id: UUID, body: Said, request: Request, call: Annotated[Command, Depends(command)]
) -> Response:
    """Ask the sender one question about the case."""
    call.require(*RECEIVERS)
    require_known(call.principal)
    text_id = await _kept(service_of(request), call.principal, underretning_id, body)

    async def decide(tx: Tx, stored: Stored, asked: Asked | None) -> Event:
        event = rules.ask(stored.underretning, asked.as_decided_on() if asked else None)
        await questions.asked(tx, stored, text_id)
        return event

    return await call.run(lambda tx: _say(tx, underretning_id, call.principal, decide))


@router.post(
    "/underretninger/{underretning_id}/answer",
    status_code=201,
    dependencies=[Depends(accessing("underretning.question.answer", "underretning_id"))],
)
async def answer(
    underretning_id: UUID, body: Said, request: Request, call: Annotated[Command, Depends(command)]
) -> Response:
    """Answer the receiver's question."""
    call.require(*ANSWERERS)
    require_known(call.principal)
    text_id = await _kept(service_of(request), call.principal, underretning_id, body)

    async def decide(tx: Tx, stored: Stored, asked: Asked | None) -> Event:
        event = rules.answer(stored.underretning, asked.as_decided_on() if asked else None)
        await questions.answered(tx, stored, text_id)
        return event

    return await call.run(lambda tx: _say(tx, underretning_id, call.principal, decide))


async def _kept(service: Service, principal: Principal, underretning_id: UUID, said: Said) -> UUID:
    """Let persons keep the words before the transaction: words that nothing refers to stay unread."""
    async with service.database.tx(principal) as tx:
        stored = there(await underretninger.found(tx, underretning_id, authority_of(principal)))
    await require_stranger(service, principal, [stored.child.person], stored.case_id)
    body = {"person_id": str(stored.child.person), "text": said.text}
    answer = await service.clients.post("persons", "/texts", body, key=str(new_id()))
    return UUID(answer["text_id"])


Decide = Callable[[Tx, Stored, Asked | None], Awaitable[Event]]


async def _say(tx: Tx, underretning_id: UUID, principal: Principal, decide: Decide) -> Answer:
    stored = there(await underretninger.locked(tx, underretning_id, authority_of(principal)))
    event = await decide(tx, stored, await questions.of(tx, underretning_id))
    await underretninger.told(tx, stored)
    await append(tx, event, version=stored.version + 1, correlation_id=stored.case_id, time=stored.now)
    await record_access(
        tx,
        operation=f"underretning.question.{'ask' if isinstance(event, UnderretningQuestionAsked) else 'answer'}",
        purpose=Purpose.UNDERRETNING,
        persons=[stored.child.person],
        kind=LogKind.ALTERATION,
        case_id=stored.case_id,
        at=stored.now,
    )
    return Answer(201, {"underretning_id": underretning_id}, stored.version + 1)


@router.get(
    "/underretninger/{underretning_id}/question",
    dependencies=[Depends(accessing("underretning.question.read", "underretning_id"))],
)
async def read(
    underretning_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer question and answer to receiver and sender; the read is recorded."""
    principal.require(*RECEIVERS, *ANSWERERS)
    require_known(principal)
    service = service_of(request)
    async with service.database.tx(principal) as tx:
        stored = there(await underretninger.found(tx, underretning_id, authority_of(principal)))
        asked = await questions.of(tx, underretning_id)
    if asked is None:
        raise NotFound
    await require_stranger(service, principal, [stored.child.person], stored.case_id)
    words = await _words(service, principal, stored, asked)
    async with service.database.tx(principal) as tx:
        await _record(tx, stored)
    return {"asked_at": asked.asked_at, "answered_at": asked.answered_at, **words}


async def _words(service: Service, principal: Principal, stored: Stored, asked: Asked) -> dict[str, str | None]:
    ids = [one for one in (asked.text_id, asked.answer_id) if one]
    body = parts.Reader(principal, stored.case_id).asking(text_ids=[str(one) for one in ids])
    told = await service.clients.post("persons", "/read", body)
    texts = {UUID(one["text_id"]): one["text"] for one in told["texts"]}
    return {
        "question": texts[asked.text_id],
        "answer": texts[asked.answer_id] if asked.answer_id else None,
    }


async def _record(tx: Tx, stored: Stored) -> None:
    """Record the read: what the receiver reads is a disclosure, what the sender reads a consultation."""
    theirs = not tx.principal.roles.isdisjoint(RECEIVERS)
    ground = Disclosure(
        basis=stored.law,
        reference="stk. 1",
        necessity=Necessity.RECEIVER_MUST_DECIDE,
        sender=stored.sender,
        receiver=tx.principal.authority,
        categories=(Category.ASSESSMENT,),
    )
    await record_access(
        tx,
        operation="underretning.question.read",
        purpose=Purpose.UNDERRETNING,
        persons=[stored.child.person],
        kind=LogKind.DISCLOSURE if theirs else LogKind.CONSULTATION,
        case_id=stored.case_id,
        disclosure=ground if theirs else None,
    )
