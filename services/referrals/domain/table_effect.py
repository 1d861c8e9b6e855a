"""What a new version would change: referrals that were decided are asked again, and only counts are told.

No number from 1 to 4 is told, nor one from which it follows; of a confidential programme no number at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.referrals.domain.columns import NotInColumn
from services.referrals.domain.programmes import programmes
from services.referrals.domain.tables import Change, Table, Verdict, effect

FEWEST = 5
"""Fewer referrals than this are not told of."""

Moved = tuple[str, str, str, str]
"""The row that decided and what it said, and the row that would decide and what it says."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict that was given, and how many referrals rest on the same."""

    verdict: Verdict
    times: int


@dataclass(frozen=True, slots=True)
class Effect:
    """How many referrals were asked again, how many of them could not be, and which rows would answer otherwise."""

    asked: int
    unanswerable: int
    moved: Counter[Moved]

    def shown(self) -> dict[str, Any]:
        """Return it with small numbers hidden; None is a number that is hidden."""
        rows = [_row(moved, times) for moved, times in sorted(self.moved.items())]
        told = sum(row["referrals"] or 0 for row in rows)
        is_whole = all(row["referrals"] is not None for row in rows)
        changed = told if is_whole else None
        return {
            "confidential": False,
            # What is left when the told rows are taken away must not be small either.
            "asked": None if _is_small(self.asked) or _is_small(self.asked - told) else self.asked,
            "changed": changed,
            "unanswerable": None if _is_small(self.unanswerable) else self.unanswerable,
            "rows": rows,
        }


CONFIDENTIAL: Mapping[str, Any] = {
    "confidential": True,
    "asked": None,
    "changed": None,
    "unanswerable": None,
    "rows": [],
}
"""What is told where even the number of referrals says too much."""


def is_confidential(table: str) -> bool:
    """Say whether a rule is that of a confidential programme."""
    return any(one.confidential and one.table == table for one in programmes().values())


def effect_of(table: Table, decided: Iterable[Decided]) -> Effect:
    """Ask a new version about what was decided."""
    moved: Counter[Moved] = Counter()
    asked = unanswerable = 0
    for one in decided:
        try:
            changes = effect(table, [one.verdict]) if one.verdict.inputs else None
        except NotInColumn:
            changes = None
        asked += one.times
        if changes is None:
            unanswerable += one.times
        for change in changes or ():
            moved[_moved(change)] += one.times
    return Effect(asked, unanswerable, moved)


def _moved(change: Change) -> Moved:
    before, after = change.before, change.after
    return before.row, str(before.outcome), after.row, str(after.outcome)


def _row(moved: Moved, times: int) -> dict[str, Any]:
    before, said, after, says = moved
    number = None if _is_small(times) else times
    return {"row": before, "outcome": said, "new_row": after, "new_outcome": says, "referrals": number}


def _is_small(number: int) -> bool:
    return 0 < number < FEWEST
