"""A person's id: it merges into another at most once, and is never used again."""

from dataclasses import dataclass
from uuid import UUID

from contracts.persons.v1 import PersonMerged
from contracts.refusal import Refusal, StaleVersion


class UnknownPerson(Refusal):
    """The id is nobody's."""

    slug = "unknown-person"
    status = 404
    title = "Der findes ingen person med det id."
    todo = "Kontrollér id'et. Et id fås kun ved opslag i persons."


class PersonGone(Refusal):
    """The person's key is destroyed, or is about to be: nothing about the person can be read or written any more."""

    slug = "person-shredded"
    status = 410
    title = "Oplysningerne om personen er slettet."
    todo = (
        "De kan ikke læses her. Fra unreadable_by er de også ulæselige i alle sikkerhedskopier; mangler tidspunktet, "
        "er sletningen i gang. Et nyt opslag på nummeret giver et nyt id."
    )


class SamePerson(Refusal):
    """A person cannot be merged into itself."""

    slug = "same-person"
    status = 422
    title = "De to id'er er den samme person."
    todo = "Angiv to forskellige id'er."


class AlreadyMerged(Refusal):
    """The id lives on in another one."""

    slug = "already-merged"
    title = "Id'et er allerede lagt sammen med et andet."
    todo = "Brug det id, som det lever videre i (current_id)."


class NumberOfAnother(Refusal):
    """The number belongs to another id; only merging the two can join them."""

    slug = "number-of-another-person"
    title = "Nummeret hører til et andet id."
    todo = "Læg de to id'er sammen, hvis de er den samme person."


@dataclass(frozen=True, slots=True)
class Person:
    """An id, what it lives on in, and which ids live on in it."""

    person_id: UUID
    version: int = 0
    """How many events were told about it."""
    merged_into: UUID | None = None
    absorbed: tuple[UUID, ...] = ()
    """All ids that live on in it, in the order in which that was told."""

    @property
    def current_id(self) -> UUID:
        """Return the id that the person has today."""
        return self.merged_into or self.person_id


def merge(survivor: Person, other: Person, *, version: int) -> list[PersonMerged]:
    """Decide what joining two ids tells; nothing when they were joined before.

    Each id that from now on lives on in the survivor is told, and what the other had absorbed before the other itself:
    so a listener ends right in whatever order it hears of several survivors.
    """
    if survivor.person_id == other.person_id:
        raise SamePerson
    if other.merged_into == survivor.person_id:
        return []
    for merged in (survivor, other):
        if merged.merged_into:
            raise AlreadyMerged(person_id=str(merged.person_id), current_id=str(merged.merged_into))
    if survivor.version != version:
        raise StaleVersion(current=survivor.version)
    return [
        PersonMerged(person_id=survivor.person_id, merged_person_id=merged)
        for merged in (*other.absorbed, other.person_id)
    ]
