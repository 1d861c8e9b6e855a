"""What everyone reads of designated areas: the ministry's lists, why an area stands there, and what is done about it.

Areas stand by municipality and name, never by a figure: nothing here ranks them.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.database import Tx
from chassis.http import service_of
from contracts.codes import Role, municipalities
from contracts.refusal import NotFound
from services.councils.api.caveat import OnAreas, among_authorities, published
from services.councils.api.common import Asking
from services.councils.api.public import EVERYONE
from services.councils.domain.areas import CAVEAT_DA, NOT_IN_THE_SOURCE, ListKind
from services.councils.domain.ruled import rules
from services.councils.store import area_views, areas, screenings

router = APIRouter(tags=["områder"])


class Part(BaseModel):
    """A part of an answer about areas."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class ListedView(Part):
    """One area as it stands on a list."""

    area_id: UUID
    title: str | None
    kommunekode: str | None
    municipality: str | None
    note: str | None
    """`Navn ikke i kilden` where the source does not name the area (O-4.1-04)."""
    crime_criterion: bool | None


class ListView(Part):
    """One kind of list in a year: `ingen` is a fact, `ukendt` says that nobody has entered it (O-4.1-01)."""

    kind: ListKind
    title: str
    status: str
    """`ingen`, `omraader` or `ukendt`."""
    count: int | None
    area_list_id: UUID | None = None
    edition: int | None = None
    issuer: str | None = None
    source: str | None = None
    reason: str | None = None
    """Why it was corrected."""
    in_force: bool | None = None
    """False: a newer year's list has come, and this one is history."""
    areas: tuple[ListedView, ...] = ()


class ListsView(OnAreas):
    """The four lists of a year."""

    year: int
    lists: tuple[ListView, ...]


class LineView(Part):
    """One line of why: value, threshold, year and source (O-4.1-03)."""

    code: str
    title: str
    value: str | None
    threshold: str
    met: bool | None
    year: int
    source: str


class CriteriaView(Part):
    """What the law gives for an area's published figures; the ministry's list is the fact, whatever stands here."""

    area_list_id: UUID
    year: int
    law: str
    law_source: str
    met: bool
    differs_from_list: bool
    """The own computation gives no, and the area stands on the list: shown, and it changes nothing (O-4.1-02)."""
    lines: tuple[LineView, ...]
    evaluated_at: datetime


class StandingView(Part):
    """One list on which the area stands or has stood."""

    area_list_id: UUID
    kind: ListKind
    year: int
    edition: int
    issuer: str
    source: str
    in_force: bool
    crime_criterion: bool | None
    newest: bool
    """False: the list was corrected, and the area stands on it no longer."""
    removed_because: str | None
    """The reason of the correction that took the area off the list."""


class MonitoringView(Part):
    """How the area is or was followed."""

    monitoring_id: UUID
    scope: str
    every_days: int
    review_on: date
    end_condition: str
    finding: str | None
    started_at: datetime
    reviewed_at: datetime | None
    ended_at: datetime | None
    ended_because: str | None
    overdue: bool


class AssessmentView(Part):
    """What people assessed the area to be."""

    assessment_id: UUID
    verdict: str
    reason: str
    assessed_at: datetime


class EffortView(Part):
    """An effort of several authorities that is running in the area."""

    joint_effort_id: UUID
    body_id: UUID
    title: str
    parties: tuple[str, ...]
    others: tuple[str, ...]
    recorded_at: datetime


class AreaView(OnAreas):
    """One area with its lists, why it stands there, and what is done."""

    area_id: UUID
    title: str | None
    kommunekode: str | None
    municipality: str | None
    note: str | None
    lists: tuple[StandingView, ...]
    criteria: tuple[CriteriaView, ...]
    monitoring: tuple[MonitoringView, ...]
    assessments: tuple[AssessmentView, ...]
    running_initiatives: tuple[EffortView, ...]
    version: int


class CellView(Part):
    """One area's count as it may be shown."""

    kommunekode: str
    title: str
    count: str
    proposed: bool


class ScreeningView(Part):
    """One quarter's screening; without counts it says so."""

    crime_screening_id: UUID
    year: int
    quarter: int
    status: str
    """`gennemfoert` or `mangler_tal`."""
    sha256: str | None
    completed_at: datetime | None
    found: tuple[CellView, ...]


class ScreeningsView(OnAreas):
    """The screenings of the district, with the rule by which they propose."""

    propose_from: int
    suppress_below: int
    screenings: tuple[ScreeningView, ...]


Year = Annotated[int, Query(ge=2000, le=2999)]


@router.get("/area-lists", response_model=ListsView)
async def read_lists(request: Request, year: Year) -> Response:
    """Return the ministry's four lists of a year, as far as they touch the district."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = {row["kind"]: row for row in await area_views.lists(tx, year)}
    view = ListsView(caveat_da=CAVEAT_DA, year=year, lists=tuple(list_view(kind, found.get(kind)) for kind in ListKind))
    return published(request, view)


@router.get("/areas/{area_id}", response_model=AreaView)
async def read_area(area_id: UUID, request: Request) -> Response:
    """Return one area that stands, or has stood, on a list."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        view = await area_view(tx, area_id)
    return published(request, view)


@router.get("/screenings", response_model=ScreeningsView)
async def read_screenings(request: Request, principal: Asking) -> Response:
    """Return the screenings of the district for those who sit on its councils: counts below five are not shown."""
    principal.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    async with service_of(request).database.tx(principal) as tx:
        rows = await screenings.listed(tx)
    rule = rules()["screening"]
    view = ScreeningsView(
        caveat_da=CAVEAT_DA,
        propose_from=rule["propose_from"],
        suppress_below=rule["suppress_below"],
        screenings=tuple(_screening(row) for row in rows),
    )
    return among_authorities(view)


def list_view(kind: ListKind, row: dict[str, Any] | None) -> ListView:
    """Return one kind of list in a year, which nobody may have entered."""
    if row is None:
        return ListView(kind=kind, title=kind.danish, status="ukendt", count=None)
    listed = tuple(listed_view(one) for one in row["areas"])
    status = "omraader" if listed else "ingen"
    return ListView.model_validate(
        row | {"title": kind.danish, "status": status, "count": len(listed), "areas": listed}
    )


def listed_view(row: dict[str, Any]) -> ListedView:
    """Return one area as it stands on a list."""
    return ListedView.model_validate(row | _place(row))


def _place(row: dict[str, Any]) -> dict[str, Any]:
    code = row["kommunekode"]
    return {
        "municipality": municipalities()[code].name if code else None,
        "note": None if row["title"] else NOT_IN_THE_SOURCE,
    }


async def area_view(tx: Tx, area_id: UUID) -> AreaView:
    """Return all that everyone reads of an area; NotFound where there is none."""
    area = await areas.found(tx, area_id)
    if area is None:
        raise NotFound
    history = await area_views.history(tx, area_id)
    on = {row["area_list_id"] for row in history if row["newest"]}
    place = {"title": area.title, "kommunekode": area.kommunekode}
    criteria = await area_views.criteria(tx, area_id)
    return AreaView(
        caveat_da=CAVEAT_DA,
        area_id=area.id,
        **place | _place(place),
        lists=tuple(StandingView.model_validate(row) for row in history),
        criteria=tuple(_criteria(row, on) for row in criteria),
        monitoring=tuple(MonitoringView.model_validate(row) for row in await area_views.monitorings(tx, area_id)),
        assessments=tuple(AssessmentView.model_validate(row) for row in await area_views.assessments(tx, area_id)),
        running_initiatives=tuple(map(EffortView.model_validate, await areas.running_initiatives(tx, area_id))),
        version=area.version,
    )


def _criteria(row: dict[str, Any], on: set[UUID]) -> CriteriaView:
    return CriteriaView.model_validate(row | {"differs_from_list": (row["area_list_id"] in on) != row["met"]})


def _screening(row: dict[str, Any]) -> ScreeningView:
    status = "mangler_tal" if row["found"] is None else "gennemfoert"
    return ScreeningView.model_validate(row | {"status": status, "found": row["found"] or ()})
