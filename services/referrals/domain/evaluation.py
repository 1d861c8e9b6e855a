"""What Center for Rusmiddelforskning gets for its evaluation: persons in cells of quarter, municipality and figure.

No cell holds fewer than five persons, none can be computed from the others of its quarter, and none names a referral.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from datetime import date, timedelta
from typing import Any

from contracts.refusal import Refusal
from services.referrals.domain.outcomes import Tally
from services.referrals.domain.reporting import Period
from services.referrals.domain.suppression import FEWEST, HELD_IN, TOTAL, suppressed

EVALUATED = "rusmiddel"
PROJECT_BEGAN = date(2020, 3, 1)
EVALUATION_BEGAN = date(2021, 3, 1)
"""From when the offer, and its evaluation, run (samarbejdsplanen § 6.8.1, lines 713-717)."""
MONTHS_OF_A_QUARTER = 3


class NotEvaluatedYet(Refusal):
    """The evaluation began on a day."""

    slug = "not-evaluated-yet"
    status = 422
    title = "Evalueringen var ikke begyndt."
    todo = "Vælg en periode fra den dag, der står i began."


@dataclass(frozen=True, slots=True)
class Cell:
    """How many persons a figure counts in one municipality and quarter."""

    first_day: str
    last_day: str
    kommune: str
    figure: str
    persons: int


def check(period: Period) -> None:
    """Refuse days before the evaluation began.

    Raises:
        NotEvaluatedYet: the period begins before.
    """
    if period.first < EVALUATION_BEGAN:
        raise NotEvaluatedYet(began=EVALUATION_BEGAN.isoformat())


def quarters(period: Period) -> Iterator[Period]:
    """Yield the calendar quarters of a period of whole months; the first and the last may be shorter."""
    first = period.first
    while first <= period.last:
        month = first.month + MONTHS_OF_A_QUARTER - (first.month - 1) % MONTHS_OF_A_QUARTER
        after = date(first.year + (month > 12), (month - 1) % 12 + 1, 1)  # noqa: PLR2004  the months of a year
        yield Period(first, min(after - timedelta(days=1), period.last))
        first = after


def cells(counted: Mapping[Period, Mapping[str, Tally]]) -> tuple[list[Cell], int]:
    """Return the cells that may leave, and how many may not."""
    found: list[Cell] = []
    left_out = 0
    for quarter, tallies in counted.items():
        shown = suppressed({name: one.numbers for name, one in tallies.items()})
        for kommune, row in sorted(shown.items()):
            if kommune != TOTAL:
                left_out += [row[figure] for figure in HELD_IN].count(None)
                found += _of_row(quarter, kommune, row)
    return found, left_out


def _of_row(quarter: Period, kommune: str, row: Mapping[str, int | None]) -> Iterator[Cell]:
    for figure in HELD_IN:
        persons = row[figure]
        if persons is not None and persons >= FEWEST:
            yield Cell(quarter.first.isoformat(), quarter.last.isoformat(), kommune, figure.value, persons)


def as_json(found: Sequence[Cell]) -> list[dict[str, Any]]:
    """Return the cells as JSON has them."""
    return [asdict(cell) for cell in found]


def as_csv(found: Sequence[Mapping[str, Any]]) -> str:
    """Return cells, as they are kept, as a table with a heading."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([one.name for one in fields(Cell)])
    lines.writerows(astuple(Cell(**cell)) for cell in found)
    return out.getvalue()
