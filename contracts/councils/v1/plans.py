"""How a year's plans come about: the kredsraad's draft on its way to a published edition, and who is asked meanwhile.

Ids, codes, days, counts and checksums alone: what a plan, a proposal or an answer says is read where it lies.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import PositiveInt, StringConstraints

from contracts.alerting.v1 import AuthorityId
from contracts.councils.v1.common import Sha256, Year, _OfBody
from contracts.event import da

SectionNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$", max_length=20)]
"""The number of a section in a plan: `4.1`."""


class PartyType(StrEnum):
    """Who takes part in what a plan sets going (O-0-01)."""

    POLITI = "politi"
    KOMMUNE = "kommune"
    ANDEN_MYNDIGHED = "anden_myndighed"
    INTERESSEORGANISATION = "interesseorganisation"
    FORENING = "forening"


class _OfPlan(_OfBody):
    """What every event of the work on a samarbejdsplan says."""

    aggregate: ClassVar[str] = "plan"

    plan_id: Annotated[UUID, da("Samarbejdsplanens id.")]
    """The samarbejdsplan's id, and the key of the record."""
    year: Annotated[Year, da("Året, som planen gælder.")]
    """The year that it is for."""


class PlanDrafted(_OfPlan):
    """The plan of a year was begun, or the text of one that was signed on paper was entered."""

    in_danish: ClassVar[str] = "Arbejdet med et års samarbejdsplan er begyndt."

    history: Annotated[bool, da("Planen gælder et år, der er gået, og er underskrevet på papir.")]
    """It is for a year that has passed and was signed on paper."""


class PlanRevised(_OfPlan):
    """A new version of a draft was saved."""

    in_danish: ClassVar[str] = "Et udkast til samarbejdsplan er gemt i en ny version."

    number: Annotated[PositiveInt, da("Versionens nummer.")]
    """The version's number."""
    sections: Annotated[tuple[SectionNumber, ...], da("Numrene på de afsnit, der er ændret.")]
    """The numbers of the sections that were changed, added or dropped."""


class PlanDiscussed(_OfPlan):
    """The kredsraad has discussed the plan; its text is fixed."""

    in_danish: ClassVar[str] = "Kredsrådet har drøftet samarbejdsplanen; teksten ligger fast."

    document_sha256: Annotated[Sha256, da("Planens kontrolsum (SHA-256).")]
    """The checksum of the text."""


class PlanSignatureRecorded(_OfPlan):
    """One office of the kredsraad has signed the plan."""

    in_danish: ClassVar[str] = "Et embede i kredsrådet har underskrevet samarbejdsplanen."

    authority: Annotated[AuthorityId, da("Myndigheden, hvis leder har underskrevet.")]
    """The authority whose head has signed."""
    way: Annotated[
        Literal["sign_in", "sheet", "history"], da("Hvordan: ved login, på et ark bekræftet af to, eller fra et arkiv.")
    ]
    """By sign-in, on a sheet that two persons confirm, or on paper before Samvirke."""


class PlanSigned(_OfPlan):
    """The last office of the kredsraad has signed the plan."""

    in_danish: ClassVar[str] = "Alle kredsrådets embeder har underskrevet samarbejdsplanen."

    signed_on: Annotated[date, da("Dagen for den sidste underskrift.")]
    """The day of the last signature."""
    document_sha256: Annotated[Sha256, da("Kontrolsummen (SHA-256) af den tekst, der er underskrevet.")]
    """The checksum of the signed text."""


class PlanCorrectionBegun(_OfPlan):
    """A published plan is being corrected: what comes of it is the next edition."""

    in_danish: ClassVar[str] = "En offentliggjort samarbejdsplan bliver rettet; rettelsen bliver den næste udgave."

    edition: Annotated[PositiveInt, da("Nummeret på den udgave, der er på vej.")]
    """The number of the edition to come."""


class ProposalWindowOpened(_OfPlan):
    """Lokalraad can propose something for the plan between two days."""

    in_danish: ClassVar[str] = "Lokalrådene kan sende forslag til samarbejdsplanen mellem to dage."

    opens_on: Annotated[date, da("Den første dag for forslag.")]
    """The first day for proposals."""
    closes_on: Annotated[date, da("Den sidste dag for forslag.")]
    """The last day for proposals."""


class PlanWebsiteCheckDue(_OfPlan):
    """It is a week since anybody saw the plan on the police district's website."""

    in_danish: ClassVar[str] = "Det er en uge siden, nogen så efter, om planen står på politikredsens hjemmeside."

    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""


class PlanMissingOnWebsite(_OfPlan):
    """The plan does not stand where it was said to stand, or another text does."""

    in_danish: ClassVar[str] = "Planen står ikke på politikredsens hjemmeside, eller der står en anden tekst."

    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""
    found: Annotated[Literal["missing", "changed"], da("Om den mangler, eller om teksten er en anden.")]
    """Whether it is missing, or its text is another."""


# --- what lokalraad and their chairs contribute -------------------------------------------------------------------


class _OfProposal(_OfBody):
    """What every event of a proposal says; the lokalraad's parties get a copy."""

    aggregate: ClassVar[str] = "plan_proposal"

    plan_proposal_id: Annotated[UUID, da("Forslagets id.")]
    """The proposal's id, and the key of the record."""
    plan_id: Annotated[UUID, da("Den samarbejdsplan, som forslaget er til.")]
    """The samarbejdsplan for which it is."""


class ProposalSubmitted(_OfProposal):
    """A lokalraad proposed something for the kredsraad's plan."""

    in_danish: ClassVar[str] = "Et lokalråd har sendt et forslag til kredsrådets samarbejdsplan."


class ProposalAnswered(_OfProposal):
    """The kredsraad answered a proposal; the lokalraad reads the reason."""

    in_danish: ClassVar[str] = "Kredsrådet har svaret på et lokalråds forslag."

    answer: Annotated[Literal["accepted", "partly", "rejected"], da("Om forslaget er med, delvis med eller afvist.")]
    """Whether it is taken up, in part or not."""
    section: Annotated[SectionNumber | None, da("Det afsnit i planen, hvor forslaget er taget op; tomt: intet.")] = None
    """The section of the plan that takes it up; none: no section."""


class _OfInvolvement(_OfBody):
    """What every event of a chair's involvement says; the lokalraad's parties get a copy."""

    aggregate: ClassVar[str] = "chair_involvement"

    chair_involvement_id: Annotated[UUID, da("Inddragelsens id.")]
    """The involvement's id, and the key of the record."""
    plan_id: Annotated[UUID, da("Den samarbejdsplan, som formanden inddrages i.")]
    """The samarbejdsplan that it is about."""


class ChairInvolvementRequested(_OfInvolvement):
    """The chair of a lokalraad was asked what the coming plan should say."""

    in_danish: ClassVar[str] = "Formanden for et lokalråd er spurgt om den kommende samarbejdsplan."

    answer_by: Annotated[date, da("Den sidste dag for svaret.")]
    """The last day for an answer."""


class ChairInvolvementResponded(_OfInvolvement):
    """The chair of a lokalraad has answered, or the time for it has passed."""

    in_danish: ClassVar[str] = "Formanden for et lokalråd har svaret, eller fristen er gået uden svar."

    responded: Annotated[bool, da("Om der kom et svar; ellers er fristen gået uden.")]
    """Whether an answer came; otherwise the time has passed without one."""
