"""Lists of many lines, a page at a time: how many there are in all, and links to those before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query

T = TypeVar("T")

LINES = 100
"""Lines of one page: more are not read, and are long on a telephone."""

Number = Annotated[int, Query(ge=1, le=999_999)]
"""Which page of a list, from 1; past the last page stands the last."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The lines of one page of a list."""

    lines: Sequence[T]
    before: int
    """How many lines stand on the pages before."""
    total: int
    previous: str | None
    next: str | None
    """Where the pages before and after are; none where there is none."""


def paged(rows: Sequence[T], number: int, address: Callable[[int], str], size: int = LINES) -> Paged[T]:
    """Return a page of a list; a list that has become shorter meanwhile ends with its last page."""
    last = max(1, -(-len(rows) // size))
    shown = min(number, last)
    before = (shown - 1) * size
    return Paged(
        lines=rows[before : before + size],
        before=before,
        total=len(rows),
        previous=address(shown - 1) if shown > 1 else None,
        next=address(shown + 1) if shown < last else None,
    )


def address(path: str, pages: dict[str, int], name: str, anchor: str = "") -> Callable[[int], str]:
    """Return how a page of one list is addressed where the others of the same page stay as they are.

    `pages` holds which page of each list is shown; the first page of a list is not named.
    """

    def of(number: int) -> str:
        said = "&".join(f"{one}={at}" for one, at in (pages | {name: number}).items() if at > 1)
        return f"{path}{'?' if said else ''}{said}{'#' if anchor else ''}{anchor}"

    return of
