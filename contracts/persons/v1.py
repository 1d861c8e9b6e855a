"""What persons tells, version 1."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.codes import LegalBasis, Purpose
from contracts.event import Event, da
from contracts.personal import Personal

MAX_RELEASED = 10_000
"""How many persons one release may name; more are told in several."""


class PersonMerged(Event):
    """Two ids turned out to be one person; the merged id is never used again.

    Whoever keeps the merged id replaces it by the surviving one.
    """

    in_danish: ClassVar[str] = "To id'er viste sig at være samme person; det ene bruges aldrig igen."
    aggregate: ClassVar[str] = "person"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.IDENTITY
    about_a_person: ClassVar[bool] = True

    person_id: Annotated[UUID, da("Det id, som personen har fremover.")]
    """The id that survives, and the key of the record."""

    merged_person_id: Annotated[UUID, da("Det id, som er udgået og aldrig bruges igen.")]
    """The id that is no longer used."""


class PersonShredded(Event):
    """A person's key is destroyed: what is sealed under it can no longer be read.

    Every service deletes what it still holds about the id in the clear, and keeps a tombstone without content.
    """

    in_danish: ClassVar[str] = "En persons nøgle er tilintetgjort: det forseglede kan ikke længere læses."
    aggregate: ClassVar[str] = "person"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.RETENTION
    about_a_person: ClassVar[bool] = True

    person_id: Annotated[UUID, da("Det id, hvis nøgle er tilintetgjort.")]
    """The id whose key is destroyed, and the key of the record."""

    unreadable_by: Annotated[AwareDatetime, da("Hvornår den sidste sikkerhedskopi af nøglen er væk.")]
    """When the last backup of the key has gone: from then on no copy can be read anywhere."""


class PersonsReleased(Event):
    """A service needs these persons no more; when nobody holds a person, persons shreds the key."""

    in_danish: ClassVar[str] = "En tjeneste har ikke længere brug for disse personer."
    aggregate: ClassVar[str] = "release"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.RETENTION
    about_a_person: ClassVar[bool] = True
    told_by_all: ClassVar[bool] = True
    bulk: ClassVar[bool] = True

    release_id: Annotated[UUID, da("Frigivelsens eget id.")]
    """The release's own id, and its key."""

    service: Annotated[str, da("Tjenesten, der ikke længere har brug for personerne.", personal=Personal.NONE)]
    """The service that lets go."""

    person_ids: Annotated[
        tuple[UUID, ...], Field(max_length=MAX_RELEASED), da("De personer, som tjenesten ikke længere har brug for.")
    ]
    """The persons whom it needs no more, each once."""

    as_of: Annotated[AwareDatetime, da("Det tidspunkt, som frigivelsen gælder for; senere behov består.")]
    """The moment that the release speaks of: whoever was asked for later is held still."""
