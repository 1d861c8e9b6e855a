"""Play a worked case on the pure rules: a world of letters, a committed list of revisions, runs and approvals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import yaml

from services.concerns.domain.calendar import Week, danish_day
from services.concerns.domain.codes import CodeEntry, CodeList, District, Role
from services.concerns.domain.correction import correct
from services.concerns.domain.family import Child, Custody, Dwelling, Facts, Kind, Placement
from services.concerns.domain.receiver import receiver
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.search import Background, Earlier, Result, Seen, search
from services.concerns.domain.sending import Found, Previous, kind_of, standing_ground

CASES = Path(__file__).parents[2] / "cases" / "socialsoeg"


def person(letter: str) -> UUID:
    """Return the id that stands for a letter."""
    return uuid5(NAMESPACE_OID, letter)


def child(name: str) -> Child:
    """Return whom a name of a case is about: `C` or `unborn:B`."""
    mother = name.removeprefix("unborn:")
    return Child(person(mother), unborn=mother != name)


def load(path: Path) -> dict[str, Any]:
    """Read one case."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def code_list() -> CodeList:
    """Return version 1 of the list."""
    raw = yaml.safe_load((CASES / "code-list-v1.yaml").read_text(encoding="utf-8"))
    return CodeList(
        raw["version"],
        {
            code: CodeEntry(row["label"], frozenset(Role(role) for role in row["roles"]), row["solo"], row["window"])
            for code, row in raw["entries"].items()
        },
    )


def facts_of(case: dict[str, Any]) -> Facts:
    """Return the household facts of a case's world."""
    return Facts(
        {person(letter): row["born"] for letter, row in case["persons"].items()},
        [Custody(person(r["child"]), person(r["holder"]), r["from"], r.get("to")) for r in case["custody"]],
        [
            Dwelling(
                person(r["person"]), Kind(r["kind"]), r.get("dwelling"), r["kommune"], r["from"], r.get("to"),
                protected=r.get("protected", False),
            )
            for r in case["dwellings"]
        ],
        [Placement(person(r["child"]), r["handlekommune"], r["from"], r.get("to")) for r in case.get("placements", [])],
    )  # fmt: skip


def registration_of(row: dict[str, Any]) -> Registration:
    """Return one revision."""
    present = row.get("children_present", [])
    return Registration(
        id=row["id"], revision=row["revision"], person=person(row["person"]), code=row["code"], role=Role(row["role"]),
        occurred_on=row["occurred_on"], district=District(row["district"]), status=Status(row["status"]),
        children_present=frozenset(person(name) for name in present if name != "unknown"),
        child_unknown="unknown" in present, pregnant=row.get("pregnant", False),
    )  # fmt: skip


@dataclass
class Sent:
    """A notification that stands in the world, and since when."""

    name: str
    child: Child
    at: datetime
    receiver: str | None
    registrations: frozenset[str]
    closed: datetime | None = None
    found: list[Found] = field(default_factory=list)
    told: dict[str, Registration] = field(default_factory=dict)


@dataclass
class Player:
    """Plays one case in order of time."""

    case: dict[str, Any]
    codes: CodeList = field(default_factory=code_list)
    claimed: set[tuple[str, int]] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    unsent: dict[Child, list[tuple[Week, Found]]] = field(default_factory=dict)
    results: dict[Week, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = facts_of(self.case)
        self.rows = [(moment(r.get("committed_at", r["registered_at"])), registration_of(r)) for r in self._rows()]
        for row in self.case.get("sent_before", []):
            closed = moment(row["closed_at"]) if "closed_at" in row else None
            self.sent.append(
                Sent(
                    row["notification"], child(row["child"]), moment(row["sent_at"]), row["receiver"],
                    frozenset(row["registrations"]), closed,
                )
            )  # fmt: skip
        first = Week.parse(self.case["runs"][0]["week"]).previous()
        self._claim(first, first.searched_at)

    def _rows(self) -> Iterator[dict[str, Any]]:
        yield from self.case["registrations"]

    def newest(self, before: datetime) -> dict[str, Registration]:
        """Return the highest revision of each registration that was committed before a moment (C4)."""
        rows = sorted((one for at, one in self.rows if at < before), key=lambda one: one.revision)
        return {one.id: one for one in rows}

    def _claim(self, week: Week, starts: datetime) -> list[Seen]:
        visible = [one for one in self.newest(starts).values() if one.occurred_on <= week.sunday]
        seen = [Seen(one, (one.id, one.revision) not in self.claimed) for one in visible]
        self.claimed |= {(row.registration.id, row.registration.revision) for row in seen}
        return seen

    def run(self, row: dict[str, Any]) -> Result:
        """Run a week, or give again what it gave."""
        week, starts = Week.parse(row["week"]), moment(row["starts_at"])
        if not row.get("replay"):
            seen = [each for each in self._claim(week, starts) if self.codes.has(each.registration.code)]
            self.results[week] = result = search(week, self.codes, seen, self.facts, self._backgrounds())
            for one in result.candidates:
                found = Found(week.sunday, frozenset(one.current), frozenset(one.current + one.history))
                self.unsent.setdefault(one.child, []).append((week, found))
        return self.results[week]

    def _backgrounds(self) -> dict[Child, Background]:
        children = {one.child for one in self.sent} | set(self.unsent)
        return {
            one: Background(
                tuple(Earlier(person(row.name), row.registrations) for row in self.sent if row.child == one),
                tuple(week for week, _ in self.unsent.get(one, [])),
            )
            for one in children
        }

    def approve(self, row: dict[str, Any]) -> dict[str, Any]:
        """Review, approve and send; return what a case says of it."""
        about, at = child(row["child"]), moment(row["approved_at"])
        found = [each for _, each in self.unsent.pop(about)]
        ground = standing_ground(about, found, self.newest(at), self.facts, self.codes)
        if ground is None:
            return {"kind": "not_sent", "reason": "ground_fell"}
        day, earlier = danish_day(at), [one for one in self.sent if one.child == about]
        to = receiver(about, self.facts, day)
        previous = [Previous(person(one.name), one.receiver, one.closed is None or at < one.closed) for one in earlier]
        told = {
            "kind": str(kind_of(previous, to)),
            "notification": row["expect"]["notification"],
            "receiver": to.kommune or "human",
            "registrations": [one.id for one in ground.used],
        }
        told |= {"reason": str(to.undecided)} if to.undecided else {}
        told |= {"refers_to": [one.name for one in earlier]} if earlier else {}
        told |= {"protected_address": True} if self.facts.is_protected(about.person, day) else {}
        known = {one.id: one for one in ground.used}
        self.sent.append(
            Sent(told["notification"], about, at, to.kommune, frozenset(known), None, found, known)
        )  # fmt: skip
        return told

    def corrections(self, at: datetime) -> list[dict[str, Any]]:
        """Return what must be told of what has changed since it was sent, as a case says it."""
        newest, corrected = self.newest(at), []
        for one in self.sent:
            found = correct(one.child, one.found, one.told, newest, self.facts, self.codes)
            if found:
                told = {"child": one.child, "notification": one.name, "kind": found.kind, "receiver": one.receiver}
                corrected.append(told | {"because": found.because})
        return corrected


def moment(text: str) -> datetime:
    """Read a time with its offset."""
    return datetime.fromisoformat(text)
