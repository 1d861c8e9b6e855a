"""What the stand-in register knows, and what it answers: persons, custody, dwellings and placements by number.

The words are those of the worked cases of the weekly search. `from` is the first day, `to` the first day that no longer
counts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from contracts.codes import Kommunekode

Row = TypeVar("Row")

STRICT = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True, hide_input_in_errors=True)

Number = Annotated[str, StringConstraints(pattern=r"^(6[1-9]|[78]\d|9[01])\d{8}$")]
"""An invented CPR number: ten digits, day + 60. Others are refused here."""

From = Annotated[date, Field(alias="from")]


class Kind(StrEnum):
    """What sort of place somebody lives in; only a `dwelling` makes a household."""

    DWELLING = "dwelling"
    SHELTER = "shelter"
    ASYLUM_CENTRE = "asylum_centre"
    HOSPITAL = "hospital"
    PRISON = "prison"
    HOSTEL = "hostel"
    STUDENT_HALL = "student_hall"
    RESIDENTIAL_INSTITUTION = "residential_institution"
    NO_FIXED_ADDRESS = "no_fixed_address"


@dataclass(config=STRICT, frozen=True, slots=True)
class Person:
    """An invented person."""

    number: Number
    name: str
    born: date
    address: str | None = None
    protected_address: bool = False


@dataclass(config=STRICT, frozen=True, slots=True)
class Custody:
    """Who holds custody of a child."""

    child: Number
    holder: Number
    from_: From
    to: date | None = None


@dataclass(config=STRICT, frozen=True, slots=True)
class Dwelling:
    """Where a person lives; `dwelling` is floor and door, `building` the house."""

    person: Number
    kind: Kind
    from_: From
    dwelling: str | None = None
    building: str | None = None
    kommune: Kommunekode | None = None
    to: date | None = None
    protected: bool = False

    def overlaps(self, other: "Dwelling") -> bool:
        """Tell whether two stays have a day in common."""
        return (other.to is None or self.from_ < other.to) and (self.to is None or other.from_ < self.to)


@dataclass(config=STRICT, frozen=True, slots=True)
class Placement:
    """Which municipality acts for a placed child."""

    child: Number
    from_: From
    handlekommune: Kommunekode | None = None
    to: date | None = None


@dataclass(config=STRICT, frozen=True, slots=True)
class Facts:
    """A population, or a part of one."""

    persons: list[Person] = Field(default_factory=list)
    custody: list[Custody] = Field(default_factory=list)
    dwellings: list[Dwelling] = Field(default_factory=list)
    placements: list[Placement] = Field(default_factory=list)

    def __add__(self, other: "Facts") -> "Facts":
        """Return both together; a person of `other` takes the place of one with the same number."""
        persons = {person.number: person for person in (*self.persons, *other.persons)}
        return Facts(
            persons=list(persons.values()),
            custody=[*self.custody, *other.custody],
            dwellings=[*self.dwellings, *other.dwellings],
            placements=[*self.placements, *other.placements],
        )

    def to_json(self) -> bytes:
        """Return the facts as the register takes them."""
        return _FACTS.dump_json(self, by_alias=True)

    def to_rows(self) -> dict[str, list[dict[str, object]]]:
        """Return the facts as the register answers them."""
        rows: dict[str, list[dict[str, object]]] = _FACTS.dump_python(self, by_alias=True)
        return rows

    @classmethod
    def from_json(cls, body: bytes) -> "Facts":
        """Return the facts of a body; pydantic's ValidationError says what is wrong with it."""
        return _FACTS.validate_json(body)


_FACTS = TypeAdapter(Facts)


class Population:
    """The facts with what is needed to find them."""

    def __init__(self, facts: Facts) -> None:
        """Index the facts."""
        self.facts = facts
        self._persons = {person.number: person for person in facts.persons}
        self._held = _by(facts.custody, lambda one: one.holder)
        self._holders = _by(facts.custody, lambda one: one.child)
        self._homes = _by(facts.dwellings, lambda one: one.person)
        shared = (one for one in facts.dwellings if one.kind is Kind.DWELLING)
        self._under_one_roof = _by(shared, lambda one: one.dwelling)
        self._placements = _by(facts.placements, lambda one: one.child)

    def identities(self, numbers: Iterable[str]) -> list[Person]:
        """Return those persons whom the register knows."""
        return [self._persons[number] for number in dict.fromkeys(numbers) if number in self._persons]

    def households(self, numbers: Iterable[str]) -> Facts:
        """Return what concerns the households of persons.

        That is the persons, the children whose custody they hold or held, everyone who shared a dwelling with them,
        and the custody holders of all these.
        """
        asked = dict.fromkeys(numbers)
        children = [one.child for number in asked for one in self._held[number]]
        mates = [one.person for number in asked for one in self._mates(number)]
        family = dict.fromkeys([*asked, *children, *mates])
        custody = [one for number in family for one in self._holders[number]]
        everyone = dict.fromkeys([*family, *(one.holder for one in custody)])
        return Facts(
            persons=self.identities(everyone),
            custody=custody,
            dwellings=[one for number in everyone for one in self._homes[number]],
            placements=[one for number in family for one in self._placements[number]],
        )

    def _mates(self, number: str) -> list[Dwelling]:
        homes = [home for home in self._homes[number] if home.kind is Kind.DWELLING]
        return [other for home in homes for other in self._under_one_roof[home.dwelling] if other.overlaps(home)]


def _by(rows: Iterable[Row], key: Callable[[Row], str | None]) -> defaultdict[str | None, list[Row]]:
    index: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        index[key(row)].append(row)
    return index
