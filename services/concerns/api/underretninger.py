"""Underretninger at their receiver: listed, receipted, acknowledged, answered, closed."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.deadlines import cancel_deadline, set_deadline
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.outbox import append
from contracts.codes import Office, Role, known_municipality
from contracts.concerns.v1 import FeedbackKind, UnderretningSent
from contracts.disclosure import LogKind
from contracts.event import Event
from contracts.refusal import NotFound
from services.concerns.api.reach import reach
from services.concerns.domain import underretning as rules
from services.concerns.domain import worklist
from services.concerns.domain.underretning import NotOpen, State
from services.concerns.domain.wording import UnknownCode, read_code
from services.concerns.handlers.deadlines import ACKNOWLEDGEMENT
from services.concerns.store import questions, underretninger
from services.concerns.store.underretninger import Stored

router = APIRouter()

RECEIVERS = (Role.SYSTEM, Role.CASEWORKER)
POLICE = (Role.KEY_OFFICER, Role.APPROVER, Role.OPERATOR)
MOST_LISTED = 1000


class Nothing(BaseModel):
    """A command that says all by its name."""


class Receipt(BaseModel):
    """The checksum of what was fetched."""

    model_config = ConfigDict(extra="forbid")

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


class Feedback(BaseModel):
    """What the municipality tells the sender."""

    model_config = ConfigDict(extra="forbid")

    feedback_kind: str


class Decided(BaseModel):
    """Which municipality a person chose."""

    model_config = ConfigDict(extra="forbid")

    kommune: str


def changing(operation: str) -> Any:  # noqa: ANN401  as FastAPI has it
    """Return the dependency by which a command says what it does with an underretning."""
    return Depends(accessing(operation, "underretning_id"))


def authority_of(principal: Principal) -> str | None:
    """Return the authority whose underretninger somebody may see; None for the police, who sent them."""
    if not principal.roles.isdisjoint(RECEIVERS):
        # Another office of the same municipality is a stranger too.
        return principal.authority if principal.office in {"", Office.BOERN} else ""
    principal.require(*POLICE)
    return None


@router.get("/underretninger")
async def listed(
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    state: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200,
) -> list[dict[str, Any]]:
    """Answer where each underretning is, without personal data: one's own, or for the police all."""
    authority = authority_of(principal)
    wanted = read_code(State, "state", state) if state else None
    async with service_of(request).database.tx(reach(principal)) as tx:
        rows = await underretninger.listed(tx, authority, wanted, limit)
    return [row | _on_list(row, principal) for row in rows]


def _on_list(row: dict[str, Any], principal: Principal) -> dict[str, Any]:
    mine = worklist.has_underretning(principal.roles, State(row["state"]))
    return {"purpose": worklist.UNDERRETNING_PURPOSE, "on_my_list": mine}


def there(stored: Stored | None) -> Stored:
    """Return what was found; what is not there and what is another's look exactly alike."""
    if stored is None:
        raise NotFound
    return stored


@router.get("/underretninger/{underretning_id}/status")
async def status(
    underretning_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer where an underretning is and which clocks run, in words."""
    async with service_of(request).database.tx(reach(principal)) as tx:
        stored = there(await underretninger.found(tx, underretning_id, authority_of(principal)))
        question = await questions.of(tx, underretning_id)
    one, delivered = stored.underretning, stored.delivered_at
    return {
        "underretning_id": one.id,
        "kind": stored.kind,
        "state": one.state,
        "receiver": one.receiver,
        "undecided": stored.undecided,
        "refers_to": stored.refers_to,
        "registrations": stored.registrations,
        "sent_at": stored.sent_at,
        "delivered_at": delivered,
        "acknowledge_by": one.acknowledge_by,
        "acknowledged_at": stored.acknowledged_at,
        "assess_by_words": rules.assess_by_words(delivered) if delivered else None,
        "question_asked_at": question.asked_at if question else None,
        "question_answered_at": question.answered_at if question else None,
        "version": stored.version,
    }


Decide = Callable[[Tx, Stored], Awaitable[Event | None]]


async def _act(tx: Tx, underretning_id: UUID, operation: str, decide: Decide) -> Answer:
    """Load with the row locked, decide and save, tell; where nothing is new nothing is told."""
    principal = tx.principal
    stored = there(await underretninger.locked(tx, underretning_id, authority_of(principal)))
    event = await decide(tx, stored)
    version = stored.version + (event is not None)
    if event is not None:
        await append(tx, event, version=version, correlation_id=stored.case_id, time=stored.now)
    await record_access(
        tx,
        operation=operation,
        purpose=worklist.UNDERRETNING_PURPOSE,
        persons=[stored.child.person],
        kind=LogKind.ALTERATION,
        case_id=stored.case_id,
        at=stored.now,
    )
    return Answer(200, {"underretning_id": underretning_id}, version)


@router.post("/underretninger/{underretning_id}/receipt", dependencies=[changing("underretning.receipt")])
async def receipt(underretning_id: UUID, body: Receipt, call: Annotated[Command, Depends(command)]) -> Response:
    """Take the technical receipt: it starts the clocks."""
    call.require(*RECEIVERS)

    async def decide(tx: Tx, stored: Stored) -> Event | None:
        served = await underretninger.was_served(tx, underretning_id, body.sha256.lower())
        event = rules.receive(stored.underretning, served=served, now=stored.now)
        if event:
            await underretninger.delivered(tx, stored, event.acknowledge_by)
            await set_deadline(
                tx, kind=ACKNOWLEDGEMENT, subject=underretning_id, due_at=event.acknowledge_by,
                correlation_id=stored.case_id,
            )  # fmt: skip
        return event

    return await call.run(lambda tx: _act(tx, underretning_id, "underretning.receipt", decide))


@router.post("/underretninger/{underretning_id}/acknowledge", dependencies=[changing("underretning.acknowledge")])
async def acknowledge(
    underretning_id: UUID, call: Annotated[Command, Depends(command)], _: Nothing | None = None
) -> Response:
    """Take the municipality's acknowledgement."""
    call.require(*RECEIVERS)

    async def decide(tx: Tx, stored: Stored) -> Event | None:
        event = rules.acknowledge(stored.underretning)
        if event:
            await underretninger.acknowledged(tx, stored)
            await cancel_deadline(tx, kind=ACKNOWLEDGEMENT, subject=underretning_id)
        return event

    return await call.run(lambda tx: _act(tx, underretning_id, "underretning.acknowledge", decide))


@router.post("/underretninger/{underretning_id}/feedback", dependencies=[changing("underretning.feedback")])
async def feedback(underretning_id: UUID, body: Feedback, call: Annotated[Command, Depends(command)]) -> Response:
    """Take what the municipality tells the sender."""
    call.require(*RECEIVERS)
    kind = read_code(FeedbackKind, "feedback_kind", body.feedback_kind)

    async def decide(tx: Tx, stored: Stored) -> Event | None:
        event = rules.give_feedback(stored.underretning, kind)
        await underretninger.answered(tx, stored, kind)
        return event

    return await call.run(lambda tx: _act(tx, underretning_id, "underretning.feedback", decide))


@router.post("/underretninger/{underretning_id}/close", dependencies=[changing("underretning.close")])
async def close(
    underretning_id: UUID, call: Annotated[Command, Depends(command)], _: Nothing | None = None
) -> Response:
    """Close an underretning from which nothing more is expected."""
    call.require(*RECEIVERS, Role.KEY_OFFICER)

    async def decide(tx: Tx, stored: Stored) -> Event | None:
        rules.require_closable(stored.underretning)
        await underretninger.closed(tx, stored)
        return None

    return await call.run(lambda tx: _act(tx, underretning_id, "underretning.close", decide))


@router.post("/underretninger/{underretning_id}/receiver", dependencies=[changing("underretning.receiver")])
async def decide_receiver(underretning_id: UUID, body: Decided, call: Annotated[Command, Depends(command)]) -> Response:
    """Send an underretning whose receiver a person had to decide."""
    call.require(Role.APPROVER)
    try:
        kommune = known_municipality(body.kommune)
    except ValueError:
        raise UnknownCode(field="kommune") from None

    async def decide(tx: Tx, stored: Stored) -> Event | None:
        if stored.underretning.state is not State.NEEDS_RECEIVER:
            raise NotOpen
        await underretninger.sent(tx, stored, kommune)
        return UnderretningSent(
            underretning_id=underretning_id,
            receiver=kommune,
            child_person_id=stored.child.person,
            kind=stored.kind,
            urgent=stored.acute,
            document_path=f"/underretninger/{underretning_id}",
        )

    return await call.run(lambda tx: _act(tx, underretning_id, "underretning.receiver", decide))
