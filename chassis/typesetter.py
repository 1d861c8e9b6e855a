"""Sets one document as a tagged PDF (PDF/UA-1): a page as JSON in, bytes out; a program, started for each PDF.

It is started by its path with the path of a template, and of a folder where it takes in other PDFs. It imports nothing
of Samvirke, so that the compiler's memory never stays in a service.
"""

import sys
from pathlib import Path
from typing import Any

import typst


def pdf(template: Path, page: str) -> bytes:
    """Return the PDF of a page; no time and no font of the machine goes in, so the same page gives the same bytes."""
    made: bytes = typst.compile(template.read_bytes(), pdf_standards=["ua-1"], **_given(page))
    return made


def collection(template: Path, page: str, folder: Path) -> bytes:
    """Return a PDF that takes in other PDFs of a folder; no such file can be PDF/UA, for theirs need not be."""
    made: bytes = typst.compile(template.read_bytes(), root=str(folder), **_given(page))
    return made


def _given(page: str) -> dict[str, Any]:
    return {"format": "pdf", "sys_inputs": {"page": page}, "ignore_system_fonts": True, "timestamp": 0}


def main(template: str, *folders: str) -> bytes:
    """Set the page on standard input; with a folder it may take in the PDFs that lie there."""
    page = sys.stdin.read()
    return collection(Path(template), page, Path(folders[0])) if folders else pdf(Path(template), page)


if __name__ == "__main__":
    sys.stdout.buffer.write(main(*sys.argv[1:]))
