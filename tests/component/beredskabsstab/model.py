"""What the beredskabsstab does, written a second time from docs/architecture/beredskabsstab.md; it knows no service."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[3] / "docs" / "architecture" / "beredskabsstab.md"
LADDER = ("informationsberedskab", "stabsberedskab", "operationsberedskab")
TEXTS = {"informationsberedskab": "staff_informed", "stabsberedskab": "call_in", "operationsberedskab": "call_in"}

Told = tuple[Any, ...]
"""An event: its name, and what it says."""


def documented(name: str) -> dict[str, frozenset[str]]:
    """Return a table of states from the page."""
    table = PAGE.read_text(encoding="utf-8").partition(f"<!-- states: {name} -->")[2].partition("<!-- /states -->")[0]
    rows = re.findall(r"^\| (\w+) \| ([\w, ]*)\|$", table, re.MULTILINE)
    return {one: frozenset(re.findall(r"\w+", to)) for one, to in rows if one != "from"}


@dataclass
class Person:
    """Somebody who was called, with the last answer."""

    authority: str
    role: str
    who: str
    answer: str | None = None
    minutes: int | None = None
    at: datetime | None = None
    number: int = 0


@dataclass(frozen=True)
class Standing:
    """How a rule stands."""

    reached: bool
    demands: int
    lacks: list[tuple[str, str, int, int]]
    until: datetime | None


@dataclass
class Model:
    """One activation."""

    plan: dict[str, Any]
    municipalities: frozenset[str]
    state: str = "none"
    step: str = ""
    room: str | None = None
    calls: list[tuple[str, frozenset[tuple[str, str]]]] = field(default_factory=list)
    """The step and the authorities' roles of each call-in."""
    people: dict[str, Person] = field(default_factory=dict)
    reached: dict[str, bool] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    moves: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.states, self.steps = documented("activation"), documented("step")

    # -- commands ------------------------------------------------------------------------------------------------------

    def activate(self, step: str, *, later: bool, unready: frozenset[str] = frozenset()) -> None:
        """Activate the staff, now or for later."""
        self.state, self.step = "planned", step
        rooms = sorted(self.plan["facilities"], key=lambda one: not one["primary"])
        free = [one for one in rooms if one["code"] not in unready]
        if free:
            self.room = free[0]["code"]
            self.told.append(("FacilityReserved", self.room, not free[0]["primary"]))
        if not later:
            self.begin()

    def begin(self) -> None:
        """Let its time come."""
        self._move("active")
        self.told.append(("StaffActivated", self.step))
        self._call()

    def change(self, step: str, reason: str) -> str | None:
        """Change the step; returns the refusal."""
        if self.state != "active":
            return "activation-not-active"
        if step == "daily":
            return "daily-is-no-step"
        if step not in self.steps[self.step]:
            return "same-step"
        up = LADDER.index(step) > LADDER.index(self.step)
        if not up and not reason.strip():
            return "reason-missing"
        self.moves.add(("step", self.step, step))
        self.told.append(("StepChanged", self.step, step))
        self.step = step
        if up:
            self._call()
        return None

    def end(self, outcome: str, reason: str) -> str | None:
        """End it; returns the refusal."""
        if outcome not in self.states[self.state]:
            return "activation-not-active"
        if not reason.strip():
            return "reason-missing"
        self._move(outcome)
        self.told += [("CallInEnded", number) for number in range(1, len(self.calls) + 1)]
        self.told.append(("StaffStoodDown", outcome))
        return None

    def _move(self, state: str) -> None:
        assert state in self.states[self.state], (self.state, state)
        self.moves.add(("activation", self.state, state))
        self.state = state

    def _call(self) -> None:
        wanted = self.wanted()
        if wanted:
            self.calls.append((self.step, wanted))
            self.told.append(("StaffCalled", TEXTS[self.step], wanted))

    def wanted(self) -> frozenset[tuple[str, str]]:
        """Return the roles of the step and those below it that no step has called."""
        below = LADDER[: LADDER.index(self.step) + 1]
        every = {
            (one["authority"], role)
            for one in self.plan["parties"]
            if one.get("standing", True)
            for step in below
            for role in one["roles"].get(step, ())
        }
        return frozenset(every.difference(*(places for _, places in self.calls)))

    # -- answers -------------------------------------------------------------------------------------------------------

    def shows(self, call: str, authority: str, role: str, who: str) -> None:
        """Let alerting's board name somebody who was called."""
        self.people.setdefault(call, Person(authority, role, who)).who = who

    def hears(self, call: str, answer: str, minutes: int | None, at: datetime, number: int) -> bool:
        """Take an answer that alerting tells; says whether it is news."""
        person = self.people[call]
        if number <= person.number:
            return False
        self.moves.add(("answer", person.answer or "none", answer))
        person.answer, person.minutes, person.at, person.number = answer, minutes, at, number
        return True

    def enters(self, call: str, answer: str, minutes: int | None, at: datetime) -> str | None:
        """Take an answer that the desk enters; returns the refusal."""
        if self.state != "active":
            return "activation-not-active"
        if call not in self.people:
            return "not-found"
        person = self.people[call]
        self.moves.add(("answer", person.answer or "none", answer))
        person.answer, person.minutes, person.at = answer, minutes, at
        return None

    # -- quorum --------------------------------------------------------------------------------------------------------

    def look(self, at: datetime) -> None:
        """Look at the rule, and tell what has changed."""
        if self.state != "active":
            return
        now = self.standing(at)
        if now.reached != self.reached.get(self.step, False):
            self.moves.add(("quorum", *(("missing", "reached") if now.reached else ("reached", "missing"))))
            missing = tuple(sorted({who for who, *_ in now.lacks}))
            self.told.append(("QuorumReached", self.step) if now.reached else ("QuorumLost", self.step, missing))
        self.reached[self.step] = now.reached

    def standing(self, at: datetime) -> Standing:
        """Return how the rule of the step stands at a moment."""
        demands, lacks, ends = 0, list[tuple[str, str, int, int]](), set[datetime]()
        for term in self.plan["quorum"].get(self.step, ()):
            for authority in self._asked(term):
                demands += 1
                good = [
                    one
                    for one in self._last_answers()
                    if (one.authority, one.role) == (authority, term["role"]) and one.answer in term["answers"]
                ]
                until = {one.who: self._until(one) for one in good}
                alive = {who: end for who, end in until.items() if end is None or at < end}
                ends |= {end for end in alive.values() if end is not None}
                if len(alive) < term.get("at_least", 1):
                    lacks.append((authority, term["role"], term.get("at_least", 1), len(alive)))
        return Standing(demands > 0 and not lacks, demands, lacks, min(ends, default=None))

    def lapses(self) -> set[datetime]:
        """Return the moments at which answers run out."""
        return {until for one in self.people.values() if (until := self._until(one)) is not None}

    def _last_answers(self) -> list[Person]:
        last: dict[tuple[str, str, str], tuple[datetime, Person]] = {}
        for one in self.people.values():
            key = (one.who, one.authority, one.role)
            if one.at is not None and (key not in last or last[key][0] < one.at):
                last[key] = (one.at, one)
        return [one for _, one in last.values()]

    def _until(self, one: Person) -> datetime | None:
        if one.answer not in {"coming", "virtual"} or one.at is None:
            return None
        minutes = self.plan.get("answer_holds_minutes", 60) if one.minutes is None else one.minutes
        return one.at + timedelta(minutes=minutes + self.plan.get("grace_minutes", 15))

    def _asked(self, term: dict[str, Any]) -> list[str]:
        if term.get("authorities"):
            return list(term["authorities"])
        return [
            one["authority"]
            for one in self.plan["parties"]
            if one.get("standing", True)
            and any(term["role"] in roles for roles in one["roles"].values())
            and (
                term.get("unaffected")
                or one.get("kommunekode") is None
                or one.get("kommunekode") in self.municipalities
            )
        ]
