"""Whether enough of the staff come: a pure rule over the answers, which can be played again at any time.

It informs and never blocks (handlingsprincippet): the chair begins with whoever is there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import Step
from services.beredskabsstab.domain.plan import Plan, Term

RUNS_OUT = frozenset({AnswerKind.COMING, AnswerKind.VIRTUAL})
"""Answers that promise something: they hold until it should have happened."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody who was called has answered last."""

    person: str
    """Whoever it is, the same in each call-in: one person counts once for an authority and role."""
    authority: str
    role: str
    answer: AnswerKind
    eta_minutes: int | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Lack:
    """What an authority lacks for one demand."""

    authority: str
    role: str
    needed: int
    have: int


@dataclass(frozen=True, slots=True)
class Quorum:
    """How a step's rule stands at a moment."""

    step: Step
    demands: int
    """How many demands there are, over all authorities."""
    lacks: tuple[Lack, ...]
    next_change: datetime | None
    """When an answer that counts runs out, unless something is said before."""

    @property
    def is_reached(self) -> bool:
        """Say whether nothing is missing; a rule without demands is never reached by nobody."""
        return self.demands > 0 and not self.lacks

    def missing(self) -> tuple[str, ...]:
        """Return the authorities that lack somebody, each once."""
        return tuple(dict.fromkeys(one.authority for one in self.lacks))


def holds_until(plan: Plan, one: Answered) -> datetime | None:
    """Return when an answer stops to count; None where it counts until another one comes."""
    if one.answer not in RUNS_OUT:
        return None
    promised = one.eta_minutes if one.eta_minutes is not None else plan.answer_holds_minutes
    return one.answered_at + timedelta(minutes=promised + plan.grace_minutes)


def reckon(plan: Plan, step: Step, municipalities: frozenset[str], answers: Iterable[Answered], at: datetime) -> Quorum:
    """Return how the rule of a step stands at a moment, from the last answer of each person."""
    valid = [(one, until) for one in answers if (until := holds_until(plan, one)) is None or at < until]
    demands = [(term, who) for term in plan.quorum.get(step, ()) for who in plan.asked(term, municipalities)]
    lacks = [lack for term, who in demands if (lack := _lack(term, who, [one for one, _ in valid]))]
    ends = [until for one, until in valid if until is not None and _counts(one, demands)]
    return Quorum(step, len(demands), tuple(lacks), min(ends, default=None))


def _counts(one: Answered, demands: Iterable[tuple[Term, str]]) -> bool:
    return any(who == one.authority and term.role == one.role and one.answer in term.answers for term, who in demands)


def _lack(term: Term, authority: str, valid: Iterable[Answered]) -> Lack | None:
    have = {
        one.person
        for one in valid
        if one.authority == authority and one.role == term.role and one.answer in term.answers
    }
    return Lack(authority, term.role, term.at_least, len(have)) if len(have) < term.at_least else None
