"""Household facts: births, custody, dwellings and placements, asked for on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from services.concerns.domain.calendar import eighteen_on


class Kind(StrEnum):
    """What an address is; only a dwelling makes a household (C10)."""

    DWELLING = "dwelling"
    SHELTER = "shelter"
    ASYLUM_CENTRE = "asylum_centre"
    HOSPITAL = "hospital"
    PRISON = "prison"
    HOSTEL = "hostel"
    STUDENT_HALL = "student_hall"
    RESIDENTIAL_INSTITUTION = "residential_institution"
    NO_FIXED_ADDRESS = "no_fixed_address"


@dataclass(frozen=True, slots=True, order=True)
class Child:
    """Whom a candidate is about: a child, or the child that a woman expects."""

    person: UUID
    """The child's own person id; the mother's when unborn."""
    unborn: bool = False

    @classmethod
    def parse(cls, text: str) -> "Child":
        """Read what `str` wrote."""
        mother = text.removeprefix("unborn:")
        return cls(UUID(mother), unborn=mother != text)

    def __str__(self) -> str:
        """Write the id, as in `unborn:<mother>`."""
        return f"unborn:{self.person}" if self.unborn else str(self.person)


@dataclass(frozen=True, slots=True)
class Custody:
    """Somebody holds custody of a child for a period."""

    child: UUID
    holder: UUID
    starts: date
    ends: date | None = None
    """The first day that no longer counts (C7)."""


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Somebody's address for a period: an opaque id, its kind and its municipality, never the address."""

    person: UUID
    kind: Kind
    dwelling: str | None
    kommune: str | None
    starts: date
    ends: date | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """A child is placed outside its home, by the municipality that acts for it when that is known."""

    child: UUID
    handlekommune: str | None
    starts: date
    ends: date | None = None


class _Period(Protocol):
    @property
    def starts(self) -> date: ...
    @property
    def ends(self) -> date | None: ...


P = TypeVar("P", bound=_Period)


def on(day: date, rows: Iterable[P]) -> list[P]:
    """Return the rows that count on a day."""
    return [row for row in rows if row.starts <= day and (row.ends is None or day < row.ends)]


class Facts:
    """The household facts about some families, indexed by person and by dwelling."""

    def __init__(
        self,
        births: Mapping[UUID, date],
        custody: Iterable[Custody] = (),
        dwellings: Iterable[Dwelling] = (),
        placements: Iterable[Placement] = (),
    ) -> None:
        """Index the rows once; a run asks them thousands of times."""
        self.births = births
        self._held: dict[UUID, list[Custody]] = defaultdict(list)
        self._holders: dict[UUID, list[Custody]] = defaultdict(list)
        self._homes: dict[UUID, list[Dwelling]] = defaultdict(list)
        self._residents: dict[str | None, list[Dwelling]] = defaultdict(list)
        self._placed: dict[UUID, list[Placement]] = defaultdict(list)
        for row in custody:
            self._held[row.holder].append(row)
            self._holders[row.child].append(row)
        for home in dwellings:
            self._homes[home.person].append(home)
            if home.kind is Kind.DWELLING:
                self._residents[home.dwelling].append(home)
        for placement in placements:
            self._placed[placement.child].append(placement)

    def is_child(self, person: UUID, day: date) -> bool:
        """Say whether somebody is born and under 18 on a day (C8); an unknown birth is no child."""
        born = self.births.get(person)
        return born is not None and born <= day < eighteen_on(born)

    def is_adult(self, person: UUID, day: date) -> bool:
        """Say whether somebody is 18 or more on a day."""
        born = self.births.get(person)
        return born is not None and eighteen_on(born) <= day

    def children_of(self, holder: UUID, day: date) -> set[UUID]:
        """Return those whom a person holds custody of on a day, wherever they live (C9)."""
        return {row.child for row in on(day, self._held.get(holder, ()))}

    def holders_of(self, child: UUID, day: date) -> set[UUID]:
        """Return those who hold custody of a child on a day."""
        return {row.holder for row in on(day, self._holders.get(child, ()))}

    def homes_of(self, person: UUID, day: date) -> list[Dwelling]:
        """Return a person's address on a day, of whatever kind; none when it is not known."""
        return on(day, self._homes.get(person, ()))

    def household_of(self, person: UUID, day: date) -> set[UUID]:
        """Return those with the same dwelling on a day, the person apart; no other kind links anybody (C10)."""
        own = {home.dwelling for home in self.homes_of(person, day) if home.kind is Kind.DWELLING}
        return {row.person for dwelling in own for row in on(day, self._residents[dwelling])} - {person}

    def placement_of(self, child: UUID, day: date) -> Placement | None:
        """Return a child's placement on a day."""
        return next(iter(on(day, self._placed.get(child, ()))), None)

    def is_protected(self, person: UUID, day: date) -> bool:
        """Say whether a person's address is protected on a day (C26)."""
        return any(home.protected for home in self.homes_of(person, day))
