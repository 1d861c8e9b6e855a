"""A file is what its content is: taken as a paper, or refused for what it hides."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as Word
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from services.councils.domain.papers import PaperIsActive, PaperType, PaperUnreadable
from services.councils.handlers.paper_content import look_at


def a_pdf(change: Callable[[PdfWriter], object] = lambda _: None, pages: int = 2) -> io.BytesIO:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    writer.write(out)
    return out


def a_docx() -> io.BytesIO:
    out = io.BytesIO()
    Word().save(out)
    return out


def an_xlsx() -> io.BytesIO:
    out = io.BytesIO()
    Workbook().save(out)
    return out


def with_part(file: io.BytesIO, name: str, content: bytes = b"x") -> io.BytesIO:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return file


def act_when_opened(writer: PdfWriter) -> None:
    act = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(act)


def test_each_kind_is_known_by_its_content() -> None:
    assert [look_at(file).type for file in (a_pdf(), a_docx(), an_xlsx())] == [
        PaperType.PDF,
        PaperType.DOCX,
        PaperType.XLSX,
    ]


def test_a_pdf_says_how_many_pages_it_has_and_the_others_do_not() -> None:
    assert look_at(a_pdf(pages=3)).pages == 3
    assert look_at(a_docx()).pages is None


def test_the_same_content_has_the_same_checksum_whatever_was_read_before() -> None:
    file = a_pdf()
    file.read(7)
    assert look_at(file) == look_at(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"%PDF-", b"%PDF-1.7\nnothing", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", a_pdf(pages=0).getvalue()],
)
def test_what_is_no_readable_paper_is_refused(content: bytes) -> None:
    with pytest.raises(PaperUnreadable):
        look_at(io.BytesIO(content))


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(PaperUnreadable):
        look_at(a_pdf(lambda writer: writer.encrypt("secret")))


def test_a_zip_that_is_no_document_is_refused_and_so_is_one_that_says_both() -> None:
    with pytest.raises(PaperUnreadable):
        look_at(with_part(io.BytesIO(), "readme.txt"))
    with pytest.raises(PaperUnreadable):
        look_at(with_part(a_docx(), "xl/workbook.xml"))


def test_a_document_that_unpacks_to_more_than_half_a_gigabyte_is_refused() -> None:
    bomb = a_docx()
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("word/big.xml", "w") as part:
        for _ in range(501):
            part.write(bytes(1024 * 1024))
    with pytest.raises(PaperUnreadable):
        look_at(bomb)


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.bin"])
def test_a_document_with_a_macro_or_something_embedded_is_refused(part: str) -> None:
    with pytest.raises(PaperIsActive):
        look_at(with_part(a_docx(), part))


@pytest.mark.parametrize(
    "change",
    [act_when_opened, lambda writer: writer.add_attachment("a.exe", b"x")],
)
def test_a_pdf_with_a_script_or_a_file_in_it_is_refused(change: Callable[[PdfWriter], object]) -> None:
    with pytest.raises(PaperIsActive):
        look_at(a_pdf(change))


def test_a_pdf_that_opens_at_a_place_of_its_own_is_taken() -> None:
    assert look_at(a_pdf(_open_at_the_first_page)).pages == 2


def _open_at_the_first_page(writer: PdfWriter) -> None:
    writer.open_destination = writer.pages[0]
