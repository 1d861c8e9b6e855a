"""One revision of a police registration, as the rules read it: code, role, date and presence, nothing else."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.concerns.domain.calendar import add_months
from services.concerns.domain.codes import CodeList, District, Role


class Status(StrEnum):
    """What the source says about a registration now; only a valid one counts (C15)."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Registration:
    """One revision of one registration; the highest that is committed decides (C4)."""

    id: str
    revision: int
    person: UUID
    code: str
    role: Role
    occurred_on: date
    district: District
    status: Status = Status.VALID
    children_present: frozenset[UUID] = frozenset()
    child_unknown: bool = False
    """A child was present and the source could not say which."""
    pregnant: bool = False
    incident: str | None = None
    """The source's reference to the incident; registrations of one incident count once (D2)."""

    def usable(self, codes: CodeList) -> bool:
        """Say whether it counts at all: valid, and listed in this role (C14, C15)."""
        return self.status is Status.VALID and codes.lists(self.code, self.role)

    @property
    def fact(self) -> tuple[str, ...]:
        """Return what it says apart from its revision: coming again with the same is nothing new (D24)."""
        present = sorted(map(str, self.children_present))
        says = (self.person, self.code, self.role, self.occurred_on, self.pregnant)
        return (self.id, *map(str, says), *present)

    def another_than(self, other: "Registration") -> bool:
        """Say whether the two are different registrations of different incidents (D2)."""
        return self.id != other.id and (self.incident is None or self.incident != other.incident)


def within(one: Registration, other: Registration, months: int) -> bool:
    """Say whether the later of two lies at most that many months after the earlier, that day included."""
    earlier, later = sorted((one.occurred_on, other.occurred_on))
    return later <= add_months(earlier, months)


def in_window(one: Registration, other: Registration, codes: CodeList) -> bool:
    """Say whether the earlier of two is history of the later, by the earlier code's months (C17)."""
    earlier = min((one, other), key=lambda registration: registration.occurred_on)
    return within(one, other, codes.entries[earlier.code].window)
