"""Indicators and signals: figures are previewed and entered, everyone reads the series, a lokalraad answers signals."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Role, municipalities
from contracts.form import WHOLE, Packed, Truth
from contracts.refusal import Refusal, StaleVersion
from services.councils.api.areas import require_district
from services.councils.api.common import Asking, Call, Sent, answer, require_version
from services.councils.api.following_views import IndicatorsView, SeriesView, TaxonomiesView
from services.councils.api.public import EVERYONE, as_public_json
from services.councils.domain.indicators import (
    Indicator,
    IndicatorUnknown,
    Quarter,
    TrendIsAnswered,
    change,
    indicator,
    trend_rules,
)
from services.councils.domain.indicators import indicators as known
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.mandatory import DIGITAL_CRIME_VERSION, DigitalCrime
from services.councils.domain.schools import PolitigarantiType, SchoolType
from services.councils.domain.tables import (
    ColumnsUnmatched,
    NotATable,
    Read,
    TableHasFaults,
    TableTooLarge,
    read,
)
from services.councils.domain.wording import Line, Text
from services.councils.handlers import indicators as handlers
from services.councils.handlers.spreadsheets import rows_of
from services.councils.store import indicators

router = APIRouter(tags=["indikatorer"])

Heading = Annotated[str, StringConstraints(min_length=1, max_length=100)]
SHOWN = 20


class NotThePreviewed(Refusal):
    """What is entered is the very file that was previewed."""

    slug = "not-the-previewed"
    status = 422
    title = "Filen er en anden end den, der blev vist i forhåndsvisningen."
    todo = "Se forhåndsvisningen af denne fil, og bekræft med dens kontrolsum."


class TableSent(Sent):
    """A table in CSV or XLSX, as base64; `columns` says which heading is what, where it cannot be told."""

    content: Annotated[Packed, Field(max_length=900_000)]
    columns: Annotated[dict[str, Heading], Field(max_length=10, default_factory=dict)]


class FiguresConfirmed(TableSent):
    """The table that was previewed, by its checksum, and where it comes from."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    source: Line


class TrendAnswerSent(Sent):
    """The lokalraad acts, or it does not; either with the reason."""

    version: Annotated[int, Field(ge=0, le=2**31), WHOLE]
    acts: Truth
    reason: Text


@router.get("/indicators", response_model=IndicatorsView)
async def list_indicators(request: Request) -> Response:
    """Return the indicators, and the rules with their thresholds by which a development is put on an agenda."""
    return as_public_json(request, {"indicators": list(known().values()), "rules": list(trend_rules())})


@router.get("/taxonomies", response_model=TaxonomiesView)
async def taxonomies(request: Request) -> Response:
    """Return the closed lists of plan 4.3 and 4.4: digital crime, politigaranti and types of school."""
    digital = {"version": DIGITAL_CRIME_VERSION, "codes": {one.value: one.danish for one in DigitalCrime}}
    garanti = {one.value: one.danish for one in PolitigarantiType}
    known_types = {"digital_crime": digital, "politigaranti": garanti, "school_types": list(SchoolType)}
    return as_public_json(request, known_types)


@router.get("/indicators/{code}", response_model=SeriesView, responses=refusing(IndicatorUnknown))
async def read_series(code: str, request: Request) -> Response:
    """Return an indicator's series per municipality and quarter, with baseline and change; counts of reports alone."""
    of, own = indicator(code), district_municipalities()
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await indicators.series(tx, code, own)
        others = await indicators.elsewhere(tx, code, own)
    compared = {"status": "ok", "quarters": others} if others else {"status": "mangler", "quarters": []}
    series = [_series(of, place, found.get(place, {})) for place in own]
    return as_public_json(request, {"indicator": of, "series": series, "other_districts": compared})


@router.post(
    "/indicators/{code}/preview", responses=refusing(IndicatorUnknown, NotATable, TableTooLarge, ColumnsUnmatched)
)
async def preview(code: str, body: TableSent, principal: Asking, request: Request) -> Response:
    """Show what a table would give, line by line where something is wrong; nothing is saved."""
    principal.require(Role.SECRETARY)
    of = indicator(code)
    table = read(rows_of(body.content), body.columns)
    async with service_of(request).database.tx(principal) as tx:
        changed = await indicators.changed(tx, of.code, table.figures)
    return answer(_preview(body.content, table) | {"changed": len(changed)})


@router.post(
    "/indicators/{code}/figures",
    status_code=201,
    responses=refusing(
        *(IndicatorUnknown, NotATable, TableTooLarge, ColumnsUnmatched, TableHasFaults, NotThePreviewed)
    ),
)
async def enter(code: str, body: FiguresConfirmed, call: Call) -> Response:
    """Enter a previewed table; a development that a rule finds in it is a signal on a lokalraad's next agenda."""
    call.require(Role.SECRETARY)
    if hashlib.sha256(body.content).hexdigest() != body.sha256:
        raise NotThePreviewed
    table = read(rows_of(body.content), body.columns)

    async def work(tx: Tx) -> Answer:
        await require_district(tx)
        import_id, signals = await handlers.enter(tx, code, table, body.source, body.content)
        return Answer(201, {"figure_import_id": import_id, "trend_ids": [str(one) for one in signals]})

    return await call.run(work)


@router.get("/trends")
async def read_trends(request: Request, principal: Asking) -> Response:
    """Return the signals of the reader's councils, with the rule and its thresholds."""
    principal.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    async with service_of(request).database.tx(principal) as tx:
        rows = await indicators.trends(tx)
    return answer({"rules": list(trend_rules()), "trends": rows})


@router.post("/trends/{trend_id}/answer", responses=refusing(TrendIsAnswered, StaleVersion))
async def answer_trend(trend_id: UUID, body: TrendAnswerSent, call: Call) -> Response:
    """Answer a signal for a lokalraad: it acts, or not, with the reason (O-2-04)."""

    async def work(tx: Tx) -> Answer:
        trend, council = await handlers.kept_trend(tx, trend_id)
        require_version(body.version, trend.version)
        version = await handlers.answer(tx, trend, council, body.reason, acts=body.acts)
        return Answer(200, {"trend_id": trend_id}, version)

    call.require(Role.SECRETARY)
    return await call.run(work)


def _preview(content: bytes, table: Read) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "columns": table.columns,
        "figures": len(table.figures),
        "first": list(table.figures[:SHOWN]),
        "faults": list(table.faults),
    }


def _series(of: Indicator, kommunekode: str, series: Mapping[Quarter, int]) -> dict[str, Any]:
    quarters = []
    for (year, quarter), count in sorted(series.items()):
        base = series.get((of.baseline, quarter))
        quarters.append(
            {"year": year, "quarter": quarter, "count": count, "baseline": base, "change_percent": change(count, base)}
        )
    return {
        "kommunekode": kommunekode,
        "municipality": municipalities()[kommunekode].name,
        "status": "ok" if quarters else "mangler",
        "quarters": quarters,
    }
