"""The export for the evaluation of the offer to drivers under influence: cells, never persons, as JSON and CSV."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.codes import AuthorityKind, Role, authorities
from contracts.form import Day
from contracts.hverdage import DANISH_TIME
from contracts.referrals.v1 import EvaluationExported
from contracts.refusal import NotFound
from services.referrals.api.common import Asking, Body, Call, answer
from services.referrals.api.reports import counted_in
from services.referrals.domain.evaluation import (
    EVALUATED,
    EVALUATION_BEGAN,
    PROJECT_BEGAN,
    NotEvaluatedYet,
    as_csv,
    as_json,
    cells,
    check,
    quarters,
)
from services.referrals.domain.programmes import programme
from services.referrals.domain.reporting import Period, PeriodNotOver, PeriodUnusable
from services.referrals.handlers.acting import tell
from services.referrals.store import clock, evaluations

router = APIRouter(tags=["rapport"])

EXPORTERS = (Role.LEADER, Role.DATA_PROTECTION)


class Form(StrEnum):
    """How an export is read."""

    JSON = "json"
    CSV = "csv"


class Exporting(Body):
    """For which days."""

    first_day: Day
    last_day: Day


def require_exporter(principal: Principal) -> None:
    """Refuse all but the leader and the data protection adviser of the police, whose project it is."""
    principal.require(*EXPORTERS)
    authority = authorities().get(principal.authority)
    if authority is None or authority.kind is not AuthorityKind.POLICE:
        raise Forbidden


@router.post("/evaluations", status_code=201, responses=refusing(PeriodUnusable, NotEvaluatedYet, PeriodNotOver))
async def export(body: Exporting, call: Call) -> Response:
    """Take out the cells of a period that is over for Center for Rusmiddelforskning, and tell that it was done."""
    require_exporter(call.principal)
    period = Period(body.first_day, body.last_day)
    period.check()
    check(period)
    return await call.run(lambda tx: _export(tx, period))


async def _export(tx: Tx, period: Period) -> Answer:
    now, evaluation_id, of = await clock.now(tx), new_id(), programme(EVALUATED)
    period.check_over(now.astimezone(DANISH_TIME).date())
    found, left_out = cells({quarter: await counted_in(tx, of, quarter) for quarter in quarters(period)})
    await evaluations.add(tx, evaluation_id, of.code, period, as_json(found))
    event = EvaluationExported(
        evaluation_id=evaluation_id,
        programme=of.code,
        first_day=period.first,
        last_day=period.last,
        cells=len(found),
        left_out=left_out,
    )
    await tell(tx, event, 1, evaluation_id, now)
    return Answer(201, {"evaluation_id": evaluation_id}, 1)


@router.get("/evaluations/{evaluation_id}")
async def read(
    evaluation_id: UUID, request: Request, principal: Asking, form: Annotated[Form, Query(alias="format")] = Form.JSON
) -> Response:
    """Answer an export as it left, as JSON or CSV."""
    require_exporter(principal)
    async with service_of(request).database.tx(principal) as tx:
        found = await evaluations.found(tx, evaluation_id)
    if found is None:
        raise NotFound
    if form is Form.CSV:
        text = as_csv(found["cells"])
        return Response(text, headers={"Cache-Control": "no-store"}, media_type="text/csv; charset=utf-8")
    return answer(found | {"project_began": PROJECT_BEGAN, "evaluation_began": EVALUATION_BEGAN})
