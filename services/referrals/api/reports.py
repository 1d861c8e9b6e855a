"""Reports: a programme's figures for a period, counted when asked for, or published so that they stand fast."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.codes import AuthorityKind, Kommunekode, Role, authorities, municipalities
from contracts.form import Day
from contracts.hverdage import DANISH_TIME
from contracts.referrals.v1 import ReportPublished
from contracts.refusal import NotFound
from services.referrals.api.common import Asking, Body, Call, answer, check_open_to
from services.referrals.domain.outcomes import Tally
from services.referrals.domain.programmes import Programme, programme, programmes
from services.referrals.domain.reporting import (
    AlreadyPublished,
    NeverPublished,
    Period,
    PeriodNotOver,
    PeriodUnusable,
    is_in_circle,
    report,
    tallies,
)
from services.referrals.domain.suppression import TOTAL
from services.referrals.handlers.acting import tell
from services.referrals.store import clock, counted, reports

router = APIRouter(tags=["rapport"])

READERS = (Role.SECRETARY, Role.LEADER, Role.REFERRER, Role.RECEIVER)
"""Whoever refers, receives, leads, or prepares what the councils read."""
PUBLISHERS = (Role.SECRETARY, Role.LEADER)
PARTIES = frozenset({AuthorityKind.POLICE, AuthorityKind.POLICE_UNIT, AuthorityKind.MUNICIPALITY})
MOST_LISTED = 1000


class Publishing(Body):
    """Which programme's figures stand fast, and for which days."""

    programme: str
    first_day: Day
    last_day: Day


def require_reader(principal: Principal, *roles: Role) -> None:
    """Refuse whoever is no party of the cooperation, or has none of the roles."""
    principal.require(*roles)
    authority = authorities().get(principal.authority)
    if authority is None or authority.kind not in PARTIES:
        raise Forbidden


def readable(principal: Principal, code: str) -> Programme:
    """Return a programme whose figures somebody may read; a confidential one looks missing outside its circle."""
    of, authority = programme(code), authorities()[principal.authority]
    if of.confidential and not is_in_circle(of, authority.kind, principal.office):
        raise NotFound
    check_open_to(principal, of)
    return of


async def counted_in(tx: Tx, of: Programme, period: Period) -> dict[str, Tally]:
    """Return what the period comes to, for each municipality of the district and all of it."""
    kommuner = [code for code, one in municipalities().items() if one.in_district]
    found, said_no = await counted.of_period(tx, of.code, period), await counted.declined_in(tx, of.code, period)
    return tallies(found, said_no, {*kommuner, *(one.kommune for one in found), *said_no})


@router.get("/outcomes/{code}", responses=refusing(PeriodUnusable))
async def outcomes(
    code: str,
    request: Request,
    principal: Asking,
    first_day: Annotated[date, Query(alias="from")],
    last_day: Annotated[date, Query(alias="to")],
    kommune: Annotated[Kommunekode | None, Query()] = None,
) -> Response:
    """Answer a programme's figures for whole months, by the day of the yes; nobody can be told from them."""
    require_reader(principal, *READERS)
    of, period = readable(principal, code), Period(first_day, last_day)
    period.check()
    async with service_of(request).database.tx(principal) as tx:
        found = await counted_in(tx, of, period)
    if kommune and kommune not in found:
        raise NotFound
    return answer(report(of, period, found, kommune or TOTAL))


@router.post(
    "/reports",
    status_code=201,
    responses=refusing(PeriodUnusable, PeriodNotOver, AlreadyPublished, NeverPublished),
)
async def publish(body: Publishing, call: Call) -> Response:
    """Let the figures of a period that is over stand fast, for the district and each municipality."""
    require_reader(call.principal, *PUBLISHERS)
    of, period = readable(call.principal, body.programme), Period(body.first_day, body.last_day)
    period.check()
    if of.confidential:
        raise NeverPublished
    return await call.run(lambda tx: _publish(tx, of, period))


async def _publish(tx: Tx, of: Programme, period: Period) -> Answer:
    now, report_id = await clock.now(tx), new_id()
    period.check_over(now.astimezone(DANISH_TIME).date())
    found = await counted_in(tx, of, period)
    figures = {where: report(of, period, found, where) for where in found}
    if not await reports.add(tx, report_id, of.code, period, figures):
        raise AlreadyPublished
    event = ReportPublished(report_id=report_id, programme=of.code, first_day=period.first, last_day=period.last)
    await tell(tx, event, 1, report_id, now)
    return Answer(201, {"report_id": report_id}, 1)


@router.get("/reports")
async def listed(
    request: Request, principal: Asking, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200
) -> list[dict[str, Any]]:
    """Answer which reports are published, the latest period first."""
    require_reader(principal, *READERS)
    async with service_of(request).database.tx(principal) as tx:
        rows = await reports.listed(tx, limit)
    return [row | {"name": programmes()[row["programme"]].name} for row in rows]


@router.get("/reports/{report_id}")
async def published(report_id: UUID, request: Request, principal: Asking) -> Response:
    """Answer a published report: the figures as they stood, for the district and each municipality."""
    require_reader(principal, *READERS)
    async with service_of(request).database.tx(principal) as tx:
        found = await reports.found(tx, report_id)
    if found is None:
        raise NotFound
    at, figures = found
    return answer({"report_id": report_id, "published_at": at, "figures": figures})
