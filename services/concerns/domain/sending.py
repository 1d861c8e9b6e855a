"""From an approved candidate to an underretning: does the ground still stand, and what kind is it (C22 to C27)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.concerns.v1 import UnderretningKind
from contracts.refusal import Refusal
from services.concerns.domain.codes import CodeList
from services.concerns.domain.family import Child, Facts
from services.concerns.domain.receiver import Receiver
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.rules import Ground, Question, Rule, ground
from services.concerns.domain.search import concerned_by, pool_of


class RegistrationUnsettled(Refusal):
    """A registration that counts is disputed or on hold; nothing is sent until that is settled (D11)."""

    slug = "registration-unsettled"
    title = "En af registreringerne er bestridt eller sat i bero."
    todo = "Vent, til kilden har afgjort registreringen, og godkend så igen."


@dataclass(frozen=True, slots=True)
class Found:
    """What one run found about the child, and the Sunday of its week; a merged candidate has several (C22)."""

    sunday: date
    current: frozenset[str]
    used: frozenset[str]


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier notification about the child, as it stands at the moment of sending."""

    id: UUID
    receiver: str | None
    is_open: bool


def standing_ground(
    child: Child, found: Collection[Found], newest: Mapping[str, Registration], facts: Facts, codes: CodeList
) -> Ground | None:
    """Ask the rules again on the newest revisions of what was found; None when no rule holds any more (C27)."""
    counted = [newest[name] for row in found for name in row.used if name in newest]
    if any(one.status in {Status.DISPUTED, Status.HOLD} for one in counted):
        raise RegistrationUnsettled
    grounds = [ground(_again(child, row, newest, facts, codes)) for row in found]
    rules = {rule for each in grounds if each for rule in each.rules}
    used = {one.id: one for each in grounds if each for one in each.used}
    if not rules:
        return None
    ordered = sorted(used.values(), key=lambda one: (one.occurred_on, one.id))
    return Ground(tuple(rule for rule in Rule if rule in rules), tuple(ordered))


def _again(child: Child, found: Found, newest: Mapping[str, Registration], facts: Facts, codes: CodeList) -> Question:
    pool = pool_of((newest[name] for name in found.used if name in newest), codes)
    claimed = (one for rows in pool.values() for one in rows if one.id in found.current)
    current = tuple(one for one in claimed if child in concerned_by(one, facts))
    return Question(child, current, pool, facts, codes, found.sunday, found.current)


def kind_of(previous: Collection[Previous], receiver: Receiver) -> UnderretningKind:
    """Say whether it supplements an open one (C23); a municipality that has none of them gets a full one (D9)."""
    is_open = [row for row in previous if row.is_open]
    same = receiver.kommune is None or any(row.receiver in {None, receiver.kommune} for row in is_open)
    return UnderretningKind.SUPPLEMENT if is_open and same else UnderretningKind.NEW
