"""R1 to R6: the six reasons for which a child is a candidate (C18).

They read codes, roles, dates, custody, dwelling and presence, nothing else, and weigh nothing: there is no score.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.concerns.domain.codes import DRIVING_CODES, MODEST_CODES, CodeList
from services.concerns.domain.family import Child, Facts
from services.concerns.domain.registration import Registration, in_window, within

DRIVING_MONTHS, DRIVING_DAYS = 60, 90


class Rule(StrEnum):
    """The rules; their words are in the explanation of every candidate."""

    SOLO = "R1"
    PRESENT = "R2"
    REPEAT = "R3"
    HOUSEHOLD = "R4"
    UNBORN = "R5"
    DRIVING = "R6"

    @property
    def words(self) -> str:
        """Return what it means, in Danish."""
        return {
            Rule.SOLO: "én registrering er nok",
            Rule.PRESENT: "barnet var til stede",
            Rule.REPEAT: "samme voksne igen",
            Rule.HOUSEHOLD: "to voksne i husstanden",
            Rule.UNBORN: "gravid kvinde",
            Rule.DRIVING: "spiritus- eller narkokørsel igen",
        }[self]


Pool = Mapping[UUID, Sequence[Registration]]
"""Every usable, listed registration that the run sees, by person; current ones too."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the rules are asked about: one child, its current registrations, and what else is known of the adults."""

    child: Child
    current: tuple[Registration, ...]
    pool: Pool
    facts: Facts
    codes: CodeList
    sunday: date
    claimed: frozenset[str]
    """The ids of all that is current in this run, also for other children (C20)."""


Used = Iterable[Registration]


def _solo(asked: Question) -> Used:
    return (one for one in asked.current if asked.codes.entries[one.code].solo)


def _present(asked: Question) -> Used:
    return (one for one in asked.current if asked.child.person in one.children_present)


def _repeat(asked: Question) -> Iterator[Registration]:
    for one in asked.current:
        yield from _together(one, _history(asked, one, one.person))


def _household(asked: Question) -> Iterator[Registration]:
    """Yield what two adults of the child's household did, on the day of the current one (D18)."""
    for one in asked.current:
        day, home = one.occurred_on, asked.facts.household_of(asked.child.person, one.occurred_on)
        if one.person in home and asked.facts.is_adult(one.person, day):
            others = (other for other in home - {one.person} if asked.facts.is_adult(other, day))
            yield from _together(one, [row for other in others for row in _history(asked, one, other)])


def _driving(asked: Question) -> Iterator[Registration]:
    """Yield two charges in five years of which one is at most 90 days old (D3); the codes' own windows do not apply."""
    for one in asked.current:
        if one.code in DRIVING_CODES:
            others = [other for other in asked.pool.get(one.person, ()) if _drives_again(one, other, asked.sunday)]
            yield from _together(one, others)


def _drives_again(one: Registration, other: Registration, sunday: date) -> bool:
    newest = max(one.occurred_on, other.occurred_on)
    recent = (sunday - newest).days <= DRIVING_DAYS
    again = other.code in DRIVING_CODES and other.another_than(one)
    return again and recent and within(one, other, DRIVING_MONTHS)


def _history(asked: Question, one: Registration, person: UUID) -> list[Registration]:
    rows = asked.pool.get(person, ())
    return [other for other in rows if other.another_than(one) and in_window(one, other, asked.codes)]


def _together(one: Registration, others: Sequence[Registration]) -> Sequence[Registration]:
    return [one, *others] if others else []


def _unborn(asked: Question) -> Used:
    return (one for one in asked.current if one.pregnant and one.person == asked.child.person)


BORN: Mapping[Rule, Callable[[Question], Used]] = {
    Rule.SOLO: _solo,
    Rule.PRESENT: _present,
    Rule.REPEAT: _repeat,
    Rule.HOUSEHOLD: _household,
    Rule.DRIVING: _driving,
}
EXPECTED: Mapping[Rule, Callable[[Question], Used]] = {Rule.UNBORN: _unborn}  # D5: R5 only


@dataclass(frozen=True, slots=True)
class Ground:
    """The rules that hold and the registrations that they used (C20)."""

    rules: tuple[Rule, ...]
    used: tuple[Registration, ...]
    """In order of date, then id."""


def ground(asked: Question) -> Ground | None:
    """Return why the child is a candidate, or None: no rule holds, or only codes that are never alone enough (D17)."""
    answers = {rule: list(find(asked)) for rule, find in (EXPECTED if asked.child.unborn else BORN).items()}
    used = {one.id: one for rows in answers.values() for one in rows}
    if all(one.code in MODEST_CODES for one in used.values()):
        return None
    ordered = sorted(used.values(), key=lambda one: (one.occurred_on, one.id))
    return Ground(tuple(rule for rule, rows in answers.items() if rows), tuple(ordered))
