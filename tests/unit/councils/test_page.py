"""The page of the plan: everything is on it, in order, and anyone can read it."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from contracts.codes import municipalities
from services.councils.api import page
from tests.unit.councils.builders import document, html, published

VOID = {"meta", "link", "br"}
LEAST_CONTRAST = 4.5
"""WCAG 2.2, AA, for text of ordinary size."""


class Reader(HTMLParser):
    """Reads a page as a test needs it: elements with attributes, headings, and the text of each section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.said.append(data)
        if re.fullmatch(r"h\d", self.open[-1]) if self.open else False:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def read() -> Reader:
    return Reader(html())


def test_it_is_danish_and_fits_small_screens(read: Reader) -> None:
    assert read.all("html")[0]["lang"] == "da"
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.all("meta")


def test_every_element_is_closed(read: Reader) -> None:
    assert read.open == []


def test_headings_come_in_order_without_a_missing_level(read: Reader) -> None:
    levels = [level for level, _ in read.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_the_plans_own_headings_stand_in_the_plans_order(read: Reader) -> None:
    found = [text for _, text in read.headings]
    wanted = [
        *("FORORD", "DEL 1", "1. KREDSRÅDETS ORGANISERING OG ANSVAR", "2. LOKALRÅDENES ORGANISERING OG ANSVAR"),
        *("3. PRIORITEREDE INDSATSOMRÅDER 2023", "1. Indsats i forhold til psykiske syge og psykisk sårbare"),
        *("2. Lokale prioriterede område", "DEL 2", "4. FLERÅRSAFTALEN 2021-2023 OG ANDRE SÆRLIGE INITIATIVER"),
        *("4.1 Indsats i særligt udpegede områder", "4.4 Narkotikasalg ved skoler"),
        *("5. BILAG - ØVRIGE RÅD OG NÆVNS ORGANISERING OG ANSVAR", "5.3 Den Lokale Beredskabsstab"),
        "6.8.1 Samarbejde med misbrugsrådgivningen omkring spirituskørsel og narkokørsel",
    ]
    assert [text for text in found if text in wanted] == wanted


def test_landmarks_hold_the_page_and_the_skip_link_comes_first(read: Reader) -> None:
    assert [len(read.all(tag)) for tag in ("aside", "header", "nav", "main", "footer")] == [1, 1, 1, 1, 1]
    first = read.all("a")[0]
    assert (first["class"], first["href"]) == ("skip", f"#{read.all('main')[0]['id']}")


def test_every_id_is_its_own_and_every_link_inside_the_page_leads_somewhere(read: Reader) -> None:
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = [str(link["href"])[1:] for link in read.all("a") if str(link["href"]).startswith("#")]
    labelled = [attrs["aria-labelledby"] for _, attrs in read.elements if "aria-labelledby" in attrs]
    assert set(inside) | set(labelled) <= set(ids)


def test_every_section_of_the_plan_is_in_the_table_of_contents(read: Reader) -> None:
    linked = {link["href"] for link in read.all("a")}
    for tag in ("h2", "h3", "h4"):
        plans_own = [attrs["id"] for attrs in read.all(tag) if str(attrs.get("id", "")).startswith(("afsnit-", "del-"))]
        assert {f"#{each}" for each in plans_own} <= linked


def test_it_has_no_script_no_form_no_cookie_and_nothing_from_elsewhere(read: Reader) -> None:
    assert not [tag for tag, _ in read.elements if tag in {"script", "img", "iframe", "form", "object", "embed"}]
    assert not [attrs for _, attrs in read.elements if any(name.startswith("on") for name in attrs)]
    assert not re.search(r"https?://|url\(|@import", html())
    assert "script-src" not in page.HEADERS["Content-Security-Policy"]


def test_it_says_that_it_is_a_demonstration(read: Reader) -> None:
    assert read.text.index("Demonstration, ikke en myndighed.") < read.text.index("Underskrevet")


def test_outside_a_demonstration_it_does_not() -> None:
    real = {name: value for name, value in published().items() if name != "demonstration"}
    assert "Demonstration" not in Reader(page.render(real)).text


@pytest.mark.ledger("O-0-05")
@pytest.mark.ledger("O-0-06")
def test_the_twelve_names_stand_under_place_and_date(read: Reader) -> None:
    after = read.text[read.text.index("Holstebro, den 3.januar 2023.") :]
    for name in published()["signed"]["signatures"]:
        assert f"{name['name']} {name['title']}" in after


@pytest.mark.ledger("O-1-01")
def test_the_legal_basis_is_shown(read: Reader) -> None:
    assert "Retsplejelovens §§ 111-113" in read.text


@pytest.mark.ledger("O-3-01")
@pytest.mark.ledger("O-4-05")
def test_every_priority_is_on_the_page(read: Reader) -> None:
    overview = read.text[read.text.index("Oversigten er ikke en del") :]
    for area in document().focus_areas:
        assert area.title in overview
    for primary in document().primary_areas:
        assert overview.count(f"{primary.section} {primary.title}") == len(primary.lokalraad)


@pytest.mark.ledger("O-3-02")
@pytest.mark.ledger("O-3-07")
def test_every_lokalraad_is_on_the_page_with_its_empty_marker(read: Reader) -> None:
    table = read.text[read.text.index("De elleve lokalråd") : read.text.index("Boligområder på ministeriets lister")]
    assert table.count("Ikke angivet i kilden") == 11
    for group in document().local_focus_areas:
        assert f" {municipalities()[group.kommunekode].name} " in table


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-04")
@pytest.mark.ledger("O-4.1-06")
@pytest.mark.ledger("O-4.1-07")
def test_every_area_is_on_the_page_and_never_without_the_caveat(read: Reader) -> None:
    lists = read.text[read.text.index("Boligområder på ministeriets lister") : read.text.index("Planens kontrolsum")]
    caveat = next(each.caveat_da for each in document().area_lists if each.caveat_da)
    for area in (area for each in document().area_lists for area in each.areas if area.name):
        assert f"{area.name}, {municipalities()[str(area.kommunekode)].name}" in lists
    assert "Parallelsamfund 2022: ingen" in lists
    assert lists.count("Navn ikke i kilden") == 2
    assert len(re.findall(re.escape(f"Planens forbehold: {caveat}"), read.text)) == 2


def test_text_is_escaped() -> None:
    changed: dict[str, Any] = published()
    changed["document"]["title"] = "<script>alert(1)</script>"
    assert "<script>" not in page.render(changed)


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("ink", "paper"),
        ("soft", "paper"),
        ("accent", "paper"),
        ("ink", "tint"),
        ("soft", "tint"),
        ("accent", "tint"),
        ("ink", "mark"),
    ],
)
def test_text_stands_out_from_what_is_behind_it(front: str, back: str) -> None:
    assert contrast(colour(front), colour(back)) >= LEAST_CONTRAST


def colour(name: str) -> str:
    found = re.search(rf"--{name}: #([0-9a-f]+);", html())
    assert found
    short = found[1]
    return short if len(short) == 6 else "".join(each * 2 for each in short)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(hexadecimal: str) -> float:
    parts = [int(hexadecimal[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("number", "above", "wanted"),
    [("4", None, "afsnit-4"), ("4.1", "4", "afsnit-4-1"), ("1", "3", "afsnit-3-1"), ("6.8.1", "6.8", "afsnit-6-8-1")],
)
def test_anchors_are_stable_and_none_is_taken_twice(number: str, above: str | None, wanted: str) -> None:
    assert page.anchor(number, above) == wanted


def test_a_day_is_written_in_danish_by_the_clock_in_denmark() -> None:
    assert page.danish_day("2023-01-03") == "3. januar 2023"
    # 23:30 UTC on New Year's Eve is the new year in Denmark.
    late = published()["published_at"].replace(year=2025, month=12, day=31, hour=23, minute=30)
    assert page.danish_day(late) == "1. januar 2026"
