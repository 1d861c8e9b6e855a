"""Whom a call-in calls, and how it is told to alerting by two ways that come to one alert."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.beredskabsstab.v1 import CallKind, Place, StandDown, Step, StepCall
from contracts.refusal import Refusal
from services.beredskabsstab.domain.plan import Plan, places_at

TEMPLATES = {
    CallKind.STEP: {
        Step.INFORMATIONSBEREDSKAB: "staff_informed",
        Step.STABSBEREDSKAB: "call_in",
        Step.OPERATIONSBEREDSKAB: "call_in",
    },
}
"""The text of each step: who is only informed says "set", who is called in says whether and when they come."""

READINESS, CORRECTION, STAND_DOWN = "staff_readiness", "staff_correction", "staff_stood_down"
ESCALATES = "call_in"
"""The policy of a step for which the plan names none."""
POLL = "readiness"
"""The policy of a poll: asked again by message, and nobody is woken by telephone for it."""

ENDINGS = {
    StandDown.STOOD_DOWN: STAND_DOWN,
    StandDown.HANDED_OVER: STAND_DOWN,
    StandDown.CANCELLED: CORRECTION,
}
"""What those who were called are told at the end: the words lie ready, so that a wrong call-in takes two clicks."""


class NobodyToCall(Refusal):
    """The plan calls nobody at the step who is not called already."""

    slug = "nobody-to-call"
    status = 422
    title = "Rammeplanen kalder ingen på det trin."
    todo = "Se rammeplanens roller for trinnet, og ring imens."


class Errand(StrEnum):
    """What is told to alerting over HTTP, besides the event."""

    RAISE = "raise"
    ANSWER = "answer"
    AD_HOC = "ad_hoc"
    CLOSE = "close"
    NOTICE = "notice"
    """One text more to everybody who was called, by the same channels: a correction, or that the staff has ended."""


@dataclass(frozen=True, slots=True)
class CallIn:
    """One call to roles of the staff."""

    call_in_id: UUID
    kind: CallKind
    step: Step
    template: str
    policy: str
    fields: dict[str, str]
    places: tuple[Place, ...]


def newly_called(plan: Plan, step: Step, called: Iterable[Place]) -> tuple[Place, ...]:
    """Return who is called at a step and is not called yet: up calls only the new, down nobody (ledger O-5.3-10)."""
    already = set(called)
    return tuple(place for place in places_at(plan, step) if place not in already)


def template_of(step: Step) -> str:
    """Return the text that calls people at a step."""
    return TEMPLATES[CallKind.STEP][step]


def policy_of(plan: Plan, step: Step) -> str:
    """Return how the call of a step escalates."""
    return plan.policies.get(step, ESCALATES)


def calls_of(plan: Plan) -> tuple[StepCall, ...]:
    """Return whom each step calls and how, for whoever must call in when Samvirke is down."""
    return tuple(
        StepCall(step=step, template=template, policy=policy_of(plan, step), places=places_at(plan, step))
        for step, template in TEMPLATES[CallKind.STEP].items()
    )


def told_at_the_end(made: Iterable[tuple[UUID, CallKind, tuple[Place, ...]]]) -> tuple[UUID, ...]:
    """Return the call-ins whose people are told of the end: each of a step, and a poll of whom no step has called."""
    all_made = list(made)
    called = {place for _, kind, places in all_made if kind is CallKind.STEP for place in places}
    return tuple(
        call_in_id
        for call_in_id, kind, places in all_made
        if kind is CallKind.STEP or (kind is CallKind.READINESS and not called.issuperset(places))
    )
