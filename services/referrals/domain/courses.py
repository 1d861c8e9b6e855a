"""What a course is: after a referral is accepted, or where nobody is named, each programme goes its own few steps.

Every definition is data (`data/courses/`), none is a code path. It is proved before it is used: see `course_proof`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from contracts.codes import AuthorityKind, Office, Role
from services.referrals.domain.programmes import Clock, Programme, Unit, programmes
from services.referrals.domain.states import State


class CourseFault(Exception):
    """A definition does not hold, and is not used; the message says why."""


class Sort(StrEnum):
    """What is said in a field."""

    CODE = "code"
    """One out of a closed list."""
    TEXT = "text"
    """Words, which persons keeps sealed."""
    DAY = "day"
    REFERENCE = "reference"
    """The id of something elsewhere, that names nobody."""
    TRUTH = "truth"
    NUMBER = "number"
    YEARS = "years"
    """An age in whole years."""
    STAFF = "staff"
    """Whom the course is assigned to, by the id of a practitioner."""


class Stands(StrEnum):
    """What a course belongs to."""

    REFERRAL = "referral"
    ALONE = "alone"


class Closing(StrEnum):
    """How an end closes the referral too."""

    COMPLETE = "complete"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is said with a step."""

    name: str
    sort: Sort
    codes: Mapping[str, str] = field(default_factory=dict)
    """Each code, and its word."""
    optional: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """It is needed only where another field of the step has one of these codes."""
    input: str = ""
    """The column of the programme's decision table that it answers."""
    least: int = 0
    """Of an age: the youngest."""
    most: int = 120
    """Of an age: the oldest."""
    whose: str = ""
    """Of an age: `person` or `counterpart`, from whose birth it is reckoned where that is known."""
    points_to: str = ""
    """The programme for whoever is younger or older."""


@dataclass(frozen=True, slots=True)
class CourseSeat:
    """A place at a course: which authority, which office, which roles, and whether it sees what is said."""

    kind: AuthorityKind
    roles: tuple[str, ...]
    office: Office | None = None
    content: bool = True
    """False: it sees how far the course is, and its own words."""
    assigned: bool = False
    """It sees the course only where it is assigned to whoever sits there."""

    def holds(self, kind: AuthorityKind, office: Office | None) -> bool:
        """Say whether an authority's office sits here; a seat without an office is of the authority as such."""
        return kind is self.kind and self.office in {None, office}


@dataclass(frozen=True, slots=True)
class Condition:
    """An earlier step that must be there."""

    step: str
    name: str
    """What is missing, in Danish, where it is not."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """It is asked for only where this was said last."""
    field: str = ""
    any_of: tuple[str, ...] = ()
    """What must have been said in the field, the last time."""
    by: str = ""
    """The seat that must have taken it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a referral says that a field of the opening asks."""

    fact: str
    """A column of the programme's rule; or `sender`, the kind of authority, or `row`, the row that admitted it."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """The field's code for each of its values; a value without one is for a person to say."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a course begins: by whom, on what, and what is said."""

    by: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    counterpart: bool = False
    """It is about two persons, and the other one is named too."""
    on: frozenset[State] = frozenset({State.ACCEPTED, State.IN_PROGRESS})
    by_itself: bool = False
    """It is opened as soon as the receiver says yes, where all that must be said is known."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """By field, what the referral says of it."""
    once_for: tuple[str, ...] = ()
    """The fields that may come together once in a municipality."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whose it is, from where to where, what is said, and what must be there."""

    id: str
    name: str
    by: tuple[str, ...]
    sources: tuple[str, ...]
    to: str = ""
    """Where it leads; nowhere where it is empty."""
    leads: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where it leads by the code of a field."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    requires: tuple[Condition, ...] = ()
    table: str = ""
    """The decision table that must say yes."""
    contact: bool = False
    """It is a contact with the person, so that the referral is in progress."""
    discloses_to: AuthorityKind | None = None
    """Who is told, outside of Samvirke, and is never asked."""
    invites: AuthorityKind | None = None
    """Who sits at the course from then on."""
    assigns: str = ""
    """The role of whoever it is assigned to."""

    def targets(self, source: str) -> frozenset[str]:
        """Return where it may lead from a state."""
        by_code = {to for codes in self.leads.values() for to in codes.values()}
        return frozenset(by_code or {self.to or source})

    def target(self, source: str, said: Mapping[str, Any]) -> str:
        """Return where it leads from a state, by what is said."""
        for name, codes in self.leads.items():
            return codes[str(said[name])]
        return self.to or source


@dataclass(frozen=True, slots=True)
class CourseClock:
    """How long a state may last: from its beginning, or before or after a day that was said."""

    clock: Clock
    anchor: str = ""
    """The field of that day."""


@dataclass(frozen=True, slots=True)
class CourseState:
    """An open state: whose turn it is, and until when."""

    id: str
    name: str
    owner: str
    due: CourseClock


@dataclass(frozen=True, slots=True)
class CourseEnd:
    """An end, and what it means for the referral."""

    id: str
    name: str
    closes: Closing | None = None
    code: str = ""
    forget: Clock | None = None
    """After how long nothing says any more who it was about."""


INTERRUPTED = CourseEnd("interrupted", "afbrudt, fordi henvisningen sluttede")
"""The end that every course on a referral has: the consent was withdrawn, or somebody else ended it."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind of course."""

    kind: str
    name: str
    programme: Programme
    stands: Stands
    first: str
    seats: Mapping[str, CourseSeat]
    opening: Opening
    states: Mapping[str, CourseState]
    ends: Mapping[str, CourseEnd]
    steps: Mapping[str, Step]
    walks: tuple[tuple[str, ...], ...]
    """Examples from the opening to an end, each step with the code by which it leads on: every step is in one."""
    tags: tuple[str, ...] = ()
    """What reports count it under."""
    needs: tuple[str, ...] = ()
    """The kinds of course that must have ended before, on the same referral, as `kind:end`."""

    @property
    def person_free(self) -> bool:
        """Say whether nobody may be named in it."""
        return self.stands is Stands.ALONE

    def end(self, state: str) -> CourseEnd | None:
        """Return the end that a state is, None while it is open."""
        return INTERRUPTED if state == INTERRUPTED.id and state not in self.ends else self.ends.get(state)

    def word(self, state: str) -> str:
        """Return a state in Danish."""
        end = self.end(state)
        return end.name if end else self.states[state].name

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """Return the steps that can be taken in a state."""
        return tuple(step for step in self.steps.values() if state in step.sources)


def read(raw: Mapping[str, Any]) -> Definition:
    """Read a definition as its file has it; whether it holds is another question (`course_proof.load`).

    Raises:
        CourseFault: something in it is missing, is one too many, or is not what it should be.
    """
    name = raw.get("kind", "et forløb")
    for part in ("states", "ends", "steps"):
        _named_once(f"{name}: {part}", [one.get("id", "") for one in raw.get(part, ())])
    try:
        return Definition(
            **{key: raw[key] for key in ("kind", "name", "first")},
            programme=programmes()[raw["programme"]],
            stands=Stands(raw["stands"]),
            seats={alias: _seat(seat) for alias, seat in raw["seats"].items()},
            opening=_opening(raw["opening"]),
            states={one["id"]: _state(one) for one in raw["states"]},
            ends={one["id"]: _end(one) for one in raw["ends"]},
            steps={one["id"]: _step(one) for one in raw["steps"]},
            walks=tuple(tuple(walk.split()) for walk in raw["walks"]),
            tags=tuple(raw.get("tags", ())),
            needs=tuple(raw.get("needs", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise CourseFault(f"{name}: {fault}") from fault


def _named_once(where: str, names: list[str]) -> None:
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise CourseFault(f"{where}: {', '.join(twice)} står to gange")


def _seat(raw: Mapping[str, Any]) -> CourseSeat:
    office = raw.get("office")
    roles = tuple(Role(role).value for role in raw["roles"])
    read = {"kind": AuthorityKind(raw["kind"]), "office": Office(office) if office else None, "roles": roles}
    return CourseSeat(**{**raw, **read})


def _opening(raw: Mapping[str, Any]) -> Opening:
    read: dict[str, Any] = {"by": tuple(raw["by"]), "fields": _fields(raw), "once_for": tuple(raw.get("once_for", ()))}
    read["known"] = {name: Known(**one) for name, one in raw.get("known", {}).items()}
    if "on" in raw:
        read["on"] = frozenset(map(State, raw["on"]))
    return Opening(**{**raw, **read})


def _fields(raw: Mapping[str, Any]) -> dict[str, Field]:
    return {name: _field(one) for name, one in raw.get("fields", {}).items()}


def _field(raw: Mapping[str, Any]) -> Field:
    when = {name: tuple(codes) for name, codes in raw.get("when", {}).items()}
    return Field(**{**raw, "sort": Sort(raw["sort"]), "when": when})


def _clock(raw: Mapping[str, Any]) -> Clock:
    return Clock(raw["days"], Unit(raw["unit"]), raw["source"])


def _state(raw: Mapping[str, Any]) -> CourseState:
    due = CourseClock(_clock(raw["clock"]), raw["clock"].get("anchor", ""))
    return CourseState(raw["id"], raw["name"], raw["owner"], due)


def _end(raw: Mapping[str, Any]) -> CourseEnd:
    closes = Closing(raw["closes"]) if "closes" in raw else None
    forget = _clock(raw["forget"]) if "forget" in raw else None
    return CourseEnd(**{**raw, "closes": closes, "forget": forget})


def _step(raw: Mapping[str, Any]) -> Step:
    kinds = {name: AuthorityKind(raw[name]) for name in ("discloses_to", "invites") if name in raw}
    read = {
        "by": tuple(raw["by"]),
        "sources": tuple(raw["sources"]),
        "fields": _fields(raw),
        "requires": tuple(map(_condition, raw.get("requires", ()))),
    }
    return Step(**{**raw, **kinds, **read})


def _condition(raw: Mapping[str, Any]) -> Condition:
    where = {name: tuple(codes) for name, codes in raw.get("where", {}).items()}
    return Condition(**{**raw, "any_of": tuple(raw.get("any_of", ())), "where": where})
