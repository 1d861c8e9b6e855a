"""What leads from one referral to another: the receiver passes it on, the sender's manager takes up an ended one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.form import WHOLE
from contracts.refusal import StaleVersion
from services.referrals.api.acts import prepared, record, side_for, there
from services.referrals.api.common import PARTIES, Body, Call, ClosedToInvestigation
from services.referrals.domain.admission import NoSuchReceiver
from services.referrals.domain.referral import Details
from services.referrals.domain.referral_refusals import (
    DetailMissing,
    NotInThisState,
    NotYourAct,
    OneIsOpen,
    PassedOnTooOften,
    SameReceiver,
)
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.drafting import take_up_again
from services.referrals.handlers.following import pass_on
from services.referrals.store import referrals

router = APIRouter(tags=["henvisning"])

Version = Annotated[int, Field(ge=1, le=2**31), WHOLE]
Reason = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class PassedOn(Body):
    """To which authority, and why."""

    version: Version
    to: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
    text: Reason = ""


class TakenUp(Body):
    """Why an ended referral is taken up again."""

    version: Version
    text: Reason = ""


@router.post(
    "/referrals/{referral_id}/reroute",
    responses=refusing(
        *(StaleVersion, NotInThisState, NotYourAct, DetailMissing, NoSuchReceiver, SameReceiver, PassedOnTooOften),
        *(OneIsOpen, ClosedToInvestigation),
    ),
    dependencies=[Depends(accessing("referral.reroute", "referral_id"))],
)
async def reroute(referral_id: UUID, body: PassedOn, request: Request, call: Call) -> Response:
    """Pass a referral on to another receiver of the programme; it stays one's own until the other has said yes."""
    call.require(*PARTIES)
    text_id = await prepared(service_of(request), call.principal, referral_id, body.text)
    return await call.run(lambda tx: _reroute(tx, referral_id, body, text_id))


async def _reroute(tx: Tx, referral_id: UUID, body: PassedOn, text_id: UUID | None) -> Answer:
    stored = there(await referrals.locked(tx, referral_id))
    if side_for(stored, Action.REROUTE, tx.principal) is not Side.RECEIVER:
        raise NotYourAct(action=Action.REROUTE.value, belongs_to="modtageren", allowed="", state="")
    said = Details(text=body.text)
    await pass_on(tx, stored, body.to, said, expected=body.version, reason_text_id=text_id)
    await record(tx, stored, "referral.reroute")
    # Whose the new one is, the one who passed it on sees no more of it than that it is on its way.
    return Answer(200, {"referral_id": referral_id}, body.version + 1)


@router.post(
    "/referrals/{referral_id}/continue",
    status_code=201,
    responses=refusing(StaleVersion, NotInThisState, NotYourAct, DetailMissing, ClosedToInvestigation),
    dependencies=[Depends(accessing("referral.continue", "referral_id"))],
)
async def take_up(referral_id: UUID, body: TakenUp, request: Request, call: Call) -> Response:
    """Write a draft that continues an ended referral, which stays as it is."""
    call.require(*PARTIES)
    text_id = await prepared(service_of(request), call.principal, referral_id, body.text)
    return await call.run(lambda tx: _take_up(tx, referral_id, body, text_id))


async def _take_up(tx: Tx, referral_id: UUID, body: TakenUp, text_id: UUID | None) -> Answer:
    stored = there(await referrals.locked(tx, referral_id))
    side = side_for(stored, Action.SETTLE, tx.principal)
    if stored.referral.version != body.version:
        raise StaleVersion(version=stored.referral.version)
    again = await take_up_again(tx, stored, side, body.text, text_id)
    await record(tx, stored, "referral.continue")
    return Answer(201, {"referral_id": again.id}, again.version)
