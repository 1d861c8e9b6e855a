"""A referral that a group works on: who may see it, who acts for each authority, and what the group does for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.codes import AuthorityKind, authorities
from contracts.refusal import StaleVersion
from services.referrals.domain.group_refusals import (
    AlreadyDone,
    CannotBeEscalated,
    CaseEnded,
    NotAParticipant,
    OnlyWhenDrawnIn,
    PrivateNeedsConsent,
)
from services.referrals.domain.groups import Group, group, parted
from services.referrals.domain.programmes import Programme, programmes
from services.referrals.domain.states import TAKEN, State

DRAWN_IN = "retsplejeloven-115-stk-3"
"""By what a self-governing institution takes part (L-04)."""


class Standing(StrEnum):
    """What an actor is that is drawn into a case."""

    AUTHORITY = "authority"
    SELF_GOVERNING = "self_governing"
    PRIVATE = "private"


class Waits(StrEnum):
    """How a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    LATE = "late"

    @property
    def words(self) -> str:
        """Return it in Danish."""
        return {"open": "venter på svar", "answered": "besvaret", "late": "svaret er forsinket"}[self.value]


@dataclass(frozen=True, slots=True)
class GroupCase:
    """One case of a group."""

    id: UUID
    referral: UUID
    case_id: UUID
    programme: str
    kommune: str
    person: UUID | None
    circle: tuple[str, ...]
    version: int
    grey_zone: bool = False
    """Whether it falls between the authorities' ordinary work: it goes first, and nothing else follows."""
    grey_zone_text: UUID | None = None
    review_at: datetime | None = None
    taken_up_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def of(self) -> Group:
        """Return its group."""
        return group(self.programme)

    def check_open(self, expected: int | None = None) -> None:
        """Refuse to change what somebody else has changed, or what is over.

        Raises:
            StaleVersion: the caller has not seen this one.
            CaseEnded: the referral has ended.
        """
        if expected is not None and expected != self.version:
            raise StaleVersion(version=self.version)
        if self.ended_at is not None:
            raise CaseEnded


def is_taken_up(state: State, programme: str, groups: Mapping[str, Group]) -> bool:
    """Say whether a group works on a referral that stands so: its receiver has said yes."""
    return programme in groups and state in TAKEN


def without_owner(circle: Iterable[str], owners: Collection[str]) -> list[str]:
    """Return the authorities of a case for which nobody acts (O-6.1-10)."""
    return [seat for seat in circle if seat not in owners]


def waits(answer_by: datetime, answered_at: datetime | None, now: datetime) -> Waits:
    """Return how a question stands."""
    if answered_at is not None:
        return Waits.ANSWERED
    return Waits.LATE if answer_by < now else Waits.OPEN


def check_not_done(done_at: datetime | None, version: int) -> None:
    """Refuse to do again what is done, and say which version the case has.

    Raises:
        AlreadyDone: it is.
    """
    if done_at is not None:
        raise AlreadyDone(version=version)


def group_above(code: str) -> Programme:
    """Return the programme to which a group escalates what it cannot lift.

    Raises:
        CannotBeEscalated: there is none above it.
    """
    found = next((one for one in programmes().values() if one.only_from == code), None)
    if found is None:
        raise CannotBeEscalated
    return found


def is_escalated(code: str) -> bool:
    """Say whether a group can ask another one about what it cannot lift."""
    return any(one.only_from == code for one in programmes().values())


def check_actor(of: Programme, seat: str, standing: Standing, basis: str, *, consented: bool) -> None:
    """Refuse an actor that may not be drawn into a case (O-6.1-05, L-04).

    Raises:
        NotAParticipant: there is no such authority, or it is a private one that says that it is none.
        OnlyWhenDrawnIn: a self-governing institution, and not under § 115, stk. 3.
        PrivateNeedsConsent: a private actor, and the person has not said yes.
    """
    known = authorities().get(parted(seat)[0])
    if known is None or (known.kind is AuthorityKind.ASSOCIATION) != (standing is Standing.PRIVATE):
        raise NotAParticipant
    if standing is Standing.SELF_GOVERNING and not (of.section_115 and basis == DRAWN_IN):
        raise OnlyWhenDrawnIn
    if standing is Standing.PRIVATE and not consented:
        raise PrivateNeedsConsent
