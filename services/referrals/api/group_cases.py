"""The cases of a group over HTTP: how each stands, who acts for whom, who may see it, when it is looked at."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from chassis.service import Service
from contracts.form import Moment
from contracts.refusal import StaleVersion
from services.referrals.api.common import Asking, Body, Call, answer
from services.referrals.api.group_view import facts, seen
from services.referrals.api.grouping import (
    SeatNamed,
    Version,
    Words,
    kept,
    locked,
    opened,
    record,
    require_circle,
    require_convener,
    require_member,
)
from services.referrals.api.meetings import on_list
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.group_refusals import CaseEnded, MeetingInThePast, NotAParticipant
from services.referrals.domain.groups import check_seats, circle_of_case, convener_of
from services.referrals.store import actors, clock, group_cases

router = APIRouter(tags=["gruppesag"])

MOST_LISTED = 500
Change = Callable[[Tx, GroupCase], Awaitable[None]]


class GreyZone(Body):
    """Why a case falls between the authorities' ordinary work; no words: it does not, any more."""

    version: Version
    text: Words = ""


class Owner(Body):
    """Who acts for the own authority; nobody named: whoever asks."""

    subject: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:@-]{0,200}$")] = ""


class Review(Body):
    """When a case is looked at again."""

    version: Version
    review_at: Moment


class Circle(Body):
    """Who may see a case."""

    version: Version
    seats: Annotated[tuple[SeatNamed, ...], Field(min_length=1, max_length=50)]


@router.get("/group-cases")
async def listed(
    request: Request, principal: Asking, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200
) -> Response:
    """List the open cases of whose circle the own office is, without personal data: those in a grey zone first."""
    require_member(principal)
    async with service_of(request).database.tx(principal) as tx:
        return answer(await on_list(tx, await group_cases.listed(tx, limit)))


@router.get("/group-cases/{group_case_id}", dependencies=[Depends(accessing("group_case.read", "group_case_id"))])
async def read(group_case_id: UUID, request: Request, principal: Asking) -> Response:
    """Show a case with what its circle shared, decided and asked, and who said what."""
    return answer(await of_circle(service_of(request), principal, group_case_id))


async def of_circle(service: Service, principal: Principal, group_case_id: UUID) -> dict[str, Any]:
    """Return a case as its circle sees it outside of any meeting, with its words."""
    case = await opened(service, principal, group_case_id)
    async with service.database.tx(principal) as tx:
        shown = await facts(tx, case)
    return await seen(service, principal, case, shown)


@router.post(
    "/group-cases/{group_case_id}/grey-zone",
    dependencies=[Depends(accessing("group_case.grey_zone", "group_case_id"))],
    responses=refusing(StaleVersion, CaseEnded),
)
async def grey_zone(group_case_id: UUID, body: GreyZone, request: Request, call: Call) -> Response:
    """Flag a case that falls between the authorities, with why: it goes first, and nothing else follows."""
    service = service_of(request)
    case = await opened(service, call.principal, group_case_id)
    text_id = await kept(service, case, body.text)
    return await _change(
        case, call, body.version, "grey_zone", lambda tx, one: group_cases.put_grey_zone(tx, one, text_id)
    )


@router.post(
    "/group-cases/{group_case_id}/owner",
    dependencies=[Depends(accessing("group_case.owner", "group_case_id"))],
    responses=refusing(CaseEnded),
)
async def owner(group_case_id: UUID, body: Owner, request: Request, call: Call) -> Response:
    """Name who acts for the own authority in a case."""
    case = await opened(service_of(request), call.principal, group_case_id)

    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        require_circle(one, tx.principal)
        one.check_open()
        await group_cases.own(tx, one, body.subject or tx.principal.subject)
        await record(tx, one, "group_case.owner")
        return Answer(200, {"group_case_id": case.id}, one.version)

    return await call.run(work)


@router.post(
    "/group-cases/{group_case_id}/review",
    dependencies=[Depends(accessing("group_case.review", "group_case_id"))],
    responses=refusing(StaleVersion, CaseEnded, MeetingInThePast),
)
async def review(group_case_id: UUID, body: Review, request: Request, call: Call) -> Response:
    """Say when a case is looked at again."""
    case = await opened(service_of(request), call.principal, group_case_id)

    async def change(tx: Tx, one: GroupCase) -> None:
        if body.review_at <= await clock.now(tx):
            raise MeetingInThePast
        await group_cases.put_review(tx, one, body.review_at)

    return await _change(case, call, body.version, "review", change)


@router.post(
    "/group-cases/{group_case_id}/circle",
    dependencies=[Depends(accessing("group_case.circle", "group_case_id"))],
    responses=refusing(StaleVersion, CaseEnded, NotAParticipant),
)
async def circle(group_case_id: UUID, body: Circle, request: Request, call: Call) -> Response:
    """Say which of the group's seats may see a case, as the convener, who stays in it."""
    case = await opened(service_of(request), call.principal, group_case_id)

    async def change(tx: Tx, one: GroupCase) -> None:
        where = one.of.forum_of(one.kommune)
        await require_convener(tx, one.of, where)
        check_seats(body.seats, [*circle_of_case(one.of, one.kommune), *one.circle])
        seats = list(dict.fromkeys([convener_of(one.of, where), *body.seats]))
        await group_cases.put_circle(tx, one, seats)
        await actors.follow_circle(tx, one.id, seats)

    return await _change(case, call, body.version, "circle", change)


async def _change(case: GroupCase, call: Call, expected: int, what: str, change: Change) -> Response:
    async def work(tx: Tx) -> Answer:
        one = await locked(tx, case.id)
        require_circle(one, tx.principal)
        one.check_open(expected)
        await change(tx, one)
        await record(tx, one, f"group_case.{what}")
        return Answer(200, {"group_case_id": case.id}, one.version + 1)

    return await call.run(work)
