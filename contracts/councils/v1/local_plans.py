"""How a lokalraad's yearly plan comes about: drafted, submitted, approved by both sides, published (plan §2)."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, PositiveInt

from contracts.councils.v1.common import Sha256, Year, _OfBody
from contracts.event import da


class _OfLocalPlan(_OfBody):
    """What every event of a local plan says."""

    aggregate: ClassVar[str] = "local_plan"

    local_plan_id: Annotated[UUID, da("Den lokale plans id.")]
    """The local plan's id, and the key of the record."""
    year: Annotated[Year, da("Året, som planen gælder.")]
    """The year that it is for."""


class LocalPlanDrafted(_OfLocalPlan):
    """A lokalraad's plan of a year was begun."""

    in_danish: ClassVar[str] = "Arbejdet med et lokalråds plan for et år er begyndt."

    plan_id: Annotated[UUID, da("Kredsrådets samarbejdsplan for samme år.")]
    """The kredsraad's samarbejdsplan of the same year."""


class LocalPlanRevised(_OfLocalPlan):
    """A new version was saved; whatever approvals there were count no longer."""

    in_danish: ClassVar[str] = "En lokal plan er gemt i en ny version; tidligere godkendelser gælder ikke længere."

    number: Annotated[PositiveInt, da("Versionens nummer.")]
    """The version's number."""
    approvals_reset: Annotated[int, Field(ge=0), da("Hvor mange godkendelser der faldt bort.")]
    """How many approvals it cancelled."""


class LocalPlanSubmitted(_OfLocalPlan):
    """A local plan lies ready for approval by both sides."""

    in_danish: ClassVar[str] = "En lokal plan er klar til godkendelse hos både politi og kommune."

    document_sha256: Annotated[Sha256, da("Planens kontrolsum (SHA-256).")]
    """The checksum of the text."""


class LocalPlanApprovalRecorded(_OfLocalPlan):
    """Somebody of one side approved a local plan."""

    in_danish: ClassVar[str] = "En lokal plan er godkendt af den ene side."

    side: Annotated[Literal["politi", "kommune"], da("Hvilken side: politiet eller kommunen.")]
    """Which side."""
    document_sha256: Annotated[Sha256, da("Kontrolsummen (SHA-256) af den tekst, der er godkendt.")]
    """The checksum of the approved text."""


class LocalPlanApproved(_OfLocalPlan):
    """Both sides have approved a local plan."""

    in_danish: ClassVar[str] = "En lokal plan er godkendt af både politi og kommune."

    document_sha256: Annotated[Sha256, da("Planens kontrolsum (SHA-256).")]
    """The checksum of the approved text."""


class LocalPlanPublished(_OfLocalPlan):
    """An edition of a local plan was published; it never changes."""

    in_danish: ClassVar[str] = "En udgave af en lokal plan er offentliggjort; den ændres aldrig."

    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""
    document_path: Annotated[str, Field(pattern=r"^/"), da("Hvor planen læses, regnet fra tjenestens adresse.")]
    """Where it is read, without login, below the address of councils."""
    document_sha256: Annotated[Sha256, da("Planens kontrolsum (SHA-256).")]
    """The checksum of its content."""


class LocalPlansMissing(_OfBody):
    """The year has begun, and some lokalraad have no approved plan for it."""

    in_danish: ClassVar[str] = "Året er begyndt, og nogle lokalråd har ingen godkendt plan for det."
    aggregate: ClassVar[str] = "local_plan_year"

    local_plan_year_id: Annotated[UUID, da("Eftersynets id: ét for hvert år.")]
    """The check's id, one a year, and the key of the record."""
    year: Annotated[Year, da("Året, som planerne skulle gælde.")]
    """The year for which there is no plan."""
    missing: Annotated[tuple[UUID, ...], da("De lokalråd, der ikke har en godkendt plan.")]
    """The lokalraad without an approved plan."""
