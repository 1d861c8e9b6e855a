"""What councils tells, version 1: the two kinds of council and their plan."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, PositiveInt

from contracts.codes import Kommunekode, LegalBasis, Mailbox, Purpose
from contracts.councils.v1 import actions as actions
from contracts.councils.v1 import activities as activities
from contracts.councils.v1 import agreements as agreements
from contracts.councils.v1 import areas as areas
from contracts.councils.v1 import goals as goals
from contracts.councils.v1 import local_plans as local_plans
from contracts.councils.v1 import meetings as meetings
from contracts.councils.v1 import plans as plans
from contracts.councils.v1 import seats as seats
from contracts.councils.v1.common import Sha256, council_offices
from contracts.event import Event, da


class KredsraadEstablished(Event):
    """The council of a police district was entered, with the municipalities whose mayors sit on it."""

    in_danish: ClassVar[str] = "Politikredsens kredsråd er oprettet med de kommuner, hvis borgmestre sidder i det."
    aggregate: ClassVar[str] = "kredsraad"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION
    about_a_person: ClassVar[bool] = False

    kredsraad_id: Annotated[UUID, da("Kredsrådets id.")]
    """The council's id, and the key of the record."""

    district: Annotated[str, Field(pattern=r"^[a-z_]+$"), da("Politikredsens kode.")]
    """The police district, one of the twelve in `contracts.codes.DISTRICTS`."""

    municipalities: Annotated[tuple[Kommunekode, ...], da("Kommunerne, hvis borgmestre er medlemmer.")]
    """The municipalities whose mayors are members."""


class LokalraadEstablished(Event):
    """The local council of one municipality was entered."""

    in_danish: ClassVar[str] = "Lokalrådet i én kommune er oprettet."
    aggregate: ClassVar[str] = "lokalraad"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION
    about_a_person: ClassVar[bool] = False

    lokalraad_id: Annotated[UUID, da("Lokalrådets id.")]
    """The local council's id, and the key of the record."""

    kredsraad_id: Annotated[UUID, da("Det kredsråd, som lokalrådet hører under.")]
    """The council of the district that it belongs to."""

    municipality: Annotated[Kommunekode, da("Kommunen, som lokalrådet dækker.")]
    """The municipality that it covers."""


class SamarbejdsplanPublished(Event):
    """A year's plan for the cooperation was published; what is published never changes."""

    in_danish: ClassVar[str] = "Samarbejdsplanen for et år er offentliggjort; en udgave ændres aldrig."
    aggregate: ClassVar[str] = "samarbejdsplan"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION
    about_a_person: ClassVar[bool] = False

    samarbejdsplan_id: Annotated[UUID, da("Samarbejdsplanens id.")]
    """The plan's id, and the key of the record."""

    kredsraad_id: Annotated[UUID, da("Kredsrådet, som planen er drøftet i.")]
    """The council that discussed it."""

    year: Annotated[int, Field(ge=2000, le=2999), da("Året, som planen gælder.")]
    """The year that it is for."""

    edition: Annotated[PositiveInt, da("Udgavens nummer; en rettelse er en ny udgave.")]
    """Counted from 1; a correction is a new edition."""

    signed_on: Annotated[date, da("Dagen, hvor planen er underskrevet.")]
    """The day on which it was signed."""

    municipalities: Annotated[tuple[Kommunekode, ...], da("Kommunerne, som planen omfatter.")]
    """The municipalities that it covers."""

    document_path: Annotated[str, Field(pattern=r"^/"), da("Hvor planen læses, regnet fra tjenestens adresse.")]
    """Where it is read, without login, below the address of councils."""

    document_sha256: Annotated[Sha256, da("Planens kontrolsum (SHA-256).")]
    """The checksum of its content."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the council offices of the municipalities that the plan covers."""
        return council_offices(self.municipalities)
