"""What the two sides do with a referral: one route an act, all of one kind; the machine says who may, and when."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.kinship import require_stranger
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Purpose
from contracts.disclosure import LogKind
from contracts.form import WHOLE, Moment
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import (
    PARTIES,
    Body,
    Call,
    ClosedToInvestigation,
    keep_text,
    sides_of,
)
from services.referrals.domain.consents import ConsentMissing, ConsentNotAsked
from services.referrals.domain.referral import Details
from services.referrals.domain.referral_refusals import (
    AlreadySettled,
    DetailMissing,
    NothingProposed,
    NothingToMinimise,
    NotInThisState,
    NotYourAct,
    OneIsOpen,
)
from services.referrals.domain.states import WAYS, Action, Side
from services.referrals.handlers.acting import act
from services.referrals.handlers.opening import open_what_follows
from services.referrals.handlers.withdrawing import withdraw
from services.referrals.store import referrals
from services.referrals.store.referrals import Stored

router = APIRouter(tags=["henvisning"])

ACTS = {
    "ask-consent": Action.ASK_CONSENT,
    "send": Action.REQUEST,
    "receive": Action.RECEIVE,
    "accept": Action.ACCEPT,
    "reject": Action.REJECT,
    "contact": Action.BEGIN,
    "hold": Action.HOLD,
    "resume": Action.RESUME,
    "complete": Action.COMPLETE,
    "fail": Action.FAIL,
    "cancel": Action.CANCEL,
    "propose-cancel": Action.PROPOSE_CANCEL,
    "agree-cancel": Action.AGREE_CANCEL,
    "withdraw": Action.WITHDRAW,
    "confirm-minimised": Action.CONFIRM_MINIMISED,
    "settle": Action.SETTLE,
    "enter-in-error": Action.ENTER_IN_ERROR,
}
"""The last part of each address, and the act."""

ENTERED_BY = {Side.SYSTEM: Side.RECEIVER, Side.PERSON: Side.SENDER}
"""Who enters what a system confirms, and what a person says."""

REFUSED = refusing(
    *(StaleVersion, NotInThisState, NotYourAct, DetailMissing, NothingProposed, NothingToMinimise, ConsentMissing),
    *(ConsentNotAsked, AlreadySettled, OneIsOpen, ClosedToInvestigation),
)


class Acting(Body):
    """The version that somebody has seen, and what must come with the act: a code, words, a day, a number of tries."""

    version: Annotated[int, Field(ge=1, le=2**31), WHOLE]
    code: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")] = ""
    text: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")] = ""
    review_at: Moment | None = None
    attempts: Annotated[int, Field(ge=0, le=1000), WHOLE] = 0

    @property
    def details(self) -> Details:
        """Return them as the machine reads them."""
        return Details(text=self.text, code=self.code, review_at=self.review_at, attempts=self.attempts)


Handler = Callable[..., Awaitable[Response]]


def _route(operation: str, action: Action) -> Handler:
    async def carry_out(referral_id: UUID, body: Acting, request: Request, call: Call) -> Response:
        call.require(*PARTIES)
        text_id = await prepared(service_of(request), call.principal, referral_id, body.text)
        return await call.run(lambda tx: act_on(tx, referral_id, action, body, text_id, operation))

    carry_out.__name__ = operation.replace(".", "_")
    carry_out.__doc__ = f"Do with a referral what is called `{action}`, and answer the version that it has then."
    return carry_out


HANDLERS: dict[str, Handler] = {}
"""What carries each act out, by the last part of its address."""

for _path, _action in ACTS.items():
    _operation = f"referral.{_path.replace('-', '_')}"
    HANDLERS[_path] = _route(_operation, _action)
    router.add_api_route(
        f"/referrals/{{referral_id}}/{_path}",
        HANDLERS[_path],
        methods=["POST"],
        responses=REFUSED,
        dependencies=[Depends(accessing(_operation, "referral_id"))],
    )


async def prepared(service: Service, principal: Principal, referral_id: UUID, text: str) -> UUID | None:
    """Look whether somebody may, and let persons keep the words, before the transaction."""
    async with service.database.tx(principal) as tx:
        stored = there(await referrals.found(tx, referral_id))
    sides_of(stored, principal)
    await require_stranger(service, principal, (stored.referral.person, stored.counterpart), stored.case_id)
    about = stored.referral.person
    return await keep_text(service, about, text) if about and text.strip() else None


def there(stored: Stored | None) -> Stored:
    """Return a referral, or say that there is none."""
    if stored is None:
        raise NotFound
    return stored


async def act_on(
    tx: Tx, referral_id: UUID, action: Action, body: Acting, text_id: UUID | None, operation: str
) -> Answer:
    """Carry out one act on the side of whoever asks, and record it."""
    stored = there(await referrals.locked(tx, referral_id))
    side = side_for(stored, action, tx.principal)
    if action is Action.WITHDRAW and side is Side.PERSON:
        version = await withdraw(tx, stored, body.version)
    else:
        after = await act(tx, stored, action, side, body.details, expected=body.version, reason_text_id=text_id)
        version = after.version
        if action is Action.ACCEPT:
            await open_what_follows(tx, stored)
    await record(tx, stored, operation)
    return Answer(200, {"referral_id": referral_id}, version)


def side_for(stored: Stored, action: Action, principal: Principal) -> Side:
    """Return on whose behalf somebody acts: their own side's, or whose word or receipt they enter."""
    own, wanted = sides_of(stored, principal), WAYS[action].side
    if {wanted, ENTERED_BY.get(wanted)} & own:
        return wanted
    return min(own)


async def record(tx: Tx, stored: Stored, operation: str) -> None:
    """Record that somebody changed a referral."""
    persons = [one for one in (stored.referral.person, stored.counterpart) if one]
    await record_access(
        tx,
        operation=operation,
        purpose=Purpose(stored.programme.purpose),
        persons=persons,
        kind=LogKind.ALTERATION,
        case_id=stored.case_id,
        at=stored.now,
    )
