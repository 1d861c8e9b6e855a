"""What a file is, by its content: never by its name or by what the sender calls it."""

import hashlib
import zipfile
from typing import IO, Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from services.councils.domain.papers import Content, PaperIsActive, PaperType, PaperUnreadable

_PIECE = 1024 * 1024
_UNPACKED = 500 * 1024 * 1024
"""Bytes that a document may hold unpacked: more is a bomb."""
_MAIN = {"word/document.xml": PaperType.DOCX, "xl/workbook.xml": PaperType.XLSX}
_ACTIVE_PARTS = ("vbaproject.bin", "vbadata.xml", "/embeddings/", "/activex/", "/macrosheets/")
_ACTIVE_KEYS = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/AA", "/RichMedia", "/XFA"}


def look_at(file: IO[bytes]) -> Content:
    """Return what a file's content is.

    Raises:
        PaperUnreadable: it is no PDF, DOCX or XLSX, or cannot be opened.
        PaperIsActive: it would do something when it is opened.
    """
    sha256, size = _sum(file)
    file.seek(0)
    if file.read(5) == b"%PDF-":
        return Content(sha256, PaperType.PDF, size, _pages(file))
    return Content(sha256, _office_type(file), size, None)


def _sum(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _pages(file: IO[bytes]) -> int:
    try:
        read = PdfReader(file)
        pages, active = len(read.pages), _is_active(read)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, AttributeError, OSError) as error:
        raise PaperUnreadable from error
    if active:
        raise PaperIsActive
    if not pages:
        raise PaperUnreadable
    return pages


def _is_active(read: PdfReader) -> bool:
    """Tell whether the catalogue, its names, a page or one of its notes holds what acts."""
    root = read.root_object
    names: Any = root["/Names"].get_object() if "/Names" in root else {}
    notes = [note.get_object() for page in read.pages for note in page.get("/Annots") or []]
    actions = [note["/A"].get_object() for note in notes if "/A" in note]
    held = {key for one in (root, names, *read.pages, *notes, *actions) for key in one}
    held |= {str(action.get("/S")) for action in actions}
    return bool(held & _ACTIVE_KEYS) or not _only_a_place(root.get("/OpenAction"))


def _only_a_place(action: object) -> bool:
    """Tell whether what happens on opening is no more than showing a place in the document."""
    found = action.get_object() if hasattr(action, "get_object") else action
    return found is None or isinstance(found, list) or (isinstance(found, dict) and found.get("/S") == "/GoTo")


def _office_type(file: IO[bytes]) -> PaperType:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            broken = sum(part.file_size for part in parts) > _UNPACKED or packed.testzip() is not None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise PaperUnreadable from error
    kinds = {_MAIN[name] for name in names if name in _MAIN}
    if broken or len(kinds) != 1 or "[Content_Types].xml" not in names:
        raise PaperUnreadable
    if any(part in f"/{name.lower()}" for name in names for part in _ACTIVE_PARTS):
        raise PaperIsActive
    return kinds.pop()
