"""Decision tables: rows that exclude each other and leave nothing out, each with the paragraph it rests on.

Exactly one row answers: the one whose conditions all hold. What is unknown meets no condition, so it is decided only by
a row that does not ask for it, and else by the last row, which says that a human decides. No table ever says no because
something is unknown. That the rows do exclude each other and leave nothing out is proved before a table is used
(`table_proof`), and no table is used that is not proved.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from services.referrals.domain.columns import Cell, Column, Given, NotInColumn, TableFault


class Outcome(StrEnum):
    """What a row says."""

    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"
    NOT_YET = "not_yet"
    """Something must be done or decided first; the row says what."""
    ELSEWHERE = "elsewhere"
    """Another programme, which the row names, is for this person."""
    HUMAN = "menneske_afgoer"
    """A human decides: something is unknown, or what is known contradicts itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the law: under these conditions this follows."""

    id: str
    outcome: Outcome
    hjemmel: str
    """The paragraph, or the page of the plan."""
    says: str
    """One Danish sentence to whoever asked."""
    when: Mapping[str, Cell]
    """By column; a column that is not named does not matter."""
    points_to: str = ""
    """Of `elsewhere`, and where a no is no end: the programme, or the duty, to look at instead."""

    def fits(self, known: Mapping[str, Any]) -> bool:
        """Say whether every condition holds."""
        return all(known[column] in cell for column, cell in self.when.items())


@dataclass(frozen=True, slots=True)
class Example:
    """A case that somebody has thought of, and the row that must decide it."""

    row: str
    given: Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a table answered, so that it can be shown, kept, and asked again under other rules."""

    table: str
    version: str
    row: str
    outcome: Outcome
    hjemmel: str
    says: str
    points_to: str
    inputs: Mapping[str, Given]
    """All that was known."""
    used: tuple[str, ...]
    """The columns on which the row rests; the last row rests on none."""
    unknown: tuple[str, ...]
    """The columns of which nothing was known."""


@dataclass(frozen=True)
class Table:
    """A rule of admission, valid for a time."""

    name: str
    title: str
    valid_from: date
    valid_to: date | None
    """The last day; None while nothing replaces it."""
    version: str
    """The SHA-256 of all that decides; examples do not."""
    columns: Mapping[str, Column]
    rows: tuple[Row, ...]
    """All but the last."""
    otherwise: Row
    """The last: for what is unknown."""
    examples: tuple[Example, ...]

    @cached_property
    def cells(self) -> Mapping[str, tuple[Cell, ...]]:
        """Return every condition, by column."""
        return {name: tuple(row.when[name] for row in self.rows if name in row.when) for name in self.columns}

    def holds_on(self, day: date) -> bool:
        """Say whether it is the rule on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def fitting(self, known: Mapping[str, Any]) -> list[Row]:
        """Return the rows whose conditions hold: never two, in a table that is proved."""
        return [row for row in self.rows if row.fits(known)]

    def decide(self, given: Mapping[str, Given]) -> Verdict:
        """Answer for one case; what is not given is unknown.

        Raises:
            NotInColumn: there is no such column, or it has no such value.
        """
        for name in given.keys() - self.columns.keys():
            raise NotInColumn(column=name, allowed=", ".join(self.columns))
        known = {name: column.read(name, given.get(name)) for name, column in self.columns.items()}
        row = next(iter(self.fitting(known)), self.otherwise)
        return Verdict(
            table=self.name,
            version=self.version,
            row=row.id,
            outcome=row.outcome,
            hjemmel=row.hjemmel,
            says=row.says,
            points_to=row.points_to,
            inputs={name: value for name, value in given.items() if value is not None},
            used=tuple(row.when),
            unknown=tuple(name for name, value in known.items() if value is None),
        )


def read(raw: Mapping[str, Any]) -> Table:
    """Read a table as its file has it; whether it holds is another question (`table_proof.load`).

    Raises:
        TableFault: something in it is missing, is one too many, or is not what it should be.
    """
    try:
        columns = {name: Column(**column) for name, column in raw["columns"].items()}
        *rows, otherwise = [_row(row, columns) for row in raw["rows"]]
        return Table(
            name=raw["name"],
            title=raw["title"],
            valid_from=raw["valid_from"],
            valid_to=raw.get("valid_to"),
            version=_version(raw),
            columns=columns,
            rows=tuple(rows),
            otherwise=otherwise,
            examples=tuple(Example(**example) for example in raw["examples"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise TableFault(f"{raw.get('name', 'en tabel')}: {fault}") from fault


def _row(raw: Mapping[str, Any], columns: Mapping[str, Column]) -> Row:
    when = {name: columns[name].cell(written) for name, written in raw.get("when", {}).items()}
    return Row(**{**raw, "outcome": Outcome(raw["outcome"]), "when": when})


def _version(raw: Mapping[str, Any]) -> str:
    decides = {key: value for key, value in raw.items() if key != "examples"}
    return sha256(json.dumps(decides, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """A case that another version of its table decides otherwise."""

    before: Verdict
    after: Verdict


def effect(table: Table, verdicts: Iterable[Verdict]) -> list[Change]:
    """Return what a table would change in cases that were decided: looked at before it is released.

    A case is asked again with what is known of it in the columns that the new table has.
    """
    changes = []
    for before in verdicts:
        after = table.decide({name: value for name, value in before.inputs.items() if name in table.columns})
        if (after.outcome, after.points_to) != (before.outcome, before.points_to):
            changes.append(Change(before, after))
    return changes
