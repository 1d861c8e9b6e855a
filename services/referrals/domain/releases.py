"""A new version of a decision table: one person proposes it, another releases it, and then it holds from its first day.

A text that has a gap, an overlap or a failing example is refused when it is proposed, with the case named. It keeps the
columns that the service asks by, so that no decision fails for a question that the new version does not know.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import prod
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.codes import Role
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound, Refusal
from services.referrals.domain.columns import TableFault
from services.referrals.domain.rulebook import proved, versions
from services.referrals.domain.table_proof import load
from services.referrals.domain.tables import Table, read

RELEASERS = frozenset({"politi-mvj", "politi-mvj-fnt"})
"""Whose leaders propose and release: the police and its unit for prevention."""
RELEASE_ROLE = Role.LEADER

MOST_TEXT = 65_536
"""Characters of a table."""
MOST_WORK = 400_000
"""Cases times rows of a proof: forty times the largest table of the plan."""
RELEASED_BEFORE = timedelta(hours=1)
"""How long before its first day a version is released at the latest: by then every process has learned it."""


class TableUnreadable(Refusal):
    """The text is no table."""

    slug = "table-unreadable"
    status = 422
    title = "Teksten kan ikke læses som en tabel."
    todo = "Ret det, der står i fault, og foreslå tabellen igen. Intet er gemt."


class TableDoesNotHold(Refusal):
    """The table has a gap or an overlap, or an example is decided otherwise than it says."""

    slug = "table-does-not-hold"
    status = 422
    title = "Tabellen holder ikke: en sag får intet svar, to svar eller et andet svar end i eksemplet."
    todo = "Se sagen i fault, ret rækkerne, og foreslå tabellen igen. Intet er gemt."


class UnknownTable(Refusal):
    """A rule of that name decides nothing."""

    slug = "unknown-table"
    status = 422
    title = "Der er ingen regel med det navn."
    todo = "Brug navnet på en af de regler, der står i allowed."


class NotInTime(Refusal):
    """The first day has begun, or is too near for every process to know it."""

    slug = "table-not-in-time"
    status = 422
    title = "Tabellen skal frigives senest en time, før dens første dag begynder."
    todo = "Foreslå den igen med en senere valid_from."


class NotLater(Refusal):
    """A version that is released already begins then, or later."""

    slug = "table-not-later"
    title = "Der er allerede frigivet en udgave, som begynder samme dag eller senere."
    todo = "Foreslå den igen med en valid_from efter den dag, der står i newest. En frigivet udgave ændres aldrig."


class ColumnLost(Refusal):
    """A column, or a value of it, by which the service asks is gone."""

    slug = "column-lost"
    status = 422
    title = "Den nye udgave mangler en kolonne eller en værdi, som der bliver spurgt med."
    todo = "Behold kolonnen i column med mindst de samme værdier. Nye kolonner og værdier må gerne komme til."


class OneIsProposed(Refusal):
    """Somebody has to decide about another proposal first."""

    slug = "one-is-proposed"
    title = "Der ligger allerede et forslag til den regel."
    todo = "Frigiv eller afvis forslaget først."


class SamePerson(Refusal):
    """Who proposed it does not decide about it."""

    slug = "same-person"
    status = 403
    title = "Den, der har foreslået tabellen, kan ikke selv frigive eller afvise den."
    todo = "Bed en anden leder om at læse forslaget."


class AlreadyDecided(Refusal):
    """It is released or rejected."""

    slug = "already-decided"
    title = "Forslaget er allerede frigivet eller afvist."
    todo = "Se afgørelsen på forslaget. Vil du noget andet, så foreslå en ny udgave."


class ReleaseState(StrEnum):
    """How far a version has come."""

    PROPOSED = "proposed"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that somebody proposed."""

    text: str
    state: ReleaseState
    proposed_by: str

    @property
    def table(self) -> Table:
        """Return the table that it is."""
        return proved(self.text)

    def check_decidable(self, by: str) -> None:
        """Refuse a decision by the proposer, and a second one.

        Raises:
            SamePerson: it is their own.
            AlreadyDecided: somebody has decided.
        """
        if by == self.proposed_by:
            raise SamePerson
        if self.state is not ReleaseState.PROPOSED:
            raise AlreadyDecided(state=self.state)


class _Column(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    title: str = Field(min_length=1, max_length=200)
    type: str = "choice"
    values: dict[str, str] | None = None


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    outcome: str
    hjemmel: str = Field(min_length=1, max_length=500)
    says: str = Field(min_length=1, max_length=1000)
    points_to: str = Field(default="", max_length=100)
    when: dict[str, str | bool | list[str | bool]] = {}


class _Example(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    row: str
    given: dict[str, str | bool | int]


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    name: str
    title: str = Field(min_length=1, max_length=200)
    valid_from: date
    valid_to: date | None = None
    columns: dict[str, _Column] = Field(min_length=1, max_length=30)
    rows: list[_Row] = Field(min_length=1, max_length=200)
    examples: list[_Example] = Field(max_length=1000)


def proposed(text: str) -> Table:
    """Return the table of a text, proved.

    Raises:
        TableUnreadable: it is none.
        TableDoesNotHold: it has a gap or an overlap, or an example fails; `fault` names the case in Danish.
    """
    raw = _raw(text)
    try:
        _check_size(read(raw))
        return load(raw)
    except TableFault as fault:
        raise TableDoesNotHold(fault=str(fault)[:1000]) from fault
    except (AttributeError, TypeError, ValueError) as fault:
        raise TableUnreadable(fault=str(fault)[:1000]) from fault


def _raw(text: str) -> Mapping[str, Any]:
    try:
        raw = tomllib.loads(text)
        _File.model_validate(raw)
    except ValidationError as errors:
        where = ".".join(map(str, errors.errors()[0]["loc"]))
        raise TableUnreadable(fault=f"{where} mangler eller har en forkert form") from errors
    except (ValueError, RecursionError) as fault:
        raise TableUnreadable(fault=str(fault)[:1000]) from fault
    return raw


def _check_size(table: Table) -> None:
    parts = [sum(1 for _ in column.parts(table.cells[name])) for name, column in table.columns.items()]
    if prod(parts) * len(table.rows) > MOST_WORK:
        raise TableFault(f"{table.name}: tabellen er for stor til at blive bevist; del den i flere regler")


def check_follows(table: Table, names: frozenset[str], now: datetime) -> None:
    """Refuse a version that cannot take the place of the newest one.

    Raises:
        UnknownTable: no rule has its name.
        NotInTime: its first day has begun, or begins within the hour.
        NotLater: another begins then or later.
        ColumnLost: the service asks by a column that it lacks.
    """
    if table.name not in names:
        raise UnknownTable(allowed=", ".join(sorted(names)))
    begins = datetime.combine(table.valid_from, datetime.min.time(), DANISH_TIME)
    if begins < now + RELEASED_BEFORE:
        raise NotInTime
    newest = versions(table.name)[-1]
    if table.valid_from <= newest.valid_from:
        raise NotLater(newest=newest.valid_from.isoformat())
    _check_columns(table, newest)


def _check_columns(table: Table, before: Table) -> None:
    for name, column in before.columns.items():
        kept = table.columns.get(name)
        if kept is None or kept.type != column.type or not column.said.keys() <= kept.said.keys():
            raise ColumnLost(column=name)


def check_releaser(authority: str) -> None:
    """Refuse whoever has no part in the release of rules; to them a proposal looks like a missing one.

    Raises:
        NotFound: their authority has none.
    """
    if authority not in RELEASERS:
        raise NotFound
