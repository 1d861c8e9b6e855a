"""What concerns tells, version 1: the code list, imports, the weekly search, candidates and underretninger.

One file though it is long: an event's name follows from `contracts/<context>/v<major>.py`, and a context is one.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, NonNegativeInt, PositiveInt, StringConstraints

from contracts.codes import Kommunekode, LegalBasis, Mailbox, Office, Purpose, mailbox_of, municipality_authority
from contracts.event import Event, da

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}$")]
"""A code for an incident or an offence (haendelseskode, gerningskode): G11 is drunk driving."""

Week = Annotated[str, StringConstraints(pattern=r"^\d{4}-W\d{2}$")]
"""An ISO week: 2026-W13."""


class Rule(StrEnum):
    """A reason why the search found a child; several may hold, and none counts for more than another."""

    R1 = "R1"
    """Solo: one registration with such a code is enough."""
    R2 = "R2"
    """Present: the child was there."""
    R3 = "R3"
    """Repeat: the same adult has two or more."""
    R4 = "R4"
    """Household: two adults of the household have one or more each."""
    R5 = "R5"
    """Unborn: it concerns a pregnant woman, marked by the source."""
    R6 = "R6"
    """Driving: one in 90 days and two in five years under the influence."""


class Review(StrEnum):
    """What the reviewing officer decided about a candidate."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not_relevant"
    MORE_INFORMATION = "more_information"


class UnderretningKind(StrEnum):
    """What an underretning is to those before it about the same child.

    Complete from the start, because adding a value would break those who read today's.
    """

    NEW = "new"
    SUPPLEMENT = "supplement"
    CORRECTION = "correction"
    RETRACTION = "retraction"


class DeliveryProof(StrEnum):
    """How we know that a person or a system at the receiver has it."""

    FETCH = "fetch"
    RECEIPT = "receipt"
    RECORD = "record"
    """An officer recorded who has it, and when."""


class FeedbackKind(StrEnum):
    """What the municipality tells the sender about what it did, as far as the law lets it."""

    MEASURES_STARTED = "measures_started"
    MEASURES_ALREADY_RUNNING = "measures_already_running"
    NO_MEASURES = "no_measures"


class CodeListApproved(Event):
    """A version of the predefined code list was approved by two people.

    A search uses the version in force when it starts; registrations with other codes do not exist for it.
    """

    in_danish: ClassVar[str] = "En version af kodelisten er godkendt af to personer."
    aggregate: ClassVar[str] = "code_list"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.BARNETS_LOV_133
    purpose: ClassVar[Purpose] = Purpose.SOCIALSOEG
    about_a_person: ClassVar[bool] = False

    code_list_id: Annotated[UUID, da("Kodelistens id.")]
    """The version's id, and the key of the record."""

    number: Annotated[PositiveInt, da("Versionens nummer.")]
    """The version's number, counted from 1."""

    valid_from: Annotated[date, da("Første dag, som versionen gælder.")]
    """The first day that it holds."""

    codes: Annotated[tuple[Code, ...], da("De hændelses- og gerningskoder, som listen indeholder.")]
    """The codes on it."""


class RegistrationsImported(Event):
    """One delivery of police registrations was read to its end."""

    in_danish: ClassVar[str] = "En leverance af politiets registreringer er læst til ende."
    aggregate: ClassVar[str] = "import"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.BARNETS_LOV_133
    purpose: ClassVar[Purpose] = Purpose.SOCIALSOEG
    about_a_person: ClassVar[bool] = False

    import_id: Annotated[UUID, da("Leverancens id.")]
    """The delivery's id, and the key of the record."""

    lines: Annotated[NonNegativeInt, da("Antal linjer i leverancen.")]
    """How many lines it had."""

    accepted: Annotated[NonNegativeInt, da("Antal nye registreringer eller nye udgaver af dem.")]
    """How many were new registrations or new revisions."""

    repeated: Annotated[NonNegativeInt, da("Antal, som allerede var modtaget i samme udgave.")]
    """How many had come before, with the same revision."""

    dropped: Annotated[NonNegativeInt, da("Antal, som blev talt og kasseret, fordi koden ikke er på listen.")]
    """How many were counted and dropped because their code is on no list."""

    refused: Annotated[NonNegativeInt, da("Antal linjer, som ikke kunne læses.")]
    """How many lines could not be read."""


class _Search(Event):
    """What every event of a weekly search says."""

    aggregate: ClassVar[str] = "search"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.BARNETS_LOV_133
    purpose: ClassVar[Purpose] = Purpose.SOCIALSOEG
    about_a_person: ClassVar[bool] = False

    search_id: Annotated[UUID, da("Søgningens id.")]
    """The search's id, and the key of the record."""

    week: Annotated[Week, da("Den ISO-uge, som søgningen er for.")]
    """The ISO week that it is for."""


class SearchStarted(_Search):
    """The search of one ISO week began and claimed the registrations that it looks at."""

    in_danish: ClassVar[str] = "Søgningen for en uge er begyndt og har taget de registreringer, som den ser på."

    code_list_number: Annotated[PositiveInt, da("Nummeret på den kodeliste, der gælder.")]
    """The number of the code list in force."""


class SearchCompleted(_Search):
    """The search of one ISO week ended; its candidates wait for review."""

    in_danish: ClassVar[str] = "Søgningen for en uge er slut; kandidaterne venter på gennemgang."

    code_list_number: Annotated[PositiveInt, da("Nummeret på den kodeliste, der gjaldt.")]
    """The number of the code list in force."""

    seen: Annotated[NonNegativeInt, da("Antal registreringer, som søgningen var den første til at se.")]
    """How many registrations it was the first to see."""

    candidates: Annotated[NonNegativeInt, da("Antal børn, som mindst én regel gælder for.")]
    """How many children it found."""

    suppressed: Annotated[NonNegativeInt, da("Antal børn, hvor alt allerede var fortalt.")]
    """How many children it left out because all had been told before."""

    excluded: Annotated[NonNegativeInt, da("Antal registreringer, som ikke talte for noget barn.")]
    """How many registrations counted for no child."""

    dropped: Annotated[dict[Code, PositiveInt], da("Antal kasserede registreringer for hver kode uden for listen.")]
    """How many registrations of the week were dropped, by the unlisted code."""


class SearchMissed(_Search):
    """The search of one ISO week had not begun when it should; it is made up for later, in order of the weeks."""

    in_danish: ClassVar[str] = "Søgningen for en uge begyndte ikke, da den skulle; den indhentes i ugernes rækkefølge."

    due_at: Annotated[AwareDatetime, da("Hvornår søgningen skulle være begyndt.")]
    """When it should have begun."""


class _Candidate(Event):
    """What every event of a candidate says."""

    aggregate: ClassVar[str] = "candidate"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.BARNETS_LOV_133
    purpose: ClassVar[Purpose] = Purpose.SOCIALSOEG
    about_a_person: ClassVar[bool] = True

    candidate_id: Annotated[UUID, da("Kandidatens id.")]
    """The candidate's id, and the key of the record."""


class CandidateFound(_Candidate):
    """The search found a child for whom at least one rule holds; a person decides what it leads to."""

    in_danish: ClassVar[str] = "Søgningen fandt et barn, som mindst én regel gælder for; et menneske tager stilling."

    search_id: Annotated[UUID, da("Den søgning, som fandt barnet.")]
    """The search that found the child."""

    week: Annotated[Week, da("Søgningens ISO-uge.")]
    """The ISO week of that search."""

    child_person_id: Annotated[UUID, da("Barnets id; for et ufødt barn moderens.")]
    """The child's opaque id; the mother's when the child is unborn."""

    unborn: Annotated[
        bool,
        da(
            "Om barnet er ufødt.",
            sensitive="Underretningspligten gælder også et ufødt barn (barnets lov § 133); uden mærket"
            " ville moderen blive taget for barnet.",
        ),
    ]
    """Whether the child is unborn."""

    rules: Annotated[tuple[Rule, ...], Field(min_length=1), da("Alle regler, som gælder.")]
    """Every rule that holds."""

    current: Annotated[
        tuple[UUID, ...], Field(min_length=1), da("Registreringer, som denne søgning så som den første.")
    ]
    """The registrations that count and that this search was the first to see."""

    history: Annotated[tuple[UUID, ...], da("Tidligere registreringer, som reglerne byggede på.")]
    """The earlier registrations that count."""

    code_list_number: Annotated[PositiveInt, da("Nummeret på den kodeliste, der gjaldt.")]
    """The number of the code list in force."""


class CandidateReviewed(_Candidate):
    """An officer reviewed a candidate; without another's approval nothing is sent."""

    in_danish: ClassVar[str] = "En betjent har gennemgået en kandidat; uden en andens godkendelse sendes intet."

    outcome: Annotated[Review, da("Hvad betjenten besluttede.")]
    """What the officer decided."""


class CandidateApproved(_Candidate):
    """Another officer approved that a candidate becomes an underretning."""

    in_danish: ClassVar[str] = "En anden betjent har godkendt, at en kandidat bliver til en underretning."

    underretning_id: Annotated[UUID, da("Den underretning, som det blev til.")]
    """The underretning that it became."""


class _Underretning(Event):
    """What every event of an underretning says; a copy goes to the receiver's office for children."""

    aggregate: ClassVar[str] = "underretning"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.BARNETS_LOV_133
    purpose: ClassVar[Purpose] = Purpose.UNDERRETNING
    about_a_person: ClassVar[bool] = True

    underretning_id: Annotated[UUID, da("Underretningens id.")]
    """The underretning's id, and the key of the record."""

    receiver: Annotated[Kommunekode, da("Kommunen, som underretningen er til.")]
    """The municipality that it is for, any of the 98."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of the receiver's office for children, if it has one."""
        return mailbox_of(municipality_authority(self.receiver), Office.BOERN)


class UnderretningSent(_Underretning):
    """The police notified a municipality of its concern for one child.

    The notification itself is fetched from concerns, with a purpose; this says only that it is there.
    """

    in_danish: ClassVar[str] = "Politiet har underrettet en kommune om sin bekymring for ét barn."

    child_person_id: Annotated[UUID, da("Barnets id; for et ufødt barn moderens.")]
    """The child's opaque id; the mother's when the child is unborn. It means nothing outside Samvirke."""

    kind: Annotated[UnderretningKind, da("Om den er ny eller hører til en tidligere.")]
    """Whether it is new or belongs to an earlier one."""

    urgent: Annotated[bool, da("Om barnet kan være i fare nu.")]
    """Whether the child may be in danger now."""

    document_path: Annotated[str, Field(pattern=r"^/"), da("Hvor dokumentet hentes, regnet fra tjenestens adresse.")]
    """Where the document is fetched, below the address of concerns."""


class UnderretningDelivered(_Underretning):
    """An underretning is proved to be with its receiver; the municipality's clocks run from here."""

    in_danish: ClassVar[str] = "Det er godtgjort, at underretningen er hos modtageren; kommunens frister løber herfra."

    proof: Annotated[DeliveryProof, da("Hvordan vi ved, at den er modtaget.")]
    """How we know."""

    acknowledge_by: Annotated[AwareDatetime, da("Hvornår modtagelsen senest skal være bekræftet (6 hverdage).")]
    """When the municipality must have acknowledged it at the latest."""


class UnderretningAcknowledged(_Underretning):
    """The municipality confirmed that it has received an underretning and has taken it up."""

    in_danish: ClassVar[str] = "Kommunen har bekræftet, at den har modtaget underretningen og taget den op."


class UnderretningAcknowledgementOverdue(_Underretning):
    """Six legal weekdays passed without an acknowledgement; told once."""

    in_danish: ClassVar[str] = "Der er gået seks hverdage uden bekræftelse fra kommunen."

    due_at: Annotated[AwareDatetime, da("Hvornår modtagelsen senest skulle være bekræftet.")]
    """When it should have been confirmed."""


class UnderretningFeedbackGiven(_Underretning):
    """The municipality told the sender what it did, as far as the law lets it."""

    in_danish: ClassVar[str] = "Kommunen har fortalt afsenderen, hvad den har gjort, så vidt loven tillader det."

    feedback_kind: Annotated[FeedbackKind, da("Hvad kommunen har gjort.")]
    """What the municipality did."""


class UnderretningQuestionAsked(_Underretning):
    """The municipality asked the sender its one question; what it asks is read at concerns, by who may."""

    in_danish: ClassVar[str] = (
        "Kommunen har stillet afsenderen sit ene spørgsmål; selve spørgsmålet læses hos concerns af dem, der må."
    )


class UnderretningQuestionAnswered(_Underretning):
    """The sender answered the municipality's question; what it answers is read at concerns, by who may."""

    in_danish: ClassVar[str] = (
        "Afsenderen har besvaret kommunens spørgsmål; selve svaret læses hos concerns af dem, der må."
    )


class CaseErased(Event):
    """The last part of a case has been erased here; whoever keeps something of the case deletes it."""

    in_danish: ClassVar[str] = "Det sidste af en sag er slettet; den, der gemmer noget af sagen, sletter det."
    aggregate: ClassVar[str] = "case"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.RETENTION
    about_a_person: ClassVar[bool] = True
    bulk: ClassVar[bool] = True

    case_id: Annotated[UUID, da("Den sag, som er slettet.")]
    """The case that is gone, and the key of the record."""
