"""What the receiver notes of a course: attempts, conversations, treatment; of these the sender sees attempts alone."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.kinship import require_stranger
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from contracts.form import WHOLE, Day
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import PARTIES, Body, Call, sides_of
from services.referrals.domain.following import AlreadyNoted, DayUnusable, NoConversationYet, Step
from services.referrals.domain.referral_refusals import NotInThisState, NotYourAct
from services.referrals.domain.states import Side
from services.referrals.handlers.noting import note
from services.referrals.store import referrals
from services.referrals.store.referrals import Stored

router = APIRouter(tags=["henvisning"])

STEPS = {
    "tried": Step.TRIED,
    "conversation": Step.CONVERSATION,
    "further-conversations": Step.FURTHER,
    "treatment-asked": Step.TREATMENT_ASKED,
    "treatment-started": Step.TREATMENT_STARTED,
}
"""The last part of each address, and what is noted."""

REFUSED = refusing(StaleVersion, NotInThisState, NotYourAct, NoConversationYet, AlreadyNoted, DayUnusable)


class Noting(Body):
    """The version that somebody has seen, and the day on which it was, where that is not today."""

    version: Annotated[int, Field(ge=1, le=2**31), WHOLE]
    on: Day | None = None


Handler = Callable[..., Awaitable[Response]]


def _route(operation: str, step: Step) -> Handler:
    async def carry_out(referral_id: UUID, body: Noting, request: Request, call: Call) -> Response:
        call.require(*PARTIES)
        await _look(service_of(request), call.principal, referral_id)
        return await call.run(lambda tx: _note(tx, referral_id, step, body, operation))

    carry_out.__name__ = operation.replace(".", "_")
    carry_out.__doc__ = f"Note of a course what is called `{step}`, and answer the version that it has then."
    return carry_out


HANDLERS: dict[Step, Handler] = {}
"""What carries each note out."""

for _path, _step in STEPS.items():
    _operation = f"referral.{_path.replace('-', '_')}"
    HANDLERS[_step] = _route(_operation, _step)
    router.add_api_route(
        f"/referrals/{{referral_id}}/{_path}",
        HANDLERS[_step],
        methods=["POST"],
        responses=REFUSED,
        dependencies=[Depends(accessing(_operation, "referral_id"))],
    )


def _there(stored: Stored | None) -> Stored:
    if stored is None:
        raise NotFound
    return stored


async def _look(service: Service, principal: Principal, referral_id: UUID) -> None:
    """Look whether somebody may, while no transaction is open."""
    async with service.database.tx(principal) as tx:
        stored = _there(await referrals.found(tx, referral_id))
    sides_of(stored, principal)
    await require_stranger(service, principal, [stored.referral.person], stored.case_id)


async def _note(tx: Tx, referral_id: UUID, step: Step, body: Noting, operation: str) -> Answer:
    stored = _there(await referrals.locked(tx, referral_id))
    sides = sides_of(stored, tx.principal)
    side = Side.RECEIVER if Side.RECEIVER in sides else min(sides)
    version = await note(tx, stored, step, side, body.on, body.version)
    person = stored.referral.person
    await record_access(
        tx,
        operation=operation,
        purpose=Purpose(stored.programme.purpose),
        persons=[person] if person else [],
        kind=LogKind.ALTERATION,
        case_id=stored.case_id,
        at=stored.now,
    )
    return Answer(200, {"referral_id": referral_id}, version)
