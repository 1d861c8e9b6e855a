"""A meeting's papers as one PDF: the agenda, then each annex, every page with its number in the whole.

Supplements come last, each marked, so that no page gets another number when one is added. The whole is no PDF/UA, for
it takes in others' files as they are; the agenda by itself is, and each annex can be fetched as it was sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.typesetting import typeset
from services.councils.domain.papers import Paper, PaperType

TEMPLATE = Path(__file__).with_name("bundle.typ")
"""How a bundle is set."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the agenda as it stands in the bundle."""

    number: int
    title: str
    lines: Sequence[str]
    papers: Sequence[Paper]
    """In the order in which they were entered."""


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before the points."""

    title: str
    facts: Mapping[str, str]
    mark: str | None = None
    """The mark of a demonstration."""


async def bundle(front: Front, points: Sequence[Point], folder: Path) -> bytes:
    """Return the bundle; each PDF lies in the folder under its checksum, as `<sha256>.pdf`.

    Raises:
        ServiceAway: typesetting does not come to an end.
    """
    return await typeset(TEMPLATE, page_of(front, points), folder)


def page_of(front: Front, points: Sequence[Point]) -> dict[str, Any]:
    """Return what the template sets: annexes in the order of their points, and supplements after all of them."""
    first = [(point, paper) for point in points for paper in point.papers if not paper.supplement]
    later = [(point, paper) for point in points for paper in point.papers if paper.supplement]
    annexes = [_annex(*pair, at) for at, pair in enumerate(first, 1)]
    supplements = [_annex(*pair, at) for at, pair in enumerate(later, 1)]
    return {
        "title": front.title,
        "facts": front.facts,
        "mark": front.mark,
        "points": [_point(point, annexes) for point in points],
        "annexes": [*annexes, *supplements],
    }


def _point(point: Point, annexes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a point with the annexes that were there when it was sent: what comes later moves no page."""
    own = [annex for annex in annexes if annex["point"] == point.number]
    return {"number": point.number, "title": point.title, "lines": list(point.lines), "annexes": own}


def _annex(point: Point, paper: Paper, at: int) -> dict[str, Any]:
    is_pdf = paper.content.type is PaperType.PDF
    label = f"Tillæg {at} til punkt {point.number}" if paper.supplement else f"Bilag {at}"
    return {
        "id": f"p{paper.id.hex}",
        "point": point.number,
        "label": label,
        "title": paper.title,
        "file": f"/{paper.content.sha256}.pdf",
        "pages": paper.content.pages if is_pdf else 0,
        "note": None if is_pdf else f"Bilaget er en fil ({paper.content.type.ending.upper()}) og hentes for sig.",
    }
