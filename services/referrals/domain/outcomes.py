"""What is counted of a referral: its course in facts, and a report of one period out of the courses of many persons.

A course holds no person: a random mark says which courses are the same somebody's, so that nobody counts twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from statistics import median
from uuid import UUID


class Fact(StrEnum):
    """What has happened in a course; the first of each kind counts."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TRIED = "tried"
    """The receiver has tried to reach the person."""
    CONTACTED = "contacted"
    """The receiver has spoken with the person."""
    CONVERSATION = "conversation"
    FURTHER = "further"
    TREATMENT = "treatment"
    COMPLETED = "completed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


NO_LONGER_COUNTS = frozenset({Fact.WITHDRAWN, Fact.CANCELLED, Fact.ENTERED_IN_ERROR, Fact.EXPIRED})
"""A yes that was taken back, called off, sent by mistake, or that nobody answered in time."""


class Figure(StrEnum):
    """One number of a report."""

    YES = "yes"
    """Persons who said yes, whose yes stands, and whom the receiver answered or still may answer."""
    TRIED = "tried"
    """Those whom the receiver has contacted, reached or not."""
    CONTACTED = "contacted"
    """Those who were reached."""
    CONVERSATION = "conversation"
    FURTHER = "further"
    TREATMENT = "treatment"
    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"
    """Those whose referral has ended in a way that both sides know."""
    REJECTED = "rejected"
    SENT = "sent"
    """Those who said yes, and those whose yes nobody answered in time."""
    EXPIRED = "expired"
    ASKED = "asked"
    """Everybody who answered the question: a yes that stands, one that does not, or a no."""


@dataclass(frozen=True, slots=True)
class Course:
    """One referral as it is counted."""

    mark: UUID
    """The same for every course of one somebody in the programme, and known nowhere else."""
    kommune: str
    source: str = ""
    """How it began, where the programme says so: `proaktiv`, `selvhenvendelse`."""
    facts: Mapping[Fact, timedelta] = field(default_factory=dict)
    """What has happened, and how long after the yes."""
    reason: str = ""
    """The code of a rejection."""

    @property
    def counts(self) -> bool:
        """Say whether its yes stands."""
        return NO_LONGER_COUNTS.isdisjoint(self.facts)


Numbers = Mapping[str, int]
"""Each figure, and each reason under `rejected:<code>`, by its name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one municipality, or the district, comes to in a period."""

    numbers: Numbers
    sources: Numbers
    times: Mapping[Figure, Sequence[timedelta]]
    """How long each took that was received, answered or contacted."""


TIMED = (Figure.RECEIVED, Figure.ANSWERED, Figure.CONTACTED)
_HAS: Mapping[Figure, frozenset[Fact]] = {
    Figure.TRIED: frozenset({Fact.TRIED, Fact.CONTACTED}),
    Figure.CONTACTED: frozenset({Fact.CONTACTED}),
    Figure.CONVERSATION: frozenset({Fact.CONVERSATION}),
    Figure.FURTHER: frozenset({Fact.FURTHER}),
    Figure.TREATMENT: frozenset({Fact.TREATMENT}),
    Figure.RECEIVED: frozenset({Fact.RECEIVED}),
    Figure.ANSWERED: frozenset({Fact.ACCEPTED, Fact.REJECTED}),
}
ENDS = frozenset({Fact.COMPLETED, Fact.FAILED, Fact.REJECTED})


def tally(courses: Iterable[Course], declined: int) -> Tally:
    """Return what the courses of a period come to: each somebody once, by all of their courses that stand."""
    everybody: dict[UUID, list[Course]] = {}
    for course in courses:
        everybody.setdefault(course.mark, []).append(course)
    standing = [own for courses in everybody.values() if (own := [one for one in courses if one.counts])]
    expired = sum(_is_expired(courses) for courses in everybody.values())
    numbers: Counter[str] = Counter()
    for own in standing:
        numbers.update(figure.value for figure, facts in _HAS.items() if _since(own, facts) is not None)
        numbers.update(_ended(own))
    yes = len(standing)
    sums = {
        Figure.YES: yes,
        Figure.EXPIRED: expired,
        Figure.SENT: yes + expired,
        Figure.ASKED: len(everybody) + declined,
    }
    every = {figure.value: numbers[figure] for figure in Figure} | numbers | {name.value: n for name, n in sums.items()}
    return Tally(every, _sources(standing), {figure: _times(standing, figure) for figure in TIMED})


def _is_expired(courses: Sequence[Course]) -> bool:
    return any(Fact.EXPIRED in one.facts for one in courses) and not any(one.counts for one in courses)


def _since(own: Sequence[Course], facts: frozenset[Fact]) -> timedelta | None:
    """Return how long after the yes the first of some facts was, None where there was none."""
    return min((one.facts[fact] for one in own for fact in facts if fact in one.facts), default=None)


def _ended(own: Sequence[Course]) -> Iterable[str]:
    """Yield how it ended for somebody: their last course tells, for whatever was passed on has gone on there."""
    last = own[-1]
    if not ENDS.isdisjoint(last.facts):
        yield Figure.CLOSED.value
    if Fact.REJECTED in last.facts:
        yield Figure.REJECTED.value
        yield f"{Figure.REJECTED}:{last.reason}"


def _sources(standing: Iterable[Sequence[Course]]) -> Numbers:
    return dict(Counter(own[0].source for own in standing if own[0].source))


def _times(standing: Iterable[Sequence[Course]], figure: Figure) -> list[timedelta]:
    return [took for own in standing if (took := _since(own, _HAS[figure])) is not None]


def half_up(numerator: int, denominator: int) -> int:
    """Return a share in whole per cent, rounded half up."""
    return (200 * numerator + denominator) // (2 * denominator)


def median_minutes(times: Sequence[timedelta]) -> int:
    """Return the median in whole minutes, rounded half up; a ValueError where there is nothing."""
    return int(median(one.total_seconds() for one in times) / 60 + 0.5)
