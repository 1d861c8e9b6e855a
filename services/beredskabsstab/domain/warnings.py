"""What a warning of another authority means here: which it ends, which incident it is about, and what it proposes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.beredskabsstab.v1 import Severity, Step
from contracts.refusal import Refusal
from services.beredskabsstab.domain.cap import MsgType, ReceivedWarning, Reference

WORDS_MAX = 60
"""As much as an SMS has room for (`contracts.beredskabsstab.v1.Words`)."""

PROPOSED = {
    Severity.EXTREME: Step.OPERATIONSBEREDSKAB,
    Severity.SEVERE: Step.STABSBEREDSKAB,
    Severity.MODERATE: Step.INFORMATIONSBEREDSKAB,
    Severity.MINOR: Step.INFORMATIONSBEREDSKAB,
    Severity.UNKNOWN: Step.STABSBEREDSKAB,
}
"""The step that a warning proposes; how bad is not said, so rather up (handlingsprincippet). A person decides."""


class WarningToldOtherwise(Refusal):
    """The same sender has used the same identifier and time for other words."""

    slug = "warning-told-otherwise"
    title = "Varslet er modtaget før med et andet indhold."
    todo = "Send en opdatering (msgType Update) med ny identifier, som henviser til det første. Intet er ændret."


class WarningState(StrEnum):
    """What a warning stands at; that it has run out is a matter of time and not kept."""

    IN_FORCE = "in_force"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    CANCELLATION = "cancellation"
    """It only ends others."""


@dataclass(frozen=True, slots=True)
class Later:
    """A warning that refers to an earlier one, and may have come before it."""

    msg_type: MsgType
    reference: Reference


def state_of(new: ReceivedWarning, later: Iterable[Later]) -> WarningState:
    """Return what a warning stands at as it comes in: whatever order they come in, the end is the same."""
    if new.msg_type is MsgType.CANCEL:
        return WarningState.CANCELLATION
    own = Reference(new.sender, new.identifier, new.sent)
    kinds = {one.msg_type for one in later if one.reference == own}
    if MsgType.CANCEL in kinds:
        return WarningState.CANCELLED
    return WarningState.UPDATED if kinds else WarningState.IN_FORCE


def ends_as(new: ReceivedWarning) -> WarningState | None:
    """Return what becomes of the warnings that a new one refers to; None where it ends none."""
    return {MsgType.UPDATE: WarningState.UPDATED, MsgType.CANCEL: WarningState.CANCELLED}.get(new.msg_type)


def is_in_force(state: WarningState, expires: datetime | None, at: datetime) -> bool:
    """Say whether a warning holds at a moment; one that does not say when it runs out holds until it is ended."""
    return state is WarningState.IN_FORCE and (expires is None or at < expires)


def title_of(new: ReceivedWarning) -> str:
    """Return what a warning is called in a message: its headline, else what happens, as long as an SMS has room for."""
    return short(new.headline) or short(new.event) or "Varsel"


def short(words: str) -> str:
    """Return words as a message takes them: in one line, and ended at a word where they are too long."""
    line = " ".join("".join(one if one.isprintable() else " " for one in words).split())
    if len(line) <= WORDS_MAX:
        return line
    return line[: WORDS_MAX - 1].rsplit(" ", 1)[0] + "…"


def window(onset: datetime | None, expires: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Return when an incident is expected, as far as its warning says so; an end without a beginning says nothing."""
    return onset, expires if onset is not None and expires is not None and expires > onset else None


def proposed_step(severity: Severity) -> Step:
    """Return the step that a warning proposes."""
    return PROPOSED[severity]
