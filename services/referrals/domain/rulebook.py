"""All decision tables, read from `data/tables/` and proved: the one way to a table that may decide."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import combinations

from contracts.refusal import NotFound, Refusal
from services.referrals.domain.columns import TableFault
from services.referrals.domain.table_proof import load
from services.referrals.domain.tables import Table


class NotInForce(Refusal):
    """No version of the rule holds on that day."""

    slug = "rule-not-in-force"
    status = 422
    title = "Reglen gælder ikke på den dag."
    todo = "Kontrollér datoen. Ordningen fandtes ikke endnu, eller den gælder ikke mere."


@cache
def rulebook() -> Mapping[str, tuple[Table, ...]]:
    """Return every table in all its versions, by name.

    Raises:
        TableFault: one of them does not hold, and none is used.
    """
    folder = files("services.referrals.domain") / "data" / "tables"
    return by_name(load(tomllib.loads(file.read_text(encoding="utf-8"))) for file in folder.iterdir())


def by_name(tables: Iterable[Table]) -> Mapping[str, tuple[Table, ...]]:
    """Put versions of one rule beside each other, the oldest first; on no day two of them may hold."""
    found: dict[str, tuple[Table, ...]] = {}
    for table in sorted(tables, key=lambda table: table.valid_from):
        found[table.name] = (*found.get(table.name, ()), table)
    for name, versions in found.items():
        if any(earlier.holds_on(later.valid_from) for earlier, later in combinations(versions, 2)):
            raise TableFault(f"{name}: to udgaver gælder på samme dag")
    return found


def table_on(name: str, day: date) -> Table:
    """Return the version of a rule that holds on a day.

    Raises:
        NotFound: there is no such rule.
        NotInForce: it does not hold then.
    """
    if name not in rulebook():
        raise NotFound
    for table in rulebook()[name]:
        if table.holds_on(day):
            return table
    raise NotInForce(table=name)
