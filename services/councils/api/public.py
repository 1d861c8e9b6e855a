"""What everyone may read without login: published plans, and who sits on the councils."""

import hashlib
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from chassis.database import Database
from chassis.http import service_of
from chassis.identity import Principal
from contracts.codes import LegalBasis, municipalities
from contracts.form import Day
from contracts.refusal import NotFound
from services.councils.api import page
from services.councils.api.plan_pdf import as_pdf
from services.councils.api.plan_views import AllLokalraadView, KredsraadView, PlanView
from services.councils.api.schema_names import described_by
from services.councils.domain.kredsraad import Seat, district_municipalities
from services.councils.domain.lokalraad import Lokalraad
from services.councils.store import clock, councils, local_plans, naming, plans

router = APIRouter(tags=["offentligt"])

EVERYONE = Principal(subject="everyone", authority="")
"""Whoever reads without login; nothing about citizens is within reach here."""

DEMONSTRATION = "Demonstration, ikke en myndighed"

DENMARK = ZoneInfo("Europe/Copenhagen")

PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}

Year = Annotated[int, Path(ge=2000, le=2999)]
Number = Annotated[int, Path(ge=1, le=9999)]


# The pages come first: a year alone would take `2023.html` for a year.
@router.head("/plans/{year:int}.html", include_in_schema=False)
@router.get("/plans/{year:int}.html", response_class=HTMLResponse)
async def read_plan_page(year: Year, request: Request) -> Response:
    """Return the newest published edition as a page."""
    return _html(request, await plan_of(request, year, None))


@router.head("/plans/{year}/editions/{number:int}.html", include_in_schema=False)
@router.get("/plans/{year}/editions/{number:int}.html", response_class=HTMLResponse)
async def read_edition_page(year: Year, number: Number, request: Request) -> Response:
    """Return one published edition as a page."""
    return _html(request, await plan_of(request, year, number))


@router.head("/plans/{year:int}.pdf", include_in_schema=False)
@router.get("/plans/{year:int}.pdf", response_class=Response, responses=PDF)
async def read_plan_pdf(year: Year, request: Request) -> Response:
    """Return the newest published edition as a tagged PDF."""
    return await _pdf(request, await plan_of(request, year, None))


@router.head("/plans/{year}/editions/{number:int}.pdf", include_in_schema=False)
@router.get("/plans/{year}/editions/{number:int}.pdf", response_class=Response, responses=PDF)
async def read_edition_pdf(year: Year, number: Number, request: Request) -> Response:
    """Return one published edition as a tagged PDF, whose bytes stay the same for ever."""
    return await _pdf(request, await plan_of(request, year, number))


@router.head("/plans/{year}", include_in_schema=False)
@router.get("/plans/{year}", response_model=PlanView)
async def read_plan(year: Year, request: Request) -> Response:
    """Return the newest published edition of a year's plan."""
    return as_public_json(request, await plan_of(request, year, None))


@router.head("/plans/{year}/editions/{number}", include_in_schema=False)
@router.get("/plans/{year}/editions/{number}", response_model=PlanView)
async def read_edition(year: Year, number: Number, request: Request) -> Response:
    """Return one published edition, which reads the same for ever."""
    return as_public_json(request, await plan_of(request, year, number))


@router.get("/kredsraad", response_model=KredsraadView)
async def read_kredsraad(request: Request, on: Day | None = None) -> Response:
    """Return the kredsraad with those who held its offices on a day; today when none is given."""
    async with _database(request).tx(EVERYONE) as tx:
        found = await councils.kredsraad(tx, on)
        day = on or (await clock.now(tx)).astimezone(DENMARK).date()
    if found is None:
        raise NotFound
    return as_public_json(
        request,
        {
            "kredsraad_id": found.kredsraad_id,
            "district": found.district,
            "legal_basis": LegalBasis.RETSPLEJELOVEN_111_113,
            "in_service": found.in_service,
            "on": day,
            "seats": [_seat(seat, day) for seat in found.seats],
        },
    )


@router.get("/lokalraad", response_model=AllLokalraadView)
async def read_lokalraad(request: Request) -> Response:
    """Return every lokalraad, and how many of the district's municipalities have one (O-2-06)."""
    async with _database(request).tx(EVERYONE) as tx:
        found = await councils.all_lokalraad(tx)
    coverage = {"established": len(found), "municipalities": len(district_municipalities())}
    return as_public_json(request, {"coverage": coverage, "lokalraad": [_lokalraad(one) for one in found]})


async def plan_of(request: Request, year: int, number: int | None) -> dict[str, Any]:
    """Return a published edition with all that everyone reads about it; NotFound where there is none."""
    async with _database(request).tx(EVERYONE) as tx:
        found = await plans.edition(tx, year, number)
        known = await plans.editions(tx, year)
        local = await local_plans.focus_areas(tx, year)
        if found is None:
            raise NotFound
        noted = await naming.under_plan(tx, found.content["signed"])
    lokalraad = page.local_of(found.content["document"], local)
    return _plan(request, found, known) | {"lokalraad": lokalraad, "corrected_names": [asdict(one) for one in noted]}


def _plan(request: Request, found: plans.Edition, known: list[dict[str, Any]]) -> dict[str, Any]:
    address = f"/plans/{found.year}/editions/{found.edition}"
    told = {
        "year": found.year,
        "edition": found.edition,
        "state": next(one["state"] for one in known if one["edition"] == found.edition),
        "editions": known,
        "address": address,
        "page": f"{address}.html",
        "pdf": f"{address}.pdf",
        "package": f"{address}.zip",
        "published_at": found.published_at,
        "document_sha256": found.document_sha256,
        "legal_basis": LegalBasis.RETSPLEJELOVEN_111_113,
    }
    return demonstration(request) | told | found.content


def demonstration(request: Request) -> dict[str, Any]:
    """Return what marks a demonstration; nothing elsewhere."""
    return {"demonstration": DEMONSTRATION} if service_of(request).settings.demonstration else {}


def _seat(seat: Seat, day: date) -> dict[str, Any]:
    holder = seat.term.holder if seat.term.covers(day) else None
    return {
        "authority": seat.authority,
        "office": seat.office,
        "chair": seat.chair,
        "title": seat.title,
        "holder": holder,
    }


def _lokalraad(one: Lokalraad) -> dict[str, Any]:
    return {
        "lokalraad_id": one.lokalraad_id,
        "kommunekode": one.kommunekode,
        "name": f"Lokalrådet i {municipalities()[one.kommunekode].name} Kommune",
        "in_service": one.in_service,
        "seats": one.seats,
    }


def as_public_json(request: Request, value: object) -> Response:
    """Answer everyone with JSON, with where its schema is, and where its page is."""
    page_of = value.get("page") if isinstance(value, dict) else None
    links = {"Link": f'<{page_of}>; rel="alternate"; type="text/html"'} if page_of else {}
    # The driver's own kind of UUID is not orjson's.
    return as_public_file(request, orjson.dumps(value, default=str), "application/json", links)


def as_public_page(request: Request, html: str, address: str) -> Response:
    """Answer everyone with a page, and with where its data are."""
    links = {"Link": f'<{address}>; rel="alternate"; type="application/json"'}
    return as_public_file(request, html.encode(), "text/html; charset=utf-8", links | page.HEADERS)


def _html(request: Request, plan: dict[str, Any]) -> Response:
    return as_public_page(request, page.render(plan), plan["address"])


async def _pdf(request: Request, plan: dict[str, Any]) -> Response:
    named = f'inline; filename="samarbejdsplan-{plan["year"]}-udgave-{plan["edition"]}.pdf"'
    headers = {"Content-Language": "da", "Content-Disposition": named}
    return as_public_file(request, await as_pdf(plan), "application/pdf", headers)


def as_public_file(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Answer with a strong ETag over the bytes, or with 304 when the reader has them already."""
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    links = ", ".join(filter(None, (headers.get("Link"), described_by(request))))
    headers = headers | ({"Link": links} if links else {}) | {"ETag": etag, "Cache-Control": "public, no-cache"}
    known = request.headers.get("if-none-match", "")
    if etag in {each.strip().removeprefix("W/") for each in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _database(request: Request) -> Database:
    return service_of(request).database
