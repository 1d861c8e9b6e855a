"""What persons tells, version 1."""

from typing import Annotated, ClassVar
from uuid import UUID

from contracts.codes import LegalBasis, Purpose
from contracts.event import Event, da


class PersonMerged(Event):
    """Two ids turned out to be one person; the merged id is never used again.

    Whoever keeps the merged id replaces it by the surviving one.
    """

    aggregate: ClassVar[str] = "person"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.IDENTITY
    about_a_person: ClassVar[bool] = True

    person_id: Annotated[UUID, da("Det id, som personen har fremover.")]
    """The id that survives, and the key of the record."""

    merged_person_id: Annotated[UUID, da("Det id, som er udgået og aldrig bruges igen.")]
    """The id that is no longer used."""
