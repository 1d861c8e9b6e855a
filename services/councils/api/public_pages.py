"""What everyone reads of the councils as pages: no login, no script and no cookie."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.http import service_of
from contracts.codes import Kommunekode, municipalities
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound
from services.councils.api.area_views import area_view, list_view
from services.councils.api.local_plans import published_plan
from services.councils.api.public import EVERYONE, Number
from services.councils.api.web import PAGES
from services.councils.api.words import WORDS
from services.councils.domain.areas import CAVEAT_DA, ListKind
from services.councils.domain.kredsraad import district_municipalities
from services.councils.store import area_views, bodies, clock, meetings, minutes, overview, schools

router = APIRouter(route_class=PAGES.route(), include_in_schema=False)
PAGES.environment.filters |= WORDS

READ = ["GET", "HEAD"]
KEPT = {"Cache-Control": "public, no-cache"}

AskedYear = Annotated[int | None, Query(alias="aar", ge=2000, le=2998)]
OfYear = Annotated[int, Path(ge=2000, le=2999)]


@router.api_route("/", methods=READ)
@router.api_route("/raad", methods=READ)
async def index(request: Request) -> Response:
    """Show what there is: plans, each council's next meeting and newest minutes, local plans, areas and schools."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        councils = {one["body_id"]: one for one in await overview.councils(tx)}
        shown: dict[str, Any] = {
            "councils": [(body, councils[body.id]) for body in await bodies.every(tx)],
            "plans": await overview.plans(tx),
            "local_years": await overview.local_years(tx),
            "schools": await overview.schools_by_municipality(tx),
        }
        shown["local_year"] = shown["local_years"][0] if shown["local_years"] else None
        shown["local"] = await overview.local_plans(tx, shown["local_year"]) if shown["local_year"] else {}
    return public_page(request, "public_index.html", **shown, district=_district())


@router.api_route("/raad/omraader", methods=READ)
async def areas(request: Request, asked: AskedYear = None) -> Response:
    """Show the ministry's four lists of a year with the plan's caveat; one that nobody has entered says so."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        years = await area_views.years(tx)
        year = asked or (years[-1] if years else _year(await clock.now(tx)))
        found = {row["kind"]: row for row in await area_views.lists(tx, year)}
    lists = [list_view(kind, found.get(kind)) for kind in ListKind]
    return public_page(request, "public_areas.html", caveat=CAVEAT_DA, lists=lists, year=year, years=years[::-1])


@router.api_route("/raad/omraader/{area_id}", methods=READ)
async def area(area_id: UUID, request: Request) -> Response:
    """Show one area: on which lists it stands, why, and what is done; always with the plan's caveat."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        view = await area_view(tx, area_id)
    return public_page(request, "public_area.html", area=view)


@router.api_route("/raad/skoler", methods=READ)
async def school_contacts(request: Request, kommune: Kommunekode | None = None) -> Response:
    """Show the schools of a municipality with the contact points of both sides."""
    district = _district()
    if kommune is not None and kommune not in district:
        raise NotFound
    async with service_of(request).database.tx(EVERYONE) as tx:
        counts = await overview.schools_by_municipality(tx)
        found = await schools.listed(tx, kommune) if kommune else []
    return public_page(request, "public_schools.html", district=district, kommune=kommune, schools=found, counts=counts)


@router.api_route("/raad/lokalplaner", methods=READ)
async def local(request: Request, asked: AskedYear = None) -> Response:
    """Show which lokalraad have a published plan of a year, and which have none."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        years = await overview.local_years(tx)
        year = asked or (years[0] if years else _year(await clock.now(tx)))
        found = await overview.local_plans(tx, year)
    return public_page(request, "public_local_plans.html", district=_district(), year=year, years=years, found=found)


@router.api_route("/raad/lokalplaner/{kommunekode}/{year}", methods=READ)
async def newest_local_plan(kommunekode: Kommunekode, year: OfYear, request: Request) -> Response:
    """Show the newest published edition of a lokalraad's plan."""
    return await _local_plan(request, kommunekode, year, None)


@router.api_route("/raad/lokalplaner/{kommunekode}/{year}/udgave/{number}", methods=READ)
async def local_plan(kommunekode: Kommunekode, year: OfYear, number: Number, request: Request) -> Response:
    """Show one published edition of a lokalraad's plan, which reads the same for ever."""
    return await _local_plan(request, kommunekode, year, number)


@router.api_route("/raad/referater/{meeting_id}", methods=READ)
async def minutes_page(meeting_id: UUID, request: Request) -> Response:
    """Show a meeting's published minutes; confidential points do not stand in them."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await minutes.published(tx, meeting_id)
    if found is None:
        raise NotFound
    return public_page(request, "public_minutes.html", found=found, minutes=found["document"])


@router.api_route("/raad/{body_id}", methods=READ)
async def council(body_id: UUID, request: Request, asked: AskedYear = None) -> Response:
    """Show a council's meetings of a year: when and where, and where their minutes are."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        body = await bodies.found(tx, body_id)
        if body is None:
            raise NotFound
        now = await clock.now(tx)
        year = asked or _year(now)
        span = await overview.meeting_years(tx, body_id) or (year, year)
        shown = {
            "meetings": await meetings.of_body(tx, body_id, year),
            "published": await overview.published_of_year(tx, body_id, year),
        }
    years = range(max(span[1], year), min(span[0], year) - 1, -1)
    return public_page(request, "public_council.html", body=body, year=year, years=years, now=now, **shown)


async def _local_plan(request: Request, kommunekode: str, year: int, number: int | None) -> Response:
    found, noted = await published_plan(request, kommunekode, year, number)
    content = found["content"]
    shown = {"found": found, "plan": content["document"], "given": content["approvals"], "noted": noted}
    return public_page(request, "public_local_plan.html", **shown)


def public_page(request: Request, template: str, **shown: Any) -> Response:  # noqa: ANN401  what a template shows
    """Return a page that everyone may read."""
    return PAGES.render(request, template, headers=KEPT, **shown)


def _year(now: datetime) -> int:
    return now.astimezone(DANISH_TIME).year


def _district() -> dict[str, str]:
    return {code: municipalities()[code].name for code in district_municipalities()}
