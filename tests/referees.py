"""The referees of what people read: the Nu validator for pages and veraPDF for PDFs; Java programs, fetched once."""

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local.fetch import cache

DOCUMENTS = Path(__file__).parent / "contracts" / "documents"
POM = DOCUMENTS / "pom.xml"
LONGEST_S = 300


def html_errors(pages: Mapping[str, str], folder: Path) -> str:
    """Return what the Nu validator finds wrong with pages, by their names; nothing where all are right."""
    return _judged(["nu.validator.client.SimpleCommandLineValidator", "--errors-only"], pages, folder, ".html")


def pdf_errors(files: Mapping[str, bytes], folder: Path) -> str:
    """Return what veraPDF finds against PDF/UA-1 in PDFs, by their names; nothing where all are right."""
    return _judged([str(DOCUMENTS / "CheckPdf.java")], files, folder, ".pdf")


def _judged(program: list[str], files: Mapping[str, str] | Mapping[str, bytes], folder: Path, ending: str) -> str:
    written = [_written(folder / f"{name}{ending}", content) for name, content in files.items()]
    argv = ["java", "-cp", f"{_jars()}/*", *program, *written]
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    said = (ended.stdout + ended.stderr).strip()
    assert ended.returncode == 0 or said, f"{program[0]} ended with {ended.returncode} and said nothing"
    return said if ended.returncode else ""


def _written(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _jars() -> Path:
    """Return the folder of the referees' jars; another version of the pom gets a folder of its own."""
    folder = cache() / f"referees-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    done = folder / "complete"
    if not done.exists():
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
        subprocess.run(["mvn", "-q", "-B", "-f", str(POM), *goal], check=True, timeout=LONGEST_S)
        done.touch()
    return folder
