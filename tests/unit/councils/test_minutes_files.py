"""Minutes as files say what the minutes say, in order, and can be read by everyone."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from chassis.typesetter import pdf
from services.councils.api.minutes_files import TEMPLATE, as_docx
from services.councils.api.minutes_page import page_of
from services.councils.domain.minutes import for_reader
from tests.unit.councils.builders import minutes

HELD = datetime(2026, 2, 3, 11, tzinfo=UTC)


@pytest.fixture
def document() -> dict[str, Any]:
    return minutes()


def text_of_docx(made: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs)


def test_a_word_processor_reads_title_language_headings_and_every_point(document: dict[str, Any]) -> None:
    made = as_docx(page_of(document, "Demonstration, ikke en myndighed"), HELD)
    read = docx.Document(io.BytesIO(made))
    assert read.core_properties.title == "Referat af møde nr. 1/2026, Lokalrådet i Herning Kommune"
    assert read.core_properties.language == "da-DK"
    assert {one.get(qn("w:val")) for one in read.styles.element.iter(qn("w:lang"))} == {"da-DK"}
    headings = [one.text for one in read.paragraphs if one.style and one.style.name == "Heading 1"]
    assert headings == ["1. Holtbjerg", "2. Personalesag", "Punkter, der udgik"]
    text = text_of_docx(made)
    assert "Tid: 3. februar 2026 kl. 10.00-12.00" in text
    assert "Opgave: Indkald parterne (kommune-0657, 1. marts 2026)" in text
    assert "Demonstration, ikke en myndighed" in text


def test_who_may_not_read_a_point_gets_its_number_alone(document: dict[str, Any]) -> None:
    shown = for_reader(document, {"council_member"}, keeps=False)
    text = text_of_docx(as_docx(page_of(shown, None), HELD))
    assert "2. Lukket punkt" in text
    assert "Kun for rådet" not in text
    assert "Personalesag" not in text


def test_the_pdf_says_the_same_in_the_same_order(document: dict[str, Any]) -> None:
    page = page_of(document, None)
    read = PdfReader(io.BytesIO(pdf(TEMPLATE, json.dumps(page))))
    text = " ".join(" ".join(each.extract_text() for each in read.pages).split())
    places = [
        text.index(words) for words in ("Herning Rådhus", "1. Holtbjerg", "Indsatsen begynder.", "2. Personalesag")
    ]
    assert places == sorted(places)
    assert read.metadata is not None
    assert read.metadata.title == page["title"]
