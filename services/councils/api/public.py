"""What everyone may read without login: published plans, and who sits on the councils."""

import hashlib
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
from services.councils import store
from services.councils.api import page
from services.councils.domain.kredsraad import Seat, district_municipalities
from services.councils.domain.lokalraad import Lokalraad

router = APIRouter(tags=["offentligt"])

EVERYONE = Principal(subject="everyone", authority="")
"""Whoever reads without login; nothing about citizens is within reach here."""

DEMONSTRATION = "Demonstration, ikke en myndighed"

DENMARK = ZoneInfo("Europe/Copenhagen")

Year = Annotated[int, Path(ge=2000, le=2999)]
Number = Annotated[int, Path(ge=1, le=9999)]


# The pages come first: a year alone would take `2023.html` for a year.
@router.head("/plans/{year:int}.html", include_in_schema=False)
@router.get("/plans/{year:int}.html", response_class=HTMLResponse)
async def read_plan_page(year: Year, request: Request) -> Response:
    """Return the newest published edition as a page."""
    return _html(request, _plan(request, await _edition(request, year, None)))


@router.head("/plans/{year}/editions/{number:int}.html", include_in_schema=False)
@router.get("/plans/{year}/editions/{number:int}.html", response_class=HTMLResponse)
async def read_edition_page(year: Year, number: Number, request: Request) -> Response:
    """Return one published edition as a page."""
    return _html(request, _plan(request, await _edition(request, year, number)))


@router.head("/plans/{year}", include_in_schema=False)
@router.get("/plans/{year}")
async def read_plan(year: Year, request: Request) -> Response:
    """Return the newest published edition of a year's plan."""
    return _json(request, _plan(request, await _edition(request, year, None)))


@router.head("/plans/{year}/editions/{number}", include_in_schema=False)
@router.get("/plans/{year}/editions/{number}")
async def read_edition(year: Year, number: Number, request: Request) -> Response:
    """Return one published edition, which reads the same for ever."""
    return _json(request, _plan(request, await _edition(request, year, number)))


@router.get("/kredsraad")
async def read_kredsraad(request: Request, on: Day | None = None) -> Response:
    """Return the kredsraad with those who held its offices on a day; today when none is given."""
    async with _database(request).tx(EVERYONE) as tx:
        found = await store.kredsraad(tx, on)
        day = on or (await store.now(tx)).astimezone(DENMARK).date()
    if found is None:
        raise NotFound
    return _json(
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


@router.get("/lokalraad")
async def read_lokalraad(request: Request) -> Response:
    """Return every lokalraad, and how many of the district's municipalities have one (O-2-06)."""
    async with _database(request).tx(EVERYONE) as tx:
        found = await store.all_lokalraad(tx)
    coverage = {"established": len(found), "municipalities": len(district_municipalities())}
    return _json(request, {"coverage": coverage, "lokalraad": [_lokalraad(one) for one in found]})


async def _edition(request: Request, year: int, number: int | None) -> store.Edition:
    async with _database(request).tx(EVERYONE) as tx:
        found = await store.edition(tx, year, number)
    if found is None:
        raise NotFound
    return found


def _plan(request: Request, found: store.Edition) -> dict[str, Any]:
    address = f"/plans/{found.year}/editions/{found.edition}"
    told = {
        "year": found.year,
        "edition": found.edition,
        "address": address,
        "page": f"{address}.html",
        "published_at": found.published_at,
        "document_sha256": found.document_sha256,
    }
    marked = {"demonstration": DEMONSTRATION} if service_of(request).settings.demonstration else {}
    return marked | told | found.content


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


def _json(request: Request, value: dict[str, Any]) -> Response:
    links = {"Link": f'<{value["page"]}>; rel="alternate"; type="text/html"'} if "page" in value else {}
    return _answer(request, orjson.dumps(value, default=str), "application/json", links)


def _html(request: Request, plan: dict[str, Any]) -> Response:
    links = {"Link": f'<{plan["address"]}>; rel="alternate"; type="application/json"'}
    return _answer(request, page.render(plan).encode(), "text/html; charset=utf-8", links | page.HEADERS)


def _answer(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Answer with a strong ETag over the bytes, or with 304 when the reader has them already."""
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = headers | {"ETag": etag, "Cache-Control": "public, no-cache"}
    known = request.headers.get("if-none-match", "")
    if etag in {each.strip().removeprefix("W/") for each in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _database(request: Request) -> Database:
    return service_of(request).database
