"""Who receives an underretning: the decision table, asked on the Danish date of sending (C25)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.concerns.domain.calendar import eighteen_on
from services.concerns.domain.family import Child, Dwelling, Facts, Kind


class Undecided(StrEnum):
    """Why a person must decide; nobody guesses a municipality."""

    HANDLEKOMMUNE_UNKNOWN = "handlekommune_unknown"
    ADDRESS_UNKNOWN = "address_unknown"
    NO_CUSTODY_HOLDER = "child_lives_with_no_custody_holder"
    SHARED_INSTITUTION = "child_lives_at_an_institution"
    EIGHTEEN = "no_longer_a_child"


@dataclass(frozen=True, slots=True)
class Receiver:
    """One municipality, or the reason why a person decides."""

    kommune: str | None
    undecided: Undecided | None = None


def receiver(child: Child, facts: Facts, day: date) -> Receiver:
    """Decide by placement, then by the custody holder whom the child lives with; else a person decides."""
    if child.unborn:
        return _where_the_mother_lives(child, facts, day)
    born = facts.births.get(child.person)
    if born is not None and eighteen_on(born) <= day:
        return Receiver(None, Undecided.EIGHTEEN)  # D8
    placement = facts.placement_of(child.person, day)
    if placement is not None:
        return _or(placement.handlekommune, Undecided.HANDLEKOMMUNE_UNKNOWN)
    return _with_a_custody_holder(child, facts, day)


def _or(kommune: str | None, undecided: Undecided) -> Receiver:
    return Receiver(kommune, None if kommune else undecided)


def _where_the_mother_lives(child: Child, facts: Facts, day: date) -> Receiver:
    homes = [home for home in facts.homes_of(child.person, day) if home.kommune]  # D6
    if any(home.kind not in {Kind.DWELLING, Kind.NO_FIXED_ADDRESS} for home in homes):
        return Receiver(None, Undecided.SHARED_INSTITUTION)
    return _or(homes[0].kommune if homes else None, Undecided.ADDRESS_UNKNOWN)


def _with_a_custody_holder(child: Child, facts: Facts, day: date) -> Receiver:
    own = [home for home in facts.homes_of(child.person, day) if home.kommune]
    holders = facts.holders_of(child.person, day)
    theirs = [home for holder in sorted(holders) for home in facts.homes_of(holder, day)]
    together = [home for home in own if any(_same_home(home, other) for other in theirs)]
    if together:
        return Receiver(together[0].kommune)
    if not own:
        return Receiver(None, Undecided.ADDRESS_UNKNOWN)
    if any(home.dwelling and home.dwelling == other.dwelling for home in own for other in theirs):
        return Receiver(None, Undecided.SHARED_INSTITUTION)  # D7
    return Receiver(None, Undecided.NO_CUSTODY_HOLDER)


def _same_home(one: Dwelling, other: Dwelling) -> bool:
    if one.kind is Kind.DWELLING:
        return other.kind is Kind.DWELLING and one.dwelling == other.dwelling
    return one.kind is Kind.NO_FIXED_ADDRESS and other.kind is one.kind and one.kommune == other.kommune
