"""Plans and minutes as people get them: a page without an error, and a PDF that a screen reader can read."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chassis.typesetter import pdf
from services.councils.api import minutes_files, minutes_page
from services.councils.api.plan_pdf import TEMPLATE, page_of
from services.councils.domain.minutes import for_everyone, for_reader
from tests.referees import html_errors, pdf_errors
from tests.unit.councils.builders import a_point, html, minutes, published


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json.dumps(published(), default=str))
    return said


@pytest.fixture(scope="module")
def made(plan: dict[str, Any]) -> bytes:
    return pdf(TEMPLATE, json.dumps(page_of(plan)))


def test_the_plan_s_page_has_no_error(tmp_path: Path) -> None:
    assert html_errors({"plan": html()}, tmp_path) == ""


def test_the_referee_of_pages_finds_an_error(tmp_path: Path) -> None:
    assert "Duplicate ID" in html_errors({"bad": html().replace('id="indhold"', 'id="forord"')}, tmp_path)


def test_the_plan_s_pdf_is_accessible_as_far_as_a_machine_can_tell(made: bytes, tmp_path: Path) -> None:
    assert pdf_errors({"plan": made}, tmp_path) == ""


def test_minutes_as_pdf_are_accessible_as_far_as_a_machine_can_tell(tmp_path: Path) -> None:
    document = minutes()
    long = [a_point(number, f"Punkt {number}", text="Rådet drøftede sagen. " * 90) for number in range(1, 13)]
    said = {
        "published": for_everyone(document),
        "of-a-member": for_reader(document, {"council_member"}, keeps=False),
        "long": document | {"items": long},
        "bare": document | {"items": [], "left_out": [], "attendance": []},
    }
    made = {name: as_minutes(one, None) for name, one in said.items()}
    made["demonstration"] = as_minutes(said["published"], "Demonstration, ikke en myndighed")
    assert pdf_errors(made, tmp_path) == ""


def test_minutes_as_pdf_have_a_title_a_language_and_a_bookmark_for_every_point() -> None:
    read = PdfReader(io.BytesIO(as_minutes(for_everyone(minutes()), None)))
    assert read.metadata is not None
    assert read.metadata.title == "Referat af møde nr. 1/2026, Lokalrådet i Herning Kommune"
    assert str(read.root_object["/Lang"]).startswith("da")
    assert _titles(read.outline) == ["1. Holtbjerg", "Punkter, der udgik"]


def test_the_referee_of_pdfs_finds_an_error(made: bytes, tmp_path: Path) -> None:
    untagged = made.replace(b"/StructTreeRoot", b"/StructTreeNone", 1)
    assert "tagged as real content" in pdf_errors({"bad": untagged}, tmp_path)


def test_the_same_plan_gives_the_same_bytes(plan: dict[str, Any], made: bytes) -> None:
    assert pdf(TEMPLATE, json.dumps(page_of(plan))) == made


def test_it_has_a_title_a_language_and_a_bookmark_for_every_section(plan: dict[str, Any], made: bytes) -> None:
    read = PdfReader(io.BytesIO(made))
    assert read.metadata is not None
    assert read.metadata.title == plan["document"]["title"]
    assert str(read.root_object["/Lang"]) == "da"
    marked = " ".join(_titles(read.outline))
    assert [heading for heading in _headings(plan) if heading not in marked] == []


def test_its_text_stands_in_the_order_in_which_the_page_says_it(plan: dict[str, Any], made: bytes) -> None:
    text = _close(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))
    at = text.index(_close(plan["document"]["foreword"]["blocks"][0]["text"])[:60])
    for words in _words(plan):
        at = text.index(_close(words)[:60], at)


def as_minutes(document: dict[str, Any], mark: str | None) -> bytes:
    """Return minutes as everybody gets them on paper."""
    return pdf(minutes_files.TEMPLATE, json.dumps(minutes_page.page_of(document, mark)))


def _titles(outline: Iterable[Any]) -> list[str]:
    return [title for one in outline for title in (_titles(one) if isinstance(one, list) else [one.title])]


def _headings(plan: dict[str, Any]) -> list[str]:
    return [section["heading"] for section in _sections(plan)]


def _words(plan: dict[str, Any]) -> list[str]:
    blocks = [block for section in _sections(plan) for block in section["blocks"]]
    return [words for block in blocks for words in block.get("items", [block.get("text", "")]) if words]


def _sections(plan: dict[str, Any]) -> list[dict[str, Any]]:
    document = plan["document"]
    tops = [section for part in document["parts"] for section in part["sections"]] + document["annexes"]
    return [section for top in tops for section in _below(top)]


def _below(section: dict[str, Any]) -> list[dict[str, Any]]:
    return [section, *(deeper for below in section["sections"] for deeper in _below(below))]


def _close(text: str) -> str:
    """Return a text without its white space and hyphens, where lines break."""
    return "".join(text.split()).replace("-", "")
