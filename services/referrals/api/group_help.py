"""Whom a group asks for help over HTTP: the district's group, and other actors for a time."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.form import Moment
from contracts.refusal import NotFound
from services.referrals.api.common import Body, Call
from services.referrals.api.group_work import Nothing, Saying
from services.referrals.api.grouping import (
    SeatNamed,
    Words,
    kept,
    locked,
    opened,
    record,
    require_circle,
)
from services.referrals.domain.group_cases import Standing, check_actor, group_above
from services.referrals.domain.group_refusals import (
    AlreadyDone,
    CannotBeEscalated,
    CaseEnded,
    MeetingInThePast,
    NotAParticipant,
    OnlyWhenDrawnIn,
    PrivateNeedsConsent,
    ReasonMissing,
)
from services.referrals.domain.group_words import Removal, Scope
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.handlers import escalating, group_working
from services.referrals.store import actors
from services.referrals.store.actors import Drawn

router = APIRouter(tags=["gruppesag"])


class DrawingIn(Body):
    """Who is drawn into a case: as what, for what, why, and until when."""

    actor: SeatNamed
    standing: Standing
    scope: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=5)]
    need: Words
    until: Moment
    basis: Annotated[str, Field(max_length=60)] = ""
    consent_id: UUID | None = None


@router.post(
    "/group-cases/{group_case_id}/escalate",
    status_code=201,
    dependencies=[Depends(accessing("group_case.escalate", "group_case_id"))],
    responses=refusing(CaseEnded, CannotBeEscalated, ReasonMissing, OneIsOpen),
)
async def escalate(group_case_id: UUID, body: Saying, request: Request, call: Call) -> Response:
    """Ask the district's group about what the own one cannot lift, and say why it cannot."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    require_circle(case, call.principal)
    group_above(case.programme)
    reason = await kept(service, case, body.text)
    if reason is None:
        raise ReasonMissing

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        referral_id, version = await escalating.escalate(tx, one, reason)
        await record(tx, one, "group_case.escalate")
        return Answer(201, {"referral_id": referral_id}, version)

    return await call.run(work)


@router.post(
    "/group-cases/{group_case_id}/actors",
    status_code=201,
    dependencies=[Depends(accessing("group_case.draw_in", "group_case_id"))],
    responses=refusing(
        CaseEnded, NotAParticipant, OnlyWhenDrawnIn, PrivateNeedsConsent, MeetingInThePast, ReasonMissing
    ),
)
async def draw_in(group_case_id: UUID, body: DrawingIn, request: Request, call: Call) -> Response:
    """Draw another actor into a case, with why, for what, and until when; then it sees nothing more."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    require_circle(case, call.principal)
    need = await kept(service, case, body.need)
    if need is None:
        raise ReasonMissing
    new = Drawn(new_id(), body.actor, body.standing, body.scope, need, body.consent_id, body.until)

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        consented = bool(body.consent_id and one.person and await actors.has_consented(tx, body.consent_id, one.person))
        check_actor(one.of.of, body.actor, body.standing, body.basis, consented=consented)
        version = await group_working.draw_in(tx, one, new)
        await record(tx, one, "group_case.draw_in")
        return Answer(201, {"actor_id": new.id}, version)

    return await call.run(work)


@router.post(
    "/group-cases/{group_case_id}/actors/{actor_id}/remove",
    dependencies=[Depends(accessing("group_case.remove", "group_case_id"))],
    responses=refusing(AlreadyDone),
)
async def remove(group_case_id: UUID, actor_id: UUID, body: Nothing, request: Request, call: Call) -> Response:
    """Let an actor be no longer part of a case."""
    del body
    case = await opened(service_of(request), call.principal, group_case_id)
    require_circle(case, call.principal)

    async def work(tx: Tx) -> Answer:
        one, actor = await locked(tx, case.id), await actors.found(tx, actor_id)
        if actor is None or actor.case != case.id:
            raise NotFound
        version = await group_working.leave(tx, actor, Removal.DECISION)
        await record(tx, one, "group_case.remove")
        return Answer(200, {"actor_id": actor_id}, version)

    return await call.run(work)
