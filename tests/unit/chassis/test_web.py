"""Pages: the bands that say what they stand in, problems as pages, forms of our own alone, files kept for a year."""

import gzip
from itertools import product
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import Response
from jinja2 import UndefinedError

from chassis import problems
from chassis.web.forms import FIELDS_AT_MOST, form_of, require_own_form
from chassis.web.pages import Pages
from contracts.codes import Mode
from contracts.refusal import NotFound

PAGE = {"Accept": "text/html"}
EXERCISE, DEMONSTRATION = "ØVELSE", "Demonstration, ikke en myndighed"


def application(mode: Mode, *, demonstration: bool) -> httpx.AsyncClient:
    """Return a service of pages that is installed as somebody may install it."""
    pages, app = Pages(), FastAPI()
    app.state.service = SimpleNamespace(settings=SimpleNamespace(mode=mode, demonstration=demonstration))
    router = APIRouter(route_class=pages.route())

    @router.get("/missing")
    def missing() -> None:
        raise NotFound

    @router.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError

    @router.get("/away")
    def away() -> None:
        raise ConnectionError

    @router.get("/plain/{status}")
    def plain(status: int) -> None:
        raise HTTPException(status)

    @router.post("/form")
    async def form(request: Request) -> dict[str, str]:
        require_own_form(request)
        return await form_of(request)

    @router.get("/undefined")
    def undefined(request: Request) -> Response:
        return pages.render(request, "problem.html")

    app.include_router(router)
    app.include_router(pages.assets.router())
    app.state.pages = pages
    problems.install(app, nothing)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


async def nothing(*_: Any) -> None:  # noqa: ANN401  whatever it is told
    """Be told of a refusal."""


@pytest.fixture
def web() -> httpx.AsyncClient:
    return application(Mode.LIVE, demonstration=True)


@pytest.mark.parametrize(("mode", "demonstration"), list(product(Mode, (True, False))))
async def test_a_page_says_what_it_stands_in_and_nothing_else(mode: Mode, demonstration: bool) -> None:
    for path in ("/missing", "/broken", "/away", "/plain/404"):
        page = (await application(mode, demonstration=demonstration).get(path, headers=PAGE)).text
        assert (DEMONSTRATION in page) == demonstration
        assert (EXERCISE in page) == (mode is Mode.EXERCISE)
        assert ("<title>ØVELSE: " in page) == (mode is Mode.EXERCISE)
        assert ('class="exercise"' in page) == (mode is Mode.EXERCISE)
        assert ("exercise.svg" in page) == (mode is Mode.EXERCISE)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/missing", 404), ("/broken", 500), ("/away", 503), ("/plain/404", 404), ("/plain/400", 422), ("/plain/x", 422)],
)
async def test_a_problem_is_a_page_for_a_browser(web: httpx.AsyncClient, path: str, status: int) -> None:
    page = await web.get(path, headers=PAGE)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert ("retry-after" in page.headers) == (status == 503)
    assert "ZeroDivision" not in page.text


async def test_a_problem_is_a_document_for_a_program(web: httpx.AsyncClient) -> None:
    assert (await web.get("/missing")).headers["content-type"] == "application/problem+json"


async def test_a_template_that_lacks_a_value_fails_and_shows_no_hole() -> None:
    with pytest.raises(UndefinedError):
        await application(Mode.LIVE, demonstration=False).get("/undefined")


def test_what_stands_in_a_page_is_escaped() -> None:
    template = Pages().environment.from_string("{{ said }}")
    assert template.render(said="<script>") == "&lt;script&gt;"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"}, 403),
        ({"Purpose": "prefetch"}, 403),
    ],
)
async def test_a_form_is_taken_from_our_own_pages_alone(
    web: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await web.post("/form", headers=headers, data={"a": "1"})).status_code == status


async def test_the_fields_of_a_form_are_read(web: httpx.AsyncClient) -> None:
    assert (await web.post("/form", data={"a": "æ ø", "b": ""})).json() == {"a": "æ ø", "b": ""}
    assert (await web.post("/form")).json() == {}
    for content in (b"\xff", b"a", b"&".join([b"a=1"] * (FIELDS_AT_MOST + 1))):
        assert (await web.post("/form", content=content)).status_code == 422


async def test_a_file_is_kept_for_a_year_at_its_own_address_and_for_no_time_at_another(web: httpx.AsyncClient) -> None:
    address = Pages().assets.address("css/samvirke.css")
    packed = await web.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    plain = await web.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text
    assert (await web.get("/web/0/css/samvirke.css")).headers["cache-control"] == "no-cache"
    assert (await web.get("/web/0/css/other.css")).status_code == 404
    assert (await web.head(address)).status_code == 200


def test_the_address_of_a_file_changes_with_any_of_them() -> None:
    one, other = Pages().assets, Pages().assets
    asset = other.found["css/samvirke.css"]
    other.found["css/samvirke.css"] = type(asset)(b"", gzip.compress(b""), asset.media_type)
    assert one.version != other.version


def test_a_file_that_there_is_not_is_a_fault_of_the_template() -> None:
    with pytest.raises(KeyError):
        Pages().assets.address("css/missing.css")
