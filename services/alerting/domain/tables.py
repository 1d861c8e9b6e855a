"""What is decided by data and not by code: the facts that wake somebody, and the steps of each escalation."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.alerting.v1 import Urgency
from contracts.codes import Office

EVERYONE, UNREACHED, NAMED = "everyone", "unreached", "named"

ROUTE_TEST = "route_test"
"""The policy, and the text, of the test of one route; nobody raises it but by testing a route."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens so many seconds after an escalation began."""

    number: int
    after_s: int
    line: str
    """The line of the rosters that is called, `everyone` of the office, those `named`; `unreached`: nobody is left."""
    channels: tuple[str, ...]
    """All at the same time; none is the one channel of a route's test."""

    def as_json(self) -> dict[str, Any]:
        """Return it as an alert keeps it: a later edit of the table changes no alert that is under way."""
        return {
            "number": self.number,
            "after_s": self.after_s,
            "line": self.line,
            "channels": list(self.channels),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Step":
        """Read it as an alert kept it."""
        return cls(kept["number"], kept["after_s"], kept["line"], tuple(kept["channels"]))


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: an event that wakes somebody, under conditions, whom, with which text."""

    event: str
    when: tuple[tuple[str, str], ...]
    template: str
    urgency: Urgency
    authority: str
    """The event's field that names the municipality, as a kommunekode."""
    office: Office
    role: str
    policy: str
    wanted: str
    """`first`: one answer is enough; `each`: everybody who is called must answer."""

    def fits(self, value: dict[str, Any]) -> bool:
        """Say whether an event's value meets every condition."""
        return all(_word(value.get(name)) == wanted for name, wanted in self.when)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows(file: str) -> list[dict[str, str]]:
    """Return the rows of one of the tables in `data/`; a cell may hold several lines."""
    text = (files("services.alerting.domain") / "data" / file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


@cache
def policies() -> dict[str, tuple[Step, ...]]:
    """Return the steps of each policy, in order of their times."""
    found: dict[str, list[Step]] = {}
    for row in rows("escalation.csv"):
        step = Step(int(row["step"]), int(row["after_s"]), row["line"], tuple(row["channels"].split()))
        found.setdefault(row["policy"], []).append(step)
    return {name: tuple(sorted(steps, key=lambda step: step.after_s)) for name, steps in found.items()}


@cache
def facts() -> tuple[Fact, ...]:
    """Return the table of facts."""
    return tuple(
        Fact(
            event=row["event"],
            when=tuple((name, wanted) for name, _, wanted in (one.partition("=") for one in row["when"].split())),
            template=row["template"],
            urgency=Urgency(row["urgency"]),
            authority=row["authority"],
            office=Office(row["office"]),
            role=row["role"],
            policy=row["policy"],
            wanted=row["wanted"],
        )
        for row in rows("facts.csv")
    )


def fact_for(event: str, value: dict[str, Any]) -> Fact | None:
    """Return the first row that fits an event; None where it wakes nobody."""
    return next((row for row in facts() if row.event == event and row.fits(value)), None)
