"""The tables as their files have them, so that tests can spoil them."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from services.referrals.domain.ages import Span
from services.referrals.domain.columns import ORDERS

Raw = dict[str, Any]


@cache
def _all() -> dict[str, Raw]:
    folder = files("services.referrals.domain") / "data" / "tables"
    raws = [tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()]
    return {f"{raw['name']} {raw['valid_from']}": raw for raw in raws}


def names() -> list[str]:
    """Return the names of all tables, with the day from which they hold."""
    return sorted(_all())


def written(name: str) -> Raw:
    """Return a copy of one table, to spoil."""
    return deepcopy(_all()[name])


def rows_of(name: str) -> list[tuple[str, int]]:
    """Return each row of a table by its number."""
    return [(name, number) for number in range(len(_all()[name]["rows"]))]


def conditions() -> Iterator[tuple[str, int, str]]:
    """Yield every condition of every row of every table."""
    for name in names():
        for number, row in enumerate(_all()[name]["rows"]):
            for column in row.get("when", {}):
                yield name, number, column


def is_ordered(raw: Raw, column: str) -> bool:
    """Say whether a column has bounds."""
    return raw["columns"][column].get("type") in ORDERS


def bounds() -> Iterator[tuple[str, str, str]]:
    """Yield every bound of every table once, by its column."""
    found = {
        (name, column, bound)
        for name, number, column in conditions()
        if is_ordered(_all()[name], column)
        for bound in _all()[name]["rows"][number]["when"][column].split("..")
        if bound
    }
    yield from sorted(found)


def moved(bound: str, kind: str) -> Iterator[str]:
    """Yield the bound a day and a year earlier and later; of a number, one and 365."""
    if kind == "number":
        yield from (str(int(bound) + by) for by in (-365, -1, 1, 365) if int(bound) + by > 0)
        return
    span = Span.parse(bound)
    yield from (str(one) for one in (_day_earlier(span), Span(span.months, span.days + 1)))
    yield from (str(Span(span.months + by, span.days)) for by in (-12, 12))


def _day_earlier(span: Span) -> Span:
    # No month is longer than 30 whole days and the day that fills it.
    return Span(span.months, span.days - 1) if span.days else Span(span.months - 1, 30)
