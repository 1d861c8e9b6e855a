"""All decision tables, proved: the one way to a table that may decide.

The first version of each comes with the service (`data/tables/`). The later ones are those that two people released
(`releases`): the database holds them, and each process learns them before it answers anything and every few seconds.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations, pairwise

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


@lru_cache(maxsize=1024)
def proved(text: str) -> Table:
    """Return the table of a text that was released; TableFault where it holds no more."""
    return load(tomllib.loads(text))


_learned: dict[str, tuple[Table, ...]] = {}
"""The released versions that this process knows, by name."""


def learn(released: Iterable[Table]) -> None:
    """Let this process know the released versions, all of them."""
    found: dict[str, tuple[Table, ...]] = {}
    for table in sorted(released, key=lambda one: one.valid_from):
        found[table.name] = (*found.get(table.name, ()), table)
    _learned.clear()
    _learned.update(found)


def learned() -> int:
    """Return how many released versions this process knows: none is ever taken back."""
    return sum(map(len, _learned.values()))


def versions(name: str) -> tuple[Table, ...]:
    """Return every version of a rule, the oldest first: each ends the day before the next begins.

    Raises:
        NotFound: there is no such rule.
    """
    if name not in rulebook():
        raise NotFound
    every = (*rulebook()[name], *_learned.get(name, ()))
    return (*(_until(*two) for two in pairwise(every)), every[-1])


def _until(earlier: Table, later: Table) -> Table:
    eve = later.valid_from - timedelta(days=1)
    return replace(earlier, valid_to=min(eve, earlier.valid_to or eve))


def table_on(name: str, day: date) -> Table:
    """Return the version of a rule that holds on a day.

    Raises:
        NotFound: there is no such rule.
        NotInForce: it does not hold then.
    """
    for table in versions(name):
        if table.holds_on(day):
            return table
    raise NotInForce(table=name)
