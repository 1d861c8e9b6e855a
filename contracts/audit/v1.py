"""What every service tells about its use of personal data, version 1."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.codes import LegalBasis, Office, Purpose
from contracts.event import Event, da

MAX_PERSONS = 10_000
"""How many persons one record may name; an operation on more is told in several."""


class AccessRecorded(Event):
    """Somebody read, changed or passed on personal data; recorded in the transaction that answered.

    One record an operation. A list without personal data is no read and is not told.
    """

    aggregate: ClassVar[str] = "access"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = True
    told_by_all: ClassVar[bool] = True

    access_id: Annotated[UUID, da("Registreringens eget id.")]
    """The record's own id, and its key."""

    operation: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$"), da("Hvad der blev gjort, fx underretning.read.")]
    """What was done, as in `underretning.read`."""

    subject: Annotated[str, da("Den bruger eller det system, der gjorde det, som adgangsbeviset nævner.")]
    """Who did it: the subject of the access token."""

    authority: Annotated[str, da("Den myndighed, som brugeren eller systemet hører til.")]
    """The authority that the subject belongs to."""

    office: Annotated[Office | None, da("Kontoret hos myndigheden, når adgangsbeviset nævner et.")] = None
    """The office at that authority, when the token names one."""

    on_behalf_of: Annotated[str | None, da("Den bruger, som en tjeneste spurgte på vegne af.")] = None
    """The subject for whom a service asked."""

    stated_purpose: Annotated[Purpose, da("Det formål, som oplysningerne blev brugt til.")]
    """What the data was used for."""

    case_id: Annotated[UUID | None, da("Den sag, som det skete i.")] = None
    """The case that it was done in."""

    person_ids: Annotated[
        tuple[UUID, ...], Field(max_length=MAX_PERSONS), da("De personer, som oplysningerne angår, uden gentagelser.")
    ]
    """The persons whom the data is about, each once."""

    at: Annotated[AwareDatetime, da("Hvornår det skete.")]
    """When it was done."""
