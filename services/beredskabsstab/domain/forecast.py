"""Whether enough could come, from what people said when they were asked beforehand; it never counts as a quorum."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import Place, Step
from contracts.refusal import Refusal
from services.beredskabsstab.domain.plan import Plan, places_at
from services.beredskabsstab.domain.quorum import Answered, Quorum, reckon
from services.beredskabsstab.domain.steps import DailyIsNoStep

CAN = frozenset({AnswerKind.COMING, AnswerKind.VIRTUAL})


class NoStepAhead(Refusal):
    """The staff is at that step already, or above it: whoever it asks for is called, and not asked."""

    slug = "no-step-ahead"
    status = 422
    title = "Staben er allerede på det trin eller over det."
    todo = "Spørg for et højere trin. De nuværende trin er kaldt ind, og deres svar står på tavlen."


@dataclass(frozen=True, slots=True)
class OfAuthority:
    """What an authority's people have said so far."""

    authority: str
    answered: int
    can: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the rule of a step would stand if everybody did as they said."""

    quorum: Quorum
    authorities: tuple[OfAuthority, ...]


def polled(plan: Plan, step: Step, asked_for: Step | None, *, begun: bool) -> tuple[Step, tuple[Place, ...]]:
    """Return the step that a poll is about, and whom it asks: those whom the present step has not called.

    Where nothing has begun, nobody is called, and it asks for the step that is planned. It is the next one where none
    is asked for.
    """
    above = [one for one in Step if one.height > step.height or (one is step and not begun)]
    target = asked_for or next(iter(above), None)
    if target is Step.DAILY:
        raise DailyIsNoStep
    if target is None or target not in above:
        raise NoStepAhead
    called = set(places_at(plan, step)) if begun else set()
    return target, tuple(one for one in places_at(plan, target) if one not in called)


def forecast(
    plan: Plan,
    step: Step,
    municipalities: frozenset[str],
    asked: Iterable[Place],
    answers: Iterable[Answered],
    at: datetime,
) -> Forecast:
    """Return how the rule of a step would stand, from the answers to polls alone and for those who were asked.

    Whoever can come says so about the time of the warning and not about the minutes after the answer: it does not run
    out, and what stands last is what counts.
    """
    said = [replace(one, answered_at=at, eta_minutes=None) for one in answers]
    roles = {(one.authority, one.role) for one in asked}
    found = reckon(plan, step, municipalities, said, at)
    terms = plan.quorum.get(step, ())
    demands = sum((who, term.role) in roles for term in terms for who in plan.asked(term, municipalities))
    lacks = tuple(one for one in found.lacks if (one.authority, one.role) in roles)
    authorities = dict.fromkeys(one for one, _ in sorted(roles))
    return Forecast(Quorum(step, demands, lacks, None), tuple(_of(one, said) for one in authorities))


def _of(authority: str, said: list[Answered]) -> OfAuthority:
    own = [one for one in said if one.authority == authority]
    return OfAuthority(authority, len(own), sum(one.answer in CAN for one in own))
