"""The district's secretariat enters the ministry's lists, shows why, follows in proportion and assesses (plan 4.1)."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, WithJsonSchema

from chassis.database import Tx
from chassis.http import Answer, Command
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import FIGURE, WHOLE, Day
from contracts.refusal import StaleVersion
from services.councils.api.common import Call, Sent, kept_body
from services.councils.api.secretariat import KredsraadMissing
from services.councils.domain.areas import (
    AreaNotListed,
    AreaOutsideDistrict,
    CorrectionNeedsReason,
    CrimeCriterionNotMet,
    LawUnknown,
    Listed,
    ListedTwice,
    ListKind,
    MonitoredAlready,
    MunicipalityMissing,
    NotMonitored,
    ReviewDayWrong,
    Verdict,
)
from services.councils.domain.criteria import Criterion, Figures
from services.councils.domain.screening import Counted, CountedTwice, QuarterNotOver, ScreeningNotWhole
from services.councils.domain.wording import Line, Text
from services.councils.handlers import areas, screenings
from services.councils.store import bodies
from services.councils.store.monitoring import Monitoring

router = APIRouter(tags=["områder"])

Year = Annotated[int, Field(ge=2000, le=2999), WHOLE]
Percent = Annotated[
    Decimal, Field(ge=0, le=1000), FIGURE, WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1000})
]


class ListSent(Sent):
    """One of the ministry's lists, as far as it touches the district; no areas at all is a fact."""

    kind: ListKind
    year: Year
    issuer: Line
    source: Line
    areas: Annotated[tuple[Listed, ...], Field(max_length=200)]
    reason: Text | None = None
    edition: Annotated[int, Field(ge=0, le=9999), WHOLE] = 0


class FiguresSent(Sent):
    """Published figures of an area on a list: of the area as a whole, never of anybody in it."""

    area_list_id: UUID
    year: Year
    source: Line
    residents: Annotated[int, Field(ge=0, le=1_000_000), WHOLE]
    share: Annotated[Percent, Field(le=100), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})]
    values: dict[Criterion, Percent]


class MonitoringSent(Sent):
    """How an area is followed: how far, how often, when it is looked at again, and when it ends."""

    scope: Text
    every_days: Annotated[int, Field(ge=1, le=366), WHOLE]
    review_on: Day
    end_condition: Text


class ReviewSent(Sent):
    """What was found, and when it is looked at the next time."""

    finding: Text
    review_on: Day


class Reason(Sent):
    """Why."""

    reason: Text


class AssessmentSent(Sent):
    """Whether an area is suited to a joint effort, with the reason."""

    verdict: Verdict
    reason: Text


class CountsSent(Sent):
    """A quarter's counts of reports by area, of the whole district."""

    year: Year
    quarter: Annotated[int, Field(ge=1, le=4), WHOLE]
    counts: Annotated[tuple[Counted, ...], Field(min_length=1, max_length=2000)]


@router.post(
    "/area-lists",
    status_code=201,
    responses=refusing(CorrectionNeedsReason, ListedTwice, AreaOutsideDistrict, MunicipalityMissing, StaleVersion),
)
async def import_list(body: ListSent, call: Call) -> Response:
    """Enter the ministry's list of a kind and year, or correct it with a reason."""

    async def work(tx: Tx) -> Answer:
        said = (body.kind, body.year, body.issuer, body.source, body.areas, body.reason, body.edition)
        entered = await areas.import_list(tx, areas.Sent(*said))
        return Answer(201, {"area_list_id": entered.area_list_id}, entered.edition)

    return await of_district(call, work)


@router.post("/areas/{area_id}/figures", status_code=201, responses=refusing(AreaNotListed, LawUnknown))
async def send_figures(area_id: UUID, body: FiguresSent, call: Call) -> Response:
    """Hold a listed area's published figures against the law, to show why it stands there."""

    async def work(tx: Tx) -> Answer:
        figures = Figures(body.year, body.source, body.residents, body.share, body.values)
        criteria_id, version = await areas.evaluate_area(tx, area_id, body.area_list_id, figures)
        return Answer(201, {"criteria_id": criteria_id}, version)

    return await of_district(call, work)


@router.post(
    "/areas/{area_id}/monitoring",
    status_code=201,
    responses=refusing(AreaNotListed, CrimeCriterionNotMet, ReviewDayWrong, MonitoredAlready),
)
async def start_monitoring(area_id: UUID, body: MonitoringSent, call: Call) -> Response:
    """Begin to follow an area on the forebyggelsesliste that meets the crime criterion, in proportion."""

    async def work(tx: Tx) -> Answer:
        new = Monitoring(body.scope, body.every_days, body.review_on, body.end_condition)
        monitoring_id, version = await areas.start_monitoring(tx, area_id, new)
        return Answer(201, {"monitoring_id": monitoring_id}, version)

    return await of_district(call, work)


@router.post("/areas/{area_id}/monitoring/review", responses=refusing(NotMonitored, ReviewDayWrong))
async def review_monitoring(area_id: UUID, body: ReviewSent, call: Call) -> Response:
    """Look at the monitoring again: what was found, and when is the next time."""

    async def work(tx: Tx) -> Answer:
        monitoring_id, version = await areas.review_monitoring(tx, area_id, body.finding, body.review_on)
        return Answer(200, {"monitoring_id": monitoring_id}, version)

    return await of_district(call, work)


@router.post("/areas/{area_id}/monitoring/end", responses=refusing(NotMonitored))
async def end_monitoring(area_id: UUID, body: Reason, call: Call) -> Response:
    """End the monitoring of an area with a reason; it stays as history."""

    async def work(tx: Tx) -> Answer:
        monitoring_id, version = await areas.end_monitoring(tx, area_id, body.reason)
        return Answer(200, {"monitoring_id": monitoring_id}, version)

    return await of_district(call, work)


@router.post("/areas/{area_id}/assessment", status_code=201)
async def assess(area_id: UUID, body: AssessmentSent, call: Call) -> Response:
    """Say whether an area is suited to a joint effort of municipality, police and others."""

    async def work(tx: Tx) -> Answer:
        assessment_id, version = await areas.assess(tx, area_id, body.verdict, body.reason)
        return Answer(201, {"assessment_id": assessment_id}, version)

    return await of_district(call, work)


@router.post("/screenings", status_code=201, responses=refusing(ScreeningNotWhole, CountedTwice, QuarterNotOver))
async def send_counts(body: CountsSent, call: Call) -> Response:
    """Send a quarter's counts by area, from which the screening of the district is made when it is due."""

    async def work(tx: Tx) -> Answer:
        screening_id = await screenings.send_counts(tx, body.year, body.quarter, body.counts)
        return Answer(201, {"crime_screening_id": screening_id})

    return await of_district(call, work)


async def of_district(call: Command, work: Callable[[Tx], Awaitable[Answer]]) -> Response:
    """Run a command of the secretary who keeps the kredsraad's papers."""
    call.require(Role.SECRETARY)

    async def run(tx: Tx) -> Answer:
        await require_district(tx)
        return await work(tx)

    return await call.run(run)


async def require_district(tx: Tx) -> None:
    """Refuse whoever does not keep the kredsraad's papers; its row is locked until the work is done."""
    body = await bodies.the_kredsraad(tx)
    if body is None:
        raise KredsraadMissing
    await kept_body(tx, body.id)
