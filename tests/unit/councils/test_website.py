"""The police district's website is looked at: the plan stands there, is missing, or is another text."""

from uuid import UUID

import httpx
import pytest

from services.councils.app.website import may_ask, seen
from services.councils.store.websites import Website

SHA256 = "a" * 64
WEBSITE = Website(UUID(int=1), 1, SHA256, "https://politi.example/plan", due=True)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (httpx.Response(200, html=f"<p>Kontrolsum {SHA256}</p>"), "ok"),
        (httpx.Response(200, html="<p>En anden plan</p>"), "changed"),
        (httpx.Response(404, html="Findes ikke"), "missing"),
        (httpx.Response(410), "missing"),
        (httpx.Response(503), None),
        (httpx.Response(302, headers={"Location": "https://politi.example/"}), None),
        (httpx.Response(200, content=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), None),
    ],
)
async def test_it_is_told_what_stands_there_and_nothing_where_that_is_unknown(
    answer: httpx.Response, found: str | None
) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)) as client:
        assert await seen(WEBSITE, client) == found


async def test_a_website_that_does_not_answer_is_neither_missing_nor_there() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(away)) as client:
        assert await seen(WEBSITE, client) is None


def test_a_demonstration_asks_nobody_but_the_own_machine() -> None:
    inside = ("http://127.0.0.1:8080/plan", "http://localhost/plan", "http://[::1]/plan")
    outside = ("https://politi.dk/plan", "http://10.0.0.1/", "http://localhost.example/", "http://127.0.0.1.example/")
    assert all(may_ask(each, True) for each in inside)
    assert not any(may_ask(each, True) for each in outside)
    assert may_ask("https://politi.dk/plan", False)
