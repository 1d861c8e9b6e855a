"""Reads the access table: for each operation and state the first row that fits a role and a relation decides."""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contracts.codes import Role

RELATIONS = {
    "sender": ("politi-mvj", ""),
    "receiver": ("kommune-0657", "boern"),
    "other_municipality": ("kommune-0791", "boern"),
    "other_office": ("kommune-0657", "psp"),
    "region": ("region-midtjylland", ""),
    "samvirke": ("samvirke", ""),
    "centre": ("kommune-0657", "rusmiddel"),
    "desk": ("politi-mvj-vagtcentral", "beredskab"),
}
"""Who somebody is to a case that the police sent to Herning, whose people the desk calls: authority and office."""

ALL = os.environ.get("ACCESS") == "all"
"""Whether every role is tried as everybody, as `make test-all` does: a quarter of an hour more."""

MISSING = "missing"
"""An answer that is, byte for byte, that about a case that does not exist."""


@dataclass(frozen=True)
class Cell:
    """One thing that somebody tries, and what must come of it."""

    service: str
    route: str
    state: str
    role: str
    relation: str
    answer: str
    personal: bool

    @property
    def status(self) -> int:
        """Return the HTTP status that must be answered."""
        return 404 if self.answer == MISSING else int(self.answer)

    @property
    def allowed(self) -> bool:
        """Tell whether it is carried out."""
        return self.status < 300

    def __str__(self) -> str:
        """Return it as a failing test shows it."""
        return f"{self.service} {self.route} [{self.state}] as {self.role} of {self.relation}"


@cache
def rows() -> list[dict[str, str]]:
    """Return the table as it is written."""
    with (Path(__file__).parent / "table.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cells() -> Iterator[Cell]:
    """Yield every cell: each operation and state, for each role and relation.

    Of the roles that a service's rows do not name, and its code therefore cannot tell apart, each operation is tried
    by one, another each time. A role that an operation's own rows do not name falls to the row of everybody, and
    tries it as two, others each time; as everybody where `ACCESS=all`.
    """
    operations = dict.fromkeys((row["service"], row["route"], row["state"]) for row in rows())
    for place, (service, route, state) in enumerate(operations):
        mine = [row for row in rows() if (row["service"], row["route"], row["state"]) == (service, route, state)]
        named = {role for row in mine for role in row["roles"].split()}
        for number, role in enumerate(_roles(service, place)):
            for relation in RELATIONS if ALL or role in named else _two(place + number):
                row = next(row for row in mine if _fits(row["roles"], role) and _fits(row["relations"], relation))
                yield Cell(service, route, state, role, relation, row["answer"], row["personal"] == "yes")


def _roles(service: str, place: int) -> list[Role]:
    named = {role for row in rows() if row["service"] == service for role in row["roles"].split()}
    strangers = [role for role in Role if role not in named]
    return [role for role in Role if role in named] + strangers[place % len(strangers) :][:1]


def _two(place: int) -> list[str]:
    every = list(RELATIONS)
    return [every[(place + half) % len(every)] for half in (0, len(every) // 2)]


def _fits(named: str, one: str) -> bool:
    return named == "*" or one in named.split()
