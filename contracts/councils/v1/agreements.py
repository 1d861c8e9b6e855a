"""What councils tells of the agreement of several years and of the cooperation model."""

from typing import Annotated, ClassVar
from uuid import UUID

from contracts.councils.v1.common import Code, Year, _OfBody
from contracts.event import da


class _Agreement(_OfBody):
    """What every event of a political agreement says."""

    aggregate: ClassVar[str] = "agreement"

    agreement_id: Annotated[UUID, da("Aftalens id.")]
    """The agreement's id, and the key of the record."""
    first_year: Annotated[Year, da("Aftalens første år.")]
    """Its first year."""
    last_year: Annotated[Year, da("Aftalens sidste år.")]
    """Its last year."""


class AgreementRegistered(_Agreement):
    """A political agreement was entered with its marks and areas."""

    in_danish: ClassVar[str] = "En politisk aftale er registreret med pejlemærker og områder."

    marks: Annotated[int, da("Antal pejlemærker.")]
    """How many marks it has."""
    areas: Annotated[int, da("Antal områder.")]
    """How many areas it has."""


class AgreementChanged(_Agreement):
    """What the district says of an agreement has changed: an area's title, what it chose, or which plan leads to it."""

    in_danish: ClassVar[str] = "Det, politikredsen siger om en aftale, er ændret."


class AgreementInitiativeStatusChanged(_OfBody):
    """How far an initiative of an agreement is in a year has changed."""

    in_danish: ClassVar[str] = "Et initiativ i en politisk aftale er nået længere eller opgivet."
    aggregate: ClassVar[str] = "agreement_initiative"

    agreement_initiative_id: Annotated[UUID, da("Initiativets id.")]
    """The initiative's id, and the key of the record."""
    agreement_id: Annotated[UUID, da("Aftalen.")]
    """The agreement."""
    year: Annotated[Year, da("Året.")]
    """The year."""
    status: Annotated[Code, da("Hvor langt det er.")]
    """How far it is."""


class _CooperationModel(_OfBody):
    """What every event of a samarbejdsmodel says."""

    aggregate: ClassVar[str] = "cooperation_model"

    cooperation_model_id: Annotated[UUID, da("Samarbejdsmodellens id.")]
    """The model's id, and the key of the record."""
    year: Annotated[Year, da("Året.")]
    """The year."""


class CooperationModelBegun(_CooperationModel):
    """Municipalities, police and region have begun a samarbejdsmodel."""

    in_danish: ClassVar[str] = "Kommuner, politi og region er begyndt på en samarbejdsmodel."


class CooperationModelVersionAdopted(_CooperationModel):
    """A version of a samarbejdsmodel was adopted."""

    in_danish: ClassVar[str] = "En udgave af en samarbejdsmodel er vedtaget."

    edition: Annotated[int, da("Udgavens nummer.")]
    """The version's number, from 1."""
    overridden: Annotated[bool, da("Om den er vedtaget med åbne krav.")]
    """Whether it was adopted with requirements still open."""


class CooperationModelOverdue(_CooperationModel):
    """The year is over, and no version of its samarbejdsmodel is adopted."""

    in_danish: ClassVar[str] = "Året er slut, og ingen udgave af samarbejdsmodellen er vedtaget."


class RequirementRegistered(_CooperationModel):
    """A requirement from outside to a samarbejdsmodel was entered."""

    in_danish: ClassVar[str] = "Et krav udefra til en samarbejdsmodel er registreret."

    requirement_id: Annotated[UUID, da("Kravets id.")]
    """The requirement's id."""


class RequirementAnswered(_CooperationModel):
    """A requirement from outside was worked into a samarbejdsmodel, or is not relevant."""

    in_danish: ClassVar[str] = "Et krav udefra er indarbejdet i en samarbejdsmodel eller er ikke relevant."

    requirement_id: Annotated[UUID, da("Kravets id.")]
    """The requirement's id."""
    answer: Annotated[Code, da("Svaret.")]
    """`incorporated` or `not_relevant`."""
