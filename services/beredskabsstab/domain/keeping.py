"""How long what the staff did is kept, and in which order tables are emptied (docs/data-protection)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

KEPT = timedelta(days=5 * 365 + 1)
"""How long an activation is kept after its evaluation is concluded."""

NAMES_KEPT = timedelta(days=365)
"""How long names and telephone numbers of those who were called are kept after its end."""


@dataclass(frozen=True, slots=True)
class Link:
    """A table whose rows name a row of another one."""

    child: str
    child_column: str
    parent: str
    parent_column: str


def belonging(own: Collection[str], links: Collection[Link], root: str) -> dict[str, str]:
    """Return the tables that belong to an activation, each with the condition of its rows; `$1` is the activation.

    Its own ones have its id (`own`); others name a row of one of these and come with it.
    """
    found = dict.fromkeys(own, f"{root}_id = $1")
    while more := {
        one.child: _of(one, found[one.parent])
        for one in links
        if one.parent in found and one.parent != root and one.child not in found and one.child != root
    }:
        found |= more
    return found


def _of(link: Link, rows: str) -> str:
    return f"{link.child_column} in (select {link.parent_column} from {link.parent} where {rows})"  # noqa: S608  names of the catalogue


def emptied_in_order(tables: Mapping[str, str], links: Collection[Link]) -> tuple[str, ...]:
    """Return tables so that each comes before those that it names; one that names itself is no matter."""
    left, order = set(tables), []
    while left:
        named = {one.parent for one in links if one.child in left and one.child != one.parent}
        free = sorted(left - named) or sorted(left)
        order += free
        left -= set(free)
    return tuple(order)
