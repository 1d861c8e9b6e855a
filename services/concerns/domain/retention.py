"""How long each thing is kept, and what may never be erased: what somebody still works on (ledger section 10, L-18)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from contracts.refusal import Refusal
from services.concerns.domain.calendar import add_months, danish_day, eighteen_on, end_of_day
from services.concerns.domain.candidate import State as CandidateState
from services.concerns.domain.codes import DRIVING_CODES, CodeList
from services.concerns.domain.rules import DRIVING_MONTHS
from services.concerns.domain.underretning import State
from services.concerns.domain.wording import Worded

REJECTED = timedelta(days=30)
"""A candidate that led to nothing, from the decision."""
PAPERS = timedelta(days=30)
"""What a run was answered and noted, from its completion: as long can it be run again."""
SENT_MONTHS = 60
"""A sent underretning, or until the child is 18, whichever is later."""
UNBORN_MONTHS = 19 * 12
"""An expected child is born within a year and is 18 after that."""
LOOK_AGAIN = timedelta(days=30)
"""When what is still open is looked at again."""
LET_GO = timedelta(hours=1)
"""How long nobody must have named a person before concerns lets go: an import under way names it again."""
SWEEP = timedelta(days=1)
"""How often registrations are looked through."""
RUNS_LATE = timedelta(days=35)
"""How long after its window a registration stays for a run that is made up for late."""


class Kind(StrEnum):
    """What leaves a tombstone here."""

    REGISTRATION = "registration"
    PAPERS = "run_papers"
    CANDIDATE = "candidate"
    UNDERRETNING = "underretning"


class OrderReason(Worded):
    """Why the data protection adviser orders that a case is erased."""

    WRONGLY_MADE = "wrongly_made", "Sagen er oprettet ved en fejl."
    RETRACTED = "retracted", "Underretningen er trukket tilbage, og grundlaget er faldet bort."
    OBJECTION_UPHELD = "objection_upheld", "Den registrerede har fået medhold i, at oplysningerne skal slettes."
    COURT_OR_AUTHORITY = "court_or_authority", "En domstol eller Datatilsynet har bestemt, at sagen skal slettes."


class NotRetracted(Refusal):
    """A receiver holds a document of the case; it must hear that it is taken back before the trace is erased."""

    slug = "not-retracted"
    title = "Sagen har en underretning, som kommunen har, og som ikke er trukket tilbage."
    todo = "Træk underretningen tilbage, og bestil sletningen igen. Intet er slettet."


class SameOrderer(Refusal):
    """A case is erased by two people."""

    slug = "same-orderer"
    status = 403
    title = "Sletningen skal bekræftes af en anden end den, der bestilte den."
    todo = "Bed en anden databeskyttelsesrådgiver om at bekræfte. Intet er slettet."


class OrderDiffers(Refusal):
    """The two do not agree why."""

    slug = "erasure-order-differs"
    title = "Sletningen er bestilt med en anden begrundelse."
    todo = "Bekræft med samme begrundelse, som den blev bestilt med. Intet er slettet."


@dataclass(frozen=True, slots=True)
class Order:
    """Who ordered the erasure of a case, and why."""

    reason: str
    ordered_by: str
    confirmed_by: str | None


def candidate_due(decided_at: datetime) -> datetime:
    """Return when a candidate that led to nothing goes."""
    return decided_at + REJECTED


def may_go(state: CandidateState) -> bool:
    """Say whether a candidate may go by itself: nobody works on it, and nothing was sent of it."""
    return state in {CandidateState.REJECTED, CandidateState.GROUND_FELL}


def underretning_due(sent_at: datetime, born: date | None, *, unborn: bool) -> datetime:
    """Return when a sent underretning goes: 5 years, or when the child is 18, whichever is later.

    Where nobody knows when a child was born it counts as born on the day of sending.
    """
    day = danish_day(sent_at)
    grown = add_months(day, UNBORN_MONTHS) if unborn else eighteen_on(born or day)
    return end_of_day(max(add_months(day, SENT_MONTHS), grown))


def is_open(state: State, *, retracted: bool, correction_waits: bool) -> bool:
    """Say whether an underretning is still worked on: whatever its age, it stays."""
    waits = state in {State.NEEDS_RECEIVER, State.SENT, State.DELIVERED}
    return correction_waits or (waits and not retracted)


def months_kept(released: Collection[CodeList]) -> Mapping[str, int]:
    """Return for how many months a registration can be history, by its code, in any list that was released.

    Driving under influence counts five years in R6, whatever the code's own window.
    """
    months: dict[str, int] = {}
    for codes in released:
        for code, entry in codes.entries.items():
            least = DRIVING_MONTHS if code in DRIVING_CODES else 0
            months[code] = max(months.get(code, 0), entry.window, least)
    return months


def confirm(order: Order | None, by: str, reason: str, *, unretracted: bool) -> bool:
    """Take an order of erasure or its confirmation; returns whether it is confirmed now, by another person."""
    if unretracted:
        raise NotRetracted
    if order is None:
        return False
    if order.reason != reason:
        raise OrderDiffers
    if order.ordered_by == by:
        raise SameOrderer
    return True
