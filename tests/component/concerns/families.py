"""A family of Herning and what the police registers about it, as small examples."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from services.concerns.domain.calendar import Week
from tests.system.playing import APPROVER, GROUND, OFFICER, REGISTRAR, World

WEEK = Week(2026, 13)
HERNING = ("system", "kommune-0657", "boern")
VIBORG = ("system", "kommune-0791", "boern")
_serials = count(1)


@dataclass
class Family:
    """A mother with custody of one child, in one dwelling."""

    world: World
    kommune: str | None = "0657"
    protected: bool = False
    serial: int = field(default_factory=lambda: next(_serials))

    @property
    def mother(self) -> str:
        """Return her number, day + 60."""
        return f"61018{self.serial % 10}{3000 + self.serial:04}"

    @property
    def child(self) -> str:
        """Return the child's number, day + 60."""
        return f"62061{self.serial % 10}{5000 + self.serial:04}"

    def settle(self) -> "Family":
        """Let the register know them."""
        home: dict[str, Any] = {
            "kind": "dwelling",
            "dwelling": f"d{self.serial}",
            "kommune": self.kommune,
            "from": "2015-01-01",
        }
        home |= {"protected": self.protected}
        facts = {
            "persons": [
                {"number": self.mother, "name": f"Mor-{self.serial}-", "born": "1988-01-01", "address": "Testvej 1"},
                {"number": self.child, "name": f"Barn-{self.serial}-", "born": "2016-06-02", "address": "Testvej 1"},
            ],
            "custody": [{"child": self.child, "holder": self.mother, "from": "2016-06-02"}],
            "dwellings": [home | {"person": self.mother}, home | {"person": self.child}],
        }  # fmt: skip
        answer = self.world.http.post(f"{self.world.stack.url('register')}/facts", content=json.dumps(facts))
        assert answer.is_success, answer.text
        return self

    def line(self, name: str = "r1", revision: int = 1, code: str = "G02", **more: object) -> dict[str, Any]:
        """Return a registration about the mother; G02 alone is enough."""
        occurred = str(more.pop("occurred_on", WEEK.monday + timedelta(1)))
        base = {
            "registration": f"f{self.serial}-{name}",
            "revision": revision,
            "cpr": self.mother,
            "code": code,
            "role": "G",
            "occurred_on": occurred,
            "registered_at": f"{occurred}T20:00:00+02:00",
            "district": "midt_og_vestjylland",
            "source_system": "POLSAS",
            "source_reference": f"sag-{self.serial}-{name}",
        }
        return base | more


def deliver(world: World, *lines: dict[str, Any] | str, to: str | None = None, **params: int) -> dict[str, Any]:
    """Import lines and return the report."""
    body = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path = f"/registrations/imports/{to or uuid4()}"
    report: dict[str, Any] = world.ask("POST", path, REGISTRAR, content=body, params=params)
    return report


def in_service(world: World, week: Week = WEEK) -> None:
    """Begin anew with the search in service from a week, on the day before its run."""
    world.clear()
    world.sql("delete from event")
    world.release_code_list()
    world.move_clock(week.searched_at - timedelta(days=1))
    world.ask("POST", "/searches/in-service", APPROVER, json={"week": str(week)})


def searched(world: World, week: Week = WEEK) -> dict[str, Any]:
    """Let the week's Monday come and return its complete run."""
    world.move_clock(week.searched_at)

    def complete() -> str | None:
        rows = world.ask("GET", "/searches", OFFICER)
        return next((row["search_id"] for row in rows if row["week"] == str(week) and row["completed_at"]), None)

    found: dict[str, Any] = world.ask("GET", f"/searches/{world.wait_for('the run', complete)}", OFFICER)
    return found


def found(world: World, *families: Family) -> list[dict[str, Any]]:
    """Return the candidates of a week in which each family had one registration."""
    in_service(world)
    deliver(world, *(family.settle().line() for family in families))
    searched(world)
    rows: list[dict[str, Any]] = world.ask("GET", "/candidates", OFFICER)
    return rows


def reviewed(world: World, candidate: dict[str, Any], **more: object) -> None:
    """Review a candidate as relevant, with all that an underretning must hold."""
    body = {"outcome": "relevant", **GROUND, **more}
    world.ask("POST", f"/candidates/{candidate['candidate_id']}/review", OFFICER, json=body)


def approved(world: World, candidate: dict[str, Any], *, acute: bool = False) -> dict[str, Any]:
    """Review and approve a candidate, and return what was answered."""
    reviewed(world, candidate)
    path = f"/candidates/{candidate['candidate_id']}/approve"
    told: dict[str, Any] = world.ask("POST", path, APPROVER, json={"acute": acute})
    return told


def events(world: World, name: str) -> list[dict[str, Any]]:
    """Return what concerns has told under a name, oldest first."""
    rows = world.sql(
        "select coalesce(json_agg(value::json order by place), '[]') from event where type like '%.' || $1 || '.v1'",
        name,
    )
    told: list[dict[str, Any]] = json.loads(rows)
    return told
