"""A misspelt name is put right: the same person, whose time on the council goes on as it was."""

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

from contracts.refusal import Refusal
from services.councils.domain.seating import Member

ALIKE = 0.6
"""How alike two spellings without a word in common are at least; found by trying, no rule was found."""


class NameChangedMeanwhile(Refusal):
    """The name that is to be put right is not the one that stands there."""

    slug = "name-changed-meanwhile"
    title = "Navnet står ikke længere, som du så det."
    todo = "Se, hvordan det er skrevet nu, og ret det, hvis det stadig er forkert."


class NameIsTheSame(Refusal):
    """Nothing would be different."""

    slug = "name-is-the-same"
    status = 422
    title = "Navnet er skrevet på samme måde."
    todo = "Skriv, hvordan navnet staves."


class AnotherPerson(Refusal):
    """The new name looks like somebody else's: a change of person has a day, and is entered as one."""

    slug = "another-person"
    status = 422
    title = "Det ligner en anden person, ikke en rettet stavemåde."
    todo = (
        "Er det en ny på pladsen, så indsæt personen fra sin første dag. Så bliver den tidligere stående i historikken."
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """How a name was put right, by whom and why."""

    id: UUID
    member: Member
    """As it stood before."""
    holder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A name in a signed text that has been put right since: the text keeps what was signed."""

    authority: str
    office: str
    """Of a local plan: the side."""
    signed_as: str
    holder: str
    corrected_at: datetime


def check_spelling(member: Member, was: str, holder: str) -> None:
    """Refuse what is no correction of a misspelt name.

    Raises:
        NameChangedMeanwhile, NameIsTheSame, AnotherPerson.
    """
    if member.holder != was:
        raise NameChangedMeanwhile
    if holder == was:
        raise NameIsTheSame
    if not _alike(was.casefold(), holder.casefold()):
        raise AnotherPerson


def _alike(one: str, other: str) -> bool:
    shared = set(one.split()) & set(other.split())
    return bool(shared) or SequenceMatcher(None, one, other).ratio() >= ALIKE
