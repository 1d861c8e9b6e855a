"""A candidate between the run and the underretning: one officer reviews, another approves (O-6.1-27, L-17)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.concerns.v1 import Review
from contracts.refusal import Refusal, StaleVersion
from services.concerns.domain.wording import (
    Concern,
    Confidentiality,
    FamilyContact,
    LegalGround,
    MoreInformation,
    NotRelevant,
    Relation,
    UnknownCode,
    read_code,
)


class State(StrEnum):
    """Where a candidate stands."""

    FOUND = "found"
    IN_REVIEW = "in_review"
    """An officer asked for more information."""
    REVIEWED = "reviewed"
    """Found relevant; waits for another officer's approval."""
    REJECTED = "rejected"
    APPROVED = "approved"
    GROUND_FELL = "ground_fell"
    MERGED = "merged"
    """A later run found the child again before it was sent (C22)."""


UNSENT = frozenset({State.FOUND, State.IN_REVIEW, State.REVIEWED})
"""What a later candidate of the child is merged with."""


class CandidateDecided(Refusal):
    """What was decided about a candidate stands."""

    slug = "candidate-decided"
    title = "Kandidaten er allerede afgjort."
    todo = "Hent kandidaten igen, og se, hvad der er besluttet."


class NotReviewed(Refusal):
    """Nothing is approved that nobody has reviewed."""

    slug = "candidate-not-reviewed"
    title = "Kandidaten er ikke gennemgået endnu."
    todo = "Lad en nøglemedarbejder gennemgå kandidaten først."


class SameOfficer(Refusal):
    """The approver is another person than the reviewer."""

    slug = "same-officer"
    status = 403
    title = "Den, der har gennemgået kandidaten, kan ikke også godkende den."
    todo = "Bed en anden om at godkende."


class ContentMissing(Refusal):
    """An underretning without its mandatory content cannot be approved (ledger 4.4)."""

    slug = "content-missing"
    status = 422
    title = "Underretningen mangler oplysninger, som den skal indeholde."
    todo = "Udfyld de nævnte felter i gennemgangen, og godkend igen."


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the reviewing officer adds to the facts, in coded words."""

    ground: LegalGround | None = None
    relation: Relation | None = None
    concerns: tuple[Concern, ...] = ()
    family_contact: FamilyContact | None = None
    confidentiality: tuple[Confidentiality, ...] = ()

    def missing(self) -> list[str]:
        """Name the mandatory fields that are empty."""
        fields = {
            "ground": self.ground,
            "relation": self.relation,
            "concerns": self.concerns,
            "family_contact": self.family_contact,
        }
        return [name for name, value in fields.items() if not value]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored candidate as a decision reads it."""

    id: UUID
    state: State
    version: int
    reviewed_by: str | None = None
    assessment: Assessment | None = None


def require_version(current: int, expected: int | None) -> None:
    """Refuse a command that was meant for an older version."""
    if expected is not None and expected != current:
        raise StaleVersion(current_version=current)


def review(candidate: Candidate, outcome: Review, reason: str | None) -> State:
    """Say where a review leads; a dismissal and a question name their reason from the list."""
    if candidate.state not in UNSENT:
        raise CandidateDecided
    if outcome is Review.RELEVANT:
        return State.REVIEWED
    if reason is None:
        raise UnknownCode(field="reason")
    if outcome is Review.NOT_RELEVANT:
        read_code(NotRelevant, "reason", reason)
        return State.REJECTED
    read_code(MoreInformation, "reason", reason)
    return State.IN_REVIEW


def approve(candidate: Candidate, by: str) -> Assessment:
    """Let another officer approve; refuse when nobody reviewed it or its mandatory content is missing."""
    if candidate.state not in UNSENT:
        raise CandidateDecided
    if candidate.state is not State.REVIEWED or candidate.assessment is None:
        raise NotReviewed
    if by == candidate.reviewed_by:
        raise SameOfficer
    if missing := candidate.assessment.missing():
        raise ContentMissing(missing=", ".join(missing))
    return candidate.assessment
