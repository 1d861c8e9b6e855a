"""What somebody answered who was asked for a consent: entered by the sender, one by one, for each who is asked."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.form import WHOLE, Truth
from contracts.refusal import Refusal, StaleVersion
from services.referrals.api.acts import prepared, record, side_for, there
from services.referrals.api.common import PARTIES, Body, Call, ClosedToInvestigation
from services.referrals.domain.consents import ConsentNotAsked
from services.referrals.domain.programmes import Consenter
from services.referrals.domain.referral import Details
from services.referrals.domain.referral_refusals import NotInThisState, NotYourAct, OneIsOpen
from services.referrals.domain.states import Action
from services.referrals.handlers.acting import act
from services.referrals.handlers.withdrawing import withdraw
from services.referrals.store import referrals
from services.referrals.store.referrals import Stored

router = APIRouter(tags=["henvisning"])


class MustBeWritten(Refusal):
    """The programme rests on a written consent."""

    slug = "consent-must-be-written"
    status = 422
    title = "Samtykket skal være skriftligt."
    todo = "Få samtykket underskrevet, og send igen med written: true."


class Said(StrEnum):
    """What somebody answered."""

    YES = "yes"
    NO = "no"
    TAKEN_BACK = "taken_back"


ACTIONS = {Said.YES: Action.GIVE_CONSENT, Said.NO: Action.DECLINE_CONSENT, Said.TAKEN_BACK: Action.WITHDRAW}


class Answered(Body):
    """Who answered what, at which version, and whether it is in writing."""

    version: Annotated[int, Field(ge=1, le=2**31), WHOLE]
    of: Consenter
    said: Said
    written: Truth = False


@router.post(
    "/referrals/{referral_id}/consent",
    responses=refusing(
        *(StaleVersion, NotInThisState, NotYourAct, ConsentNotAsked, MustBeWritten, OneIsOpen, ClosedToInvestigation)
    ),
    dependencies=[Depends(accessing("referral.consent", "referral_id"))],
)
async def consent(referral_id: UUID, body: Answered, request: Request, call: Call) -> Response:
    """Record a consent given, declined or taken back; the last yes sends the referral, a no ends it."""
    call.require(*PARTIES)
    await prepared(service_of(request), call.principal, referral_id, "")
    return await call.run(lambda tx: _answer(tx, referral_id, body))


async def _answer(tx: Tx, referral_id: UUID, body: Answered) -> Answer:
    stored, action = there(await referrals.locked(tx, referral_id)), ACTIONS[body.said]
    side = side_for(stored, action, tx.principal)
    _check_written(stored, body)
    if action is Action.WITHDRAW:
        version = await withdraw(tx, stored, body.version, body.of)
    else:
        after = await act(tx, stored, action, side, Details(consenter=body.of), expected=body.version)
        version = after.version
    await record(tx, stored, "referral.consent")
    return Answer(200, {"referral_id": referral_id}, version)


def _check_written(stored: Stored, body: Answered) -> None:
    if body.said is Said.YES and stored.programme.written and not body.written:
        raise MustBeWritten
