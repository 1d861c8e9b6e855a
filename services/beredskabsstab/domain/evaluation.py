"""What is learned of an activation: how long it took, what was found, and that somebody follows it to the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import Step
from contracts.refusal import Refusal
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.domain.quorum import Answered, reckon
from services.beredskabsstab.domain.steps import TRANSITIONS, State

DUE_AFTER = timedelta(days=42)
"""By when an evaluation is to be concluded: six weeks, ours; the plan of 2023 names no time."""


class NotEnded(Refusal):
    """An evaluation is made of what has ended."""

    slug = "activation-not-ended"
    title = "Aktiveringen er ikke afsluttet."
    todo = "Afslut staben først; så åbnes evalueringen med en ejer."


class EvaluationOver(Refusal):
    """The evaluation is concluded; its findings are followed up and no new ones come."""

    slug = "evaluation-concluded"
    title = "Evalueringen er afsluttet."
    todo = "Følg op på læringspunkterne. Ny læring hører til et planlægningsmøde eller en øvelse."


class FindingsWithoutOwner(Refusal):
    """A finding that nobody follows up would be forgotten with the conclusion."""

    slug = "findings-without-owner"
    title = "Evalueringen har læringspunkter uden ejer."
    todo = "Giv hvert læringspunkt en ejer og en frist, og afslut så."


class OutsideTheStaff(Refusal):
    """An owner must be an authority of the staff: nobody else sees what it is to follow up."""

    slug = "not-of-the-staff"
    status = 422
    title = "Myndigheden er ikke i staben."
    todo = "Vælg en af myndighederne på aktiveringen."


class AlreadyDone(Refusal):
    """It is followed up already."""

    slug = "already-resolved"
    title = "Der er allerede fulgt op."
    todo = "Hent det igen, og læs, hvad der blev gjort."


class DueBefore(Refusal):
    """What is to be done has a time to come."""

    slug = "due-in-the-past"
    status = 422
    title = "Fristen er overskredet, før den er sat."
    todo = "Sæt en frist ude i fremtiden."


@dataclass(frozen=True, slots=True)
class Found:
    """A finding."""

    owner: str | None
    is_done: bool = False


def require_open(state: State, *, concluded: bool) -> None:
    """Refuse a finding of what has not ended, or whose evaluation is concluded."""
    if state is State.EVALUATED or concluded:
        raise EvaluationOver
    if State.EVALUATED not in TRANSITIONS[state]:
        raise NotEnded


def conclude(state: State, *, concluded: bool, findings: Iterable[Found]) -> State:
    """Conclude an evaluation: each finding has somebody who follows it up, done or not (ledger 3.4)."""
    require_open(state, concluded=concluded)
    if any(one.owner is None and not one.is_done for one in findings):
        raise FindingsWithoutOwner
    return State.EVALUATED


def require_to_come(due_at: datetime, now: datetime) -> None:
    """Refuse a time that has passed."""
    if due_at <= now:
        raise DueBefore


# -- how long it took --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody whom a step called."""

    authority: str
    called_at: datetime | None
    handed_over_at: datetime | None
    """When the first message of the call-in went to a provider."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long after the activation something first happened for an authority, in seconds; None where it never did."""

    authority: str
    called_s: int | None
    handed_over_s: int | None
    answered_s: int | None
    arrived_s: int | None
    quorum_s: int | None


def timings(
    plan: Plan,
    steps: Sequence[tuple[Step, datetime]],
    municipalities: frozenset[str],
    called: Iterable[Called],
    answers: Iterable[Answered],
) -> tuple[Timing, ...]:
    """Return the times of every authority that was called; `steps` are those of the activation, from the first.

    `answers` are all that were given, also those that were taken back: what counts is when something first was so.
    """
    began, step = steps[0][1], max((one for one, _ in steps), key=lambda one: one.height)
    people, said = list(called), sorted(answers, key=lambda one: one.answered_at)
    enough = first_enough(plan, step, municipalities, said)
    names = sorted({one.authority for one in people})
    return tuple(_timing(name, began, people, said, enough.get(name)) for name in names)


def _timing(
    name: str, began: datetime, people: Sequence[Called], said: Sequence[Answered], enough: datetime | None
) -> Timing:
    own = [one for one in people if one.authority == name]
    answers = [one for one in said if one.authority == name]
    arrivals = [one.answered_at for one in answers if one.answer is AnswerKind.ARRIVED]
    return Timing(
        authority=name,
        called_s=_since(began, (one.called_at for one in own)),
        handed_over_s=_since(began, (one.handed_over_at for one in own)),
        answered_s=_since(began, (one.answered_at for one in answers)),
        arrived_s=_since(began, arrivals),
        quorum_s=_since(began, (enough,)),
    )


def _since(began: datetime, moments: Iterable[datetime | None]) -> int | None:
    first = min((one for one in moments if one is not None), default=None)
    return None if first is None else max(0, int((first - began).total_seconds()))


def first_enough(
    plan: Plan, step: Step, municipalities: frozenset[str], said: Sequence[Answered]
) -> dict[str, datetime]:
    """Return when each authority first lacked nobody for a step, by playing its answers again in order."""
    asked = {who for term in plan.quorum.get(step, ()) for who in plan.asked(term, municipalities)}
    last: dict[tuple[str, str], Answered] = {}
    found: dict[str, datetime] = {}
    for one in said:
        last[one.person, one.role] = one
        lacking = reckon(plan, step, municipalities, last.values(), one.answered_at).missing()
        found |= dict.fromkeys(asked - found.keys() - set(lacking), one.answered_at)
    return found
