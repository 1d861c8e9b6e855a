"""A bundle is one document whose page numbers hold, also when something is added to it."""

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from pypdf import PdfReader, PdfWriter

from services.councils.api.bundle import Front, Point, bundle
from services.councils.domain.papers import Content, Paper, PaperType

FRONT = Front("Møde nr. 1/2026 i Lokalrådet i Herning Kommune", {"Tid": "3. februar 2026 kl. 10"})
OF_ALL = re.compile(r"Side (\d+) af (\d+)")


def a_paper(folder: Path, number: int, pages: int, *, supplement: bool = False) -> Paper:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    content = Content(f"{number:064x}", PaperType.PDF, 1, pages)
    writer.write(folder / f"{content.sha256}.pdf")
    return Paper(UUID(int=number), UUID(int=9), f"Statistik {number}", content, supplement=supplement)


def made(points: list[Point], folder: Path) -> PdfReader:
    return PdfReader(io.BytesIO(asyncio.run(bundle(FRONT, points, folder))))


def page_of_annex(read: PdfReader, label: str) -> int:
    """Return on which page an annex begins, counted from 1."""
    return next(
        (read.get_destination_page_number(one) or 0) + 1
        for one in read.outline
        if not isinstance(one, list) and str(one.title).startswith(label)
    )


def test_every_page_has_its_number_and_the_agenda_says_where_each_annex_is(tmp_path: Path) -> None:
    points = [
        Point(1, "Kriminalitetsudviklingen", ["Til drøftelse."], [a_paper(tmp_path, 1, 3)]),
        Point(2, "SSP", [], [a_paper(tmp_path, 2, 2)]),
    ]
    read = made(points, tmp_path)
    numbers = [OF_ALL.search(page.extract_text()) for page in read.pages]
    assert [int(one[1]) for one in numbers if one] == list(range(1, len(read.pages) + 1))
    for label in ("Bilag 1", "Bilag 2"):
        assert f"{label}: Statistik {label[-1]}, side {page_of_annex(read, label)}" in read.pages[0].extract_text()


def test_a_supplement_is_marked_and_moves_no_page(tmp_path: Path) -> None:
    first, second = a_paper(tmp_path, 1, 3), a_paper(tmp_path, 2, 2)
    late = a_paper(tmp_path, 3, 1, supplement=True)
    before = made([Point(1, "SSP", [], [first]), Point(2, "PSP", [], [second])], tmp_path)
    after = made([Point(1, "SSP", [], [late, first]), Point(2, "PSP", [], [second])], tmp_path)
    assert [page_of_annex(after, label) for label in ("Bilag 1", "Bilag 2")] == [
        page_of_annex(before, label) for label in ("Bilag 1", "Bilag 2")
    ]
    assert page_of_annex(after, "Tillæg 1 til punkt 1") == len(before.pages) + 1


def test_what_is_no_pdf_is_named_and_fetched_by_itself(tmp_path: Path) -> None:
    sheet = a_paper(tmp_path, 1, 1)
    sheet = replace(sheet, content=replace(sheet.content, type=PaperType.XLSX, pages=None))
    read = made([Point(1, "SSP", [], [sheet])], tmp_path)
    assert "Bilaget er en fil (XLSX) og hentes for sig." in read.pages[-1].extract_text()
