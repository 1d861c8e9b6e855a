"""What every service tells about its use of personal data, version 1."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.codes import LegalBasis, Office, Purpose
from contracts.disclosure import Category, LogKind, Necessity
from contracts.event import Event, da
from contracts.personal import Personal

MAX_PERSONS = 10_000
"""How many persons one record may name; an operation on more is told in several."""


class AccessRecorded(Event):
    """Somebody read, changed or passed on personal data; recorded in the transaction that answered.

    One record an operation. A list without personal data is no read and is not told.
    """

    in_danish: ClassVar[str] = "Nogen har læst, ændret eller videregivet personoplysninger."
    aggregate: ClassVar[str] = "access"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = True
    told_by_all: ClassVar[bool] = True
    bulk: ClassVar[bool] = True

    access_id: Annotated[UUID, da("Registreringens eget id.")]
    """The record's own id, and its key."""

    operation: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$"), da("Hvad der blev gjort, fx underretning.read.")]
    """What was done, as in `underretning.read`."""

    subject: Annotated[
        str, da("Den bruger eller det system, der gjorde det, som adgangsbeviset nævner.", personal=Personal.STAFF)
    ]
    """Who did it: the subject of the access token."""

    authority: Annotated[str, da("Den myndighed, som brugeren eller systemet hører til.", personal=Personal.STAFF)]
    """The authority that the subject belongs to."""

    office: Annotated[Office | None, da("Kontoret hos myndigheden, når adgangsbeviset nævner et.")] = None
    """The office at that authority, when the token names one."""

    on_behalf_of: Annotated[
        str | None, da("Den bruger, som en tjeneste spurgte på vegne af.", personal=Personal.STAFF)
    ] = None
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

    kind: Annotated[LogKind | None, da("Den art af brug, som loven kræver logget.")] = None
    """Which of the six kinds of use that the law wants logged it was (L-13)."""

    on_behalf_of_authority: Annotated[
        str | None, da("Den myndighed, som en tjeneste spurgte på vegne af.", personal=Personal.STAFF)
    ] = None
    """The authority for which a service asked."""

    basis: Annotated[LegalBasis | None, da("Hjemlen, når oplysningerne blev videregivet.")] = None
    """The paragraph that allowed passing the data on; none where nothing was passed on."""

    basis_reference: Annotated[str | None, da("Stykke og nummer i hjemlen.", personal=Personal.CASE)] = None
    """Where in that law, as in `stk. 1`; never a case's own words."""

    necessity: Annotated[Necessity | None, da("Hvorfor det var nødvendigt at videregive oplysningerne.")] = None
    """Why passing it on was necessary."""

    sender: Annotated[str | None, da("Den myndighed, som videregav oplysningerne.", personal=Personal.CASE)] = None
    """The authority that passed the data on: it answers for the disclosure, whoever fetched it."""

    receiver: Annotated[
        str | None, da("Den myndighed, som oplysningerne blev videregivet til.", personal=Personal.CASE)
    ] = None
    """The authority to which the data was passed on."""

    categories: Annotated[tuple[Category, ...], da("Hvilke slags oplysninger det var.")] = ()
    """What sorts of data were used."""

    no_investigation: Annotated[bool, da("Om oplysningerne aldrig må bruges til efterforskning.")] = False
    """Whether the data may never serve the investigation of a criminal case (retsplejeloven section 115(2), L-02)."""

    outside_work_list: Annotated[bool, da("Om sagen blev åbnet uden at stå på brugerens liste.")] = False
    """Whether the case was opened without standing on the user's work list."""

    words_id: Annotated[UUID | None, da("Brugerens begrundelse, der ligger krypteret hos persons.")] = None
    """The user's own words about why, kept encrypted by persons; only where the case was outside the work list."""


class AccessRefused(Event):
    """Somebody asked for personal data, or for a change of it, and was refused."""

    in_danish: ClassVar[str] = "Nogen bad om personoplysninger, eller om en ændring af dem, og fik afslag."
    aggregate: ClassVar[str] = "access"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = True
    told_by_all: ClassVar[bool] = True
    bulk: ClassVar[bool] = True

    access_id: Annotated[UUID, da("Registreringens eget id.")]
    """The record's own id, and its key."""

    operation: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$"), da("Hvad der blev forsøgt.")]
    """What was asked for, as in `underretning.read`."""

    subject: Annotated[str, da("Den bruger eller det system, der spurgte.", personal=Personal.STAFF)]
    """Who asked: the subject of the access token."""

    authority: Annotated[str, da("Den myndighed, som brugeren eller systemet hører til.", personal=Personal.STAFF)]
    """The authority that the subject belongs to."""

    office: Annotated[Office | None, da("Kontoret hos myndigheden, når adgangsbeviset nævner et.")] = None
    """The office at that authority, when the token names one."""

    target_id: Annotated[UUID | None, da("Det, der blev spurgt om; det findes måske ikke.")] = None
    """What was asked about, as the caller named it; it may not exist."""

    problem: Annotated[str, da("Hvorfor der blev sagt nej: problemets korte navn.", personal=Personal.CASE)]
    """Why it was refused: the slug of the problem that was answered."""

    at: Annotated[AwareDatetime, da("Hvornår det skete.")]
    """When it was refused."""


class DayClosed(Event):
    """A service has closed a day: so many records of access and refusal, and one digest over all of them."""

    in_danish: ClassVar[str] = (
        "En tjeneste har lukket en dag: så mange adgange og afslag, og ét kontroltal over dem alle."
    )
    aggregate: ClassVar[str] = "closing"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = False
    told_by_all: ClassVar[bool] = True
    bulk: ClassVar[bool] = True

    closing_id: Annotated[UUID, da("Lukningens id, udledt af tjeneste og dag.")]
    """The closing's id, derived from service and day, and its key."""

    service: Annotated[str, da("Tjenesten, der har lukket sin dag.", personal=Personal.NONE)]
    """The service that closed its day."""

    day: Annotated[date, da("Dagen i UTC, efter tjenestens ur.")]
    """The day in UTC by the service's clock."""

    records: Annotated[int, Field(ge=0), da("Antal registrerede opslag den dag.")]
    """How many accesses it recorded that day."""

    refusals: Annotated[int, Field(ge=0), da("Antal afviste forsøg den dag.")]
    """How many refusals it recorded that day."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), da("SHA-256 over dagens registreringer.")]
    """SHA-256 over the sorted SHA-256 digests of the values told that day, in hex, joined without anything between."""

    previous_day: Annotated[date | None, da("Den dag, som tjenesten lukkede før denne.")] = None
    """The day that the service closed before this one; the days between them held no records."""


class ClosingMismatched(Event):
    """What a service says it told on a day, and what the audit log holds of that day, differ."""

    in_danish: ClassVar[str] = "En tjenestes lukning af en dag stemmer ikke med det, kontrolloggen har."
    aggregate: ClassVar[str] = "mismatch"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = False

    mismatch_id: Annotated[UUID, da("Uoverensstemmelsens id, udledt af tjeneste og dag.")]
    """The mismatch's id, derived from service and day, and the key of the record."""

    service: Annotated[str, da("Tjenesten, hvis dag ikke stemmer.", personal=Personal.NONE)]
    """The service whose day does not add up."""

    day: Annotated[date, da("Dagen i UTC.")]
    """The day in UTC."""

    fault: Annotated[Literal["differs", "missing", "silent"], da("Hvad der er galt.")]
    """Whether the two differ, the closing is missing, or the service has stopped closing its days."""

    records_held: Annotated[int, Field(ge=0), da("Antal registrerede opslag i revisionsloggen.")]
    """How many accesses of that day the log holds."""

    refusals_held: Annotated[int, Field(ge=0), da("Antal afviste forsøg i revisionsloggen.")]
    """How many refusals of that day the log holds."""


class CheckpointSigned(Event):
    """The audit log's length and root were signed; whoever keeps this can prove a later change of the log."""

    in_danish: ClassVar[str] = "Kontrolloggen er underskrevet til og med en linje."
    aggregate: ClassVar[str] = "log"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = False

    log_id: Annotated[UUID, da("Loggens id, udledt af dens navn.")]
    """The log's id, derived from its origin, and the key of the record."""

    size: Annotated[int, Field(ge=0), da("Hvor mange poster loggen havde.")]
    """How many entries the log had."""

    checkpoint: Annotated[
        str, Field(max_length=4000), da("Kontrolpunktet som underskrevet tekst.", personal=Personal.NONE)
    ]
    """The checkpoint as a signed note (C2SP tlog-checkpoint): origin, size, root, signatures."""


class BreachDeadlineNear(Event):
    """Datatilsynet must hear of a breach within a day, and nobody has recorded that it has, or need not."""

    in_danish: ClassVar[str] = (
        "Datatilsynet skal høre om et brud inden et døgn, og ingen har noteret, at det er sket eller ikke skal ske."
    )
    aggregate: ClassVar[str] = "breach"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL
    about_a_person: ClassVar[bool] = False

    breach_id: Annotated[UUID, da("Bruddets id.")]
    """The breach's id, and the key of the record."""

    authority: Annotated[str, da("Den dataansvarlige myndighed.", personal=Personal.NONE)]
    """The controller, whose duty it is."""

    notify_by: Annotated[AwareDatetime, da("Hvornår de 72 timer er gået.")]
    """When the 72 hours have passed."""
