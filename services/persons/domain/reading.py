"""What a read may show, and when it is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from contracts.refusal import Refusal

MOST_PERSONS = 1_000
"""How many persons one read, with one access record, may name."""


class Field(StrEnum):
    """What can be asked about a person."""

    CPR = "cpr"
    NAME = "name"
    BORN = "born"
    ADDRESS = "address"


class PurposeMissing(Refusal):
    """A read says what the data will be used for."""

    slug = "purpose-missing"
    status = 422
    title = "Formålet mangler."
    todo = "Angiv purpose: en af de koder, som kontrakten kender."


class CaseMissing(Refusal):
    """A read names the case that it is for."""

    slug = "case-missing"
    status = 422
    title = "Sagen mangler."
    todo = "Angiv case_id: id'et på den sag, som opslaget sker i."


class OnBehalfMissing(Refusal):
    """A read names the person or system that will see the answer."""

    slug = "on-behalf-of-missing"
    status = 422
    title = "Det mangler, på hvis vegne opslaget sker."
    todo = "Angiv on_behalf_of: subject og authority for den, der får svaret."


class TooManyPersons(Refusal):
    """One call names more persons than it may."""

    slug = "too-many-persons"
    status = 422
    title = "Der er for mange personer i ét kald."
    todo = "Del personerne i portioner, der ikke er større end det højeste antal."


class UnknownText(Refusal):
    """The id is no text's."""

    slug = "unknown-text"
    status = 404
    title = "Der findes ingen tekst med det id."
    todo = "Kontrollér id'et."


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known about who a person is."""

    numbers: tuple[str, ...] = field(default=(), repr=False)
    name: str | None = field(default=None, repr=False)
    born: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    protected_address: bool = False


def require_few(ids: Iterable[UUID], most: int = MOST_PERSONS) -> list[UUID]:
    """Return the different ids, in order; TooManyPersons above the limit."""
    different = list(dict.fromkeys(ids))
    if len(different) > most:
        raise TooManyPersons(most=most)
    return different


def combined(numbers: Sequence[str], sources: Iterable[Identity | None]) -> Identity:
    """Return one identity from several sources, the first that knows something decides; protected if one says so."""
    known = [source for source in sources if source]
    return Identity(
        numbers=tuple(numbers),
        name=next((one.name for one in known if one.name), None),
        born=next((one.born for one in known if one.born), None),
        address=next((one.address for one in known if one.address), None),
        protected_address=any(one.protected_address for one in known),
    )


def shown(identity: Identity, fields: frozenset[Field]) -> dict[str, object]:
    """Return what may be shown of an identity: the fields asked for, and never a protected address."""
    known: dict[Field, object] = {
        Field.CPR: list(identity.numbers),
        Field.NAME: identity.name,
        Field.BORN: identity.born,
        Field.ADDRESS: None if identity.protected_address else identity.address,
    }
    asked = {one.value: value for one, value in known.items() if one in fields}
    return {"protected_address": identity.protected_address, **asked}
