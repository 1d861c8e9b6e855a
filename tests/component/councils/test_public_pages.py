"""What everyone reads of the councils in a browser: no error of markup, nothing for axe to find, and nothing closed."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser

from services.councils.domain.areas import CAVEAT_DA
from tests.component.alerting.browser import open_browser, picture, shoot, telephone
from tests.component.councils.history import CLOSED, YEAR
from tests.component.councils.seating import Councils
from tests.referees import html_errors

pytestmark = pytest.mark.component

PAPER = {"width": 643, "height": 971}
"""A4 between margins of two centimetres, in the pixels of a style sheet."""
Pages = dict[str, str]
CORRECTED = {
    "kind": "forebyggelse",
    "year": 2022,
    "issuer": "Indenrigs- og Boligministeriet",
    "source": "Listen, som ministeriet rettede den",
    "areas": [
        {"title": "Holtbjerg", "kommunekode": "0657", "crime_criterion": False},
        {"title": "Trekanten", "kommunekode": "0661", "crime_criterion": True},
        {"title": "Nyby", "kommunekode": "0657", "crime_criterion": True},
        {"crime_criterion": False},
    ],
    "reason": "Ministeriet rettede listen.",
    "edition": 1,
}


@pytest.fixture(scope="module")
def pages(history: Councils) -> Pages:
    """Return every kind of public page by a name."""
    herning = history.body("0657")
    history.ask("POST", "/area-lists", json=CORRECTED)
    minutes = history.sql("select meeting_id from minutes_edition where body_id = $1 limit 1", UUID(herning))
    named = history.sql("select area_id from area where title = 'Holtbjerg'")
    unnamed = history.sql("select area_id from area where title is null limit 1")
    return {
        "forside": "/raad",
        "raad": f"/raad/{herning}?aar={YEAR}",
        "raad-tomt": f"/raad/{herning}?aar=2001",
        "referat": f"/raad/referater/{minutes}",
        "omraader": "/raad/omraader?aar=2022",
        "omraader-ukendt": "/raad/omraader?aar=2012",
        "omraade": f"/raad/omraader/{named}",
        "omraade-uden-navn": f"/raad/omraader/{unnamed}",
        "omraader-udgave": "/raad/omraader/lister/forebyggelse/2022/2",
        "skoler": "/raad/skoler",
        "skoler-herning": "/raad/skoler?kommune=0657",
        "skoler-struer": "/raad/skoler?kommune=0671",
        "lokalplaner": f"/raad/lokalplaner?aar={YEAR}",
        "lokalplan": f"/raad/lokalplaner/0657/{YEAR}",
        "lokalplan-udgave": f"/raad/lokalplaner/0657/{YEAR}/udgave/1",
        "plan": "/plans/2023.html",
        "sammenligning": f"/plans/2023/comparison/{YEAR}.html",
        "findes-ikke": f"/raad/{uuid4()}",
    }


@pytest.fixture(scope="module")
def browser(pages: Pages) -> Iterator[Browser]:
    assert pages
    with open_browser() as found:
        yield found


def test_no_page_has_an_error_of_markup_a_script_a_cookie_or_a_link_to_nowhere(
    history: Councils, pages: Pages, tmp_path: Path
) -> None:
    read: Pages = {}
    demonstration = "demonstration" in history.everyone("GET", "/plans/2023").json()
    for name, address in pages.items():
        answer = history.everyone("GET", address, headers={"Accept": "text/html"})
        assert answer.status_code == (404 if name == "findes-ikke" else 200), (address, answer.text[:300])
        assert "set-cookie" not in answer.headers, address
        assert "<script" not in answer.text or name == "findes-ikke", address
        assert ("Demonstration, ikke en myndighed" in answer.text) is demonstration, address
        assert CLOSED not in answer.text, address
        read[name] = answer.text
    assert html_errors(read, tmp_path) == ""
    links = {link for text in read.values() for link in re.findall(r'href="(/[^"#]*)"', text)}
    lost = [link for link in sorted(links) if history.everyone("GET", link.replace("&amp;", "&")).status_code >= 400]
    assert lost == []


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-06")
def test_a_page_about_areas_carries_the_caveat_and_tells_none_from_unknown(history: Councils, pages: Pages) -> None:
    for name in ("omraader", "omraader-ukendt", "omraade", "omraade-uden-navn", "omraader-udgave"):
        assert CAVEAT_DA in history.everyone("GET", pages[name]).text
    known, unknown = (history.everyone("GET", pages[name]).text for name in ("omraader", "omraader-ukendt"))
    assert "<strong>Ingen.</strong>" in known
    assert (unknown.count("<strong>Ukendt.</strong>"), unknown.count("<strong>Ingen.</strong>")) == (4, 0)
    assert "Navn ikke i kilden" in known


@pytest.mark.timeout(300)  # a picture of each page
def test_each_page_reads_on_paper_without_what_only_a_screen_is_for(
    browser: Browser, history: Councils, pages: Pages
) -> None:
    with telephone(browser, viewport=PAPER) as page:
        page.emulate_media(media="print")
        for name, address in pages.items():
            page.goto(history.stack.url("councils") + address)
            picture(page, f"councils-{name}-papir")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert page.locator("h1").is_visible(), name
            hidden = page.locator("nav, .skipnav, .skip, .trail, .on-screen")
            assert name == "findes-ikke" or not any(one.is_visible() for one in hidden.all()), name


def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(
    browser: Browser, history: Councils, pages: Pages
) -> None:
    base = history.stack.url("councils")
    for name, address in pages.items():
        with telephone(browser) as page:
            page.goto(base + address)
            shoot(page, f"councils-{name}")
