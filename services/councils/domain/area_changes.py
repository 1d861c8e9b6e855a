"""What entered a list of areas and what left it between two editions; it says nothing of why and ranks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
"""An area on an edition: `area_id`, `title`, `kommunekode` and `crime_criterion`."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How an edition differs from an earlier one."""

    entered: tuple[Row, ...]
    left: tuple[Row, ...]
    criterion: tuple[Row, ...]
    """Areas on both whose crime criterion is said otherwise, each with what it was (`before`)."""
    unnamed_before: int
    unnamed_after: int
    """Areas without a name in the source: whether they are the same ones, nobody can say."""


def changes(older: Sequence[Row], newer: Sequence[Row]) -> Changes:
    """Compare two editions by the areas that have a name."""
    before, after = _named(older), _named(newer)
    both = [one | {"before": before[key]["crime_criterion"]} for key, one in after.items() if key in before]
    return Changes(
        entered=tuple(one for key, one in after.items() if key not in before),
        left=tuple(one for key, one in before.items() if key not in after),
        criterion=tuple(one for one in both if one["crime_criterion"] is not one["before"]),
        unnamed_before=len(older) - len(before),
        unnamed_after=len(newer) - len(after),
    )


def _named(rows: Sequence[Row]) -> dict[Any, Row]:
    return {row["area_id"]: row for row in rows if row["title"] is not None}
