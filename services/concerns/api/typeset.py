"""Sets one edition as a tagged PDF (PDF/UA-1): page as JSON in, bytes out; a program, started for each PDF.

It is started by its path and imports nothing of Samvirke, so that the compiler's memory never stays in a service.
"""

import sys
from pathlib import Path

import typst


def pdf(page: str) -> bytes:
    """Return the PDF of a page; no time and no font of the machine goes in, so the same page gives the same bytes."""
    made: bytes = typst.compile(
        Path(__file__).with_name("edition.typ").read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"page": page},
        ignore_system_fonts=True,
        timestamp=0,
    )
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(pdf(sys.stdin.read()))
