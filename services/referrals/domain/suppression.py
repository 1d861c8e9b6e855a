"""No number from 1 to 4 in a report, and none that can be computed out of the others.

A number is hidden when it is one of them, or when it and a number that holds it differ by one of them; then the column
of the municipalities and the total, and the parts of a sum, are looked through until nothing more has to go.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from services.referrals.domain.outcomes import Figure, Numbers

FEWEST = 5
"""Fewer persons than this are not told of (O-6.8.1-05: k ≥ 5)."""

TOTAL = "district"
"""The row of the whole district."""

Shown = Mapping[str, int | None]
"""Each figure of a row; None where it is hidden."""

_F = Figure
HELD_IN: Mapping[Figure, tuple[Figure, ...]] = {
    _F.YES: (),
    _F.TRIED: (_F.YES,),
    _F.CONTACTED: (_F.YES, _F.TRIED),
    _F.CONVERSATION: (_F.YES, _F.TRIED, _F.CONTACTED),
    _F.FURTHER: (_F.YES, _F.TRIED, _F.CONTACTED, _F.CONVERSATION),
    _F.TREATMENT: (_F.YES, _F.TRIED, _F.CONTACTED),
    _F.RECEIVED: (_F.YES,),
    _F.ANSWERED: (_F.YES, _F.RECEIVED),
    _F.CLOSED: (_F.YES, _F.ANSWERED),
    _F.REJECTED: (_F.YES, _F.ANSWERED, _F.CLOSED),
    _F.SENT: (_F.YES,),
    _F.EXPIRED: (_F.SENT,),
    _F.ASKED: (_F.YES, _F.SENT),
}
"""What each figure is compared with, in the order in which they are looked at: what comes first is kept."""


def is_small(number: int) -> bool:
    """Say whether it is a number that may not be told, or computed."""
    return 0 < number < FEWEST


def suppressed(rows: Mapping[str, Numbers]) -> dict[str, dict[str, int | None]]:
    """Return the rows of a table as they may be shown; the total stands under `TOTAL`, where there is one."""
    shown = {name: _first_look(numbers) for name, numbers in rows.items()}
    while _parts_hide_sums(shown) | _columns(shown, rows):
        pass
    return shown


_Name = TypeVar("_Name", bound=str)


def nested(numbers: Numbers, held_in: Mapping[_Name, Sequence[_Name]]) -> dict[str, int | None]:
    """Return numbers as they may be shown beside those that hold them; each holder comes before what it holds."""
    shown: dict[str, int | None] = {}
    for name, holders in held_in.items():
        number = numbers[name]
        beside = [held for one in holders if (held := shown[one]) is not None]
        hide = is_small(number) or any(is_small(abs(number - one)) for one in beside)
        shown[str(name)] = None if hide else number
    return shown


def _first_look(numbers: Numbers) -> dict[str, int | None]:
    return nested(numbers, HELD_IN) | {name: _or_hidden(number) for name, number in numbers.items() if ":" in name}


def _or_hidden(number: int) -> int | None:
    return None if is_small(number) else number


def _parts_hide_sums(shown: Mapping[str, dict[str, int | None]]) -> bool:
    """Hide the sum of the reasons where a reason is hidden, and the reasons where it is; say whether that was news."""
    changed = False
    for row in shown.values():
        parts = [name for name in row if ":" in name]
        if not parts or (row[Figure.REJECTED] is None) == (None in [row[name] for name in parts]):
            continue
        row.update(dict.fromkeys(parts if row[Figure.REJECTED] is None else [Figure.REJECTED.value]))
        changed = True
    return changed


def _columns(shown: Mapping[str, dict[str, int | None]], rows: Mapping[str, Numbers]) -> bool:
    """Hide more of each column while its total tells what is hidden, and say whether anything changed."""
    if TOTAL not in shown:
        return False
    names = sorted({name for row in shown.values() for name in row})
    # Each column is looked through, whatever the one before it gave.
    return sum(_column(name, shown, rows) for name in names) > 0


def _column(name: str, shown: Mapping[str, dict[str, int | None]], rows: Mapping[str, Numbers]) -> bool:
    changed = False
    while _leaks(name, shown, rows):
        left = [one for one, row in shown.items() if one != TOTAL and row.get(name)]
        if not left and shown[TOTAL][name] is None:
            break
        shown[min(left, key=lambda one: (rows[one][name], one), default=TOTAL)][name] = None
        changed = True
    return changed


def _leaks(name: str, shown: Mapping[str, dict[str, int | None]], rows: Mapping[str, Numbers]) -> bool:
    """Say whether what is shown of a column tells what is not."""
    hidden = [one for one, row in shown.items() if one != TOTAL and row.get(name, 0) is None]
    total_is_hidden = shown[TOTAL].get(name, 0) is None
    return not hidden if total_is_hidden else _is_told([rows[one][name] for one in hidden])


def _is_told(hidden: Sequence[int]) -> bool:
    """Say whether the sum of what is hidden, which anybody can compute, tells one of the numbers."""
    count, total = len(hidden), sum(hidden)
    return count > 0 and (count == 1 or is_small(total) or total in {count, (FEWEST - 1) * count})
