"""A public comparison of two years' plans: what stays, what came and what went, as data and as a page."""

from functools import lru_cache
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from services.councils.api import page
from services.councils.api.plan_views import ComparisonView
from services.councils.api.public import as_public_json, as_public_page, demonstration, plan_of
from services.councils.domain.comparing import compare

router = APIRouter(tags=["offentligt"])

Year = Annotated[int, Path(ge=2000, le=2999)]

_template = page.environment().get_template("comparison.html")


@router.get("/plans/{year}/comparison/{other:int}.html", response_class=HTMLResponse)
async def read_comparison_page(year: Year, other: Year, request: Request) -> Response:
    """Return how the plan of one year became that of another, as a page."""
    said = await _between(request, year, other)
    html = _template.render(said=said, style=page.STYLE, marks=said.get("demonstration", ""))
    return as_public_page(request, html, said["address"])


@router.get("/plans/{year}/comparison/{other}", response_model=ComparisonView)
async def read_comparison(year: Year, other: Year, request: Request) -> Response:
    """Return how the plan of one year became that of another: sections word by word, priorities and initiatives."""
    return as_public_json(request, await _between(request, year, other))


async def _between(request: Request, year: int, other: int) -> dict[str, Any]:
    old, new = await plan_of(request, year, None), await plan_of(request, other, None)
    address = f"/plans/{year}/comparison/{other}"
    said = {
        "older": _named(old),
        "newer": _named(new),
        "address": address,
        "page": f"{address}.html",
    }
    return demonstration(request) | said | _compared(_kept(old), _kept(new))


def _named(plan: dict[str, Any]) -> dict[str, Any]:
    return {name: plan[name] for name in ("year", "edition", "address", "page", "document_sha256")} | {
        "title": plan["document"]["title"]
    }


def _kept(plan: dict[str, Any]) -> bytes:
    return orjson.dumps(plan["document"], option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=64)
def _compared(old: bytes, new: bytes) -> dict[str, Any]:
    """Return the comparison of two texts; published ones never change, so it is worked out once."""
    return compare(orjson.loads(old), orjson.loads(new))
