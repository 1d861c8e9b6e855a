"""What alerting tells, version 1: alerts, the answers of those who are called, and rosters."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, PositiveInt, StringConstraints

from contracts.codes import LegalBasis, Office, Purpose
from contracts.event import Event, da
from contracts.personal import Personal

AuthorityId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z0-9]+)*$", max_length=60)]
"""An authority's id: `kommune-0657`."""

TemplateCode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
"""The code of a text that alerts are written from: `underretning_new`."""


RoleCode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
"""What somebody is on duty as: `vagt`, `stabsmedlem`."""

SourceEventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
"""An event's id as its source names it."""


class Urgency(StrEnum):
    """How fast somebody must be reached; it decides the order of sending and the escalation."""

    IMMEDIATE = "immediate"
    """Now, at any hour."""
    PROMPT = "prompt"
    """At any hour, in steps of minutes."""
    ROUTINE = "routine"
    """Tests and news; never at night."""


class AnswerKind(StrEnum):
    """What somebody who was called answered; the last answer counts."""

    SEEN = "seen"
    """Has seen it and takes it up."""
    COMING = "coming"
    """Comes in person."""
    VIRTUAL = "virtual"
    """Takes part from where they are."""
    CANNOT = "cannot"
    """Cannot come."""
    ARRIVED = "arrived"
    """Is there (fremme)."""


class AnswerSource(StrEnum):
    """By which way an answer came."""

    SMS = "sms"
    VOICE = "voice"
    PUSH = "push"
    LINK = "link"
    CONSOLE = "console"
    TELEPHONE = "telephone"
    """To a desk officer, who entered it."""
    SINE = "sine"
    """By radio, to a desk officer, who entered it."""
    IN_PERSON = "in_person"
    """At the desk."""


class CloseReason(StrEnum):
    """Why an alert ended."""

    ANSWERED = "answered"
    """Whoever was needed has answered."""
    STOOD_DOWN = "stood_down"
    """Whoever raised it called it off."""
    UNREACHED = "unreached"
    """Every step was taken and nobody answered; a person must act."""


class _Alert(Event):
    """What every event of an alert says."""

    aggregate: ClassVar[str] = "alert"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.GDPR_6_1_E
    purpose: ClassVar[Purpose] = Purpose.ALERTING
    about_a_person: ClassVar[bool] = False

    alert_id: Annotated[UUID, da("Kaldets id.")]
    """The alert's id, and the key of the record."""


class AlertRaised(_Alert):
    """People on duty are being called about something; who they are, alerting keeps to itself."""

    in_danish: ClassVar[str] = "Folk på vagt bliver kaldt om noget; hvem de er, bliver hos alerting."

    source_event_id: Annotated[SourceEventId, da("Den hændelse, der kaldes om.")]
    """What it is about, as its source names it: a call-in that comes twice, by event and by HTTP, is one."""

    template: Annotated[TemplateCode, da("Koden for kaldets tekst.")]
    """The code of its text."""

    urgency: Annotated[Urgency, da("Hvor meget det haster.")]
    """How fast somebody must be reached."""

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne, hvis vagter kaldes.")]
    """The authorities whose people on duty are called."""


class AlertAnswered(_Alert):
    """Somebody who was called has answered, or changed an answer; the last one counts."""

    in_danish: ClassVar[str] = "En, der er kaldt, har svaret eller ændret sit svar; det seneste gælder."

    call_id: Annotated[UUID, da("Den enkelte kaldtes id i dette kald.", personal=Personal.STAFF)]
    """The call of one person within the alert."""

    authority: Annotated[AuthorityId, da("Den kaldtes myndighed.")]
    """The authority of who was called."""

    office: Annotated[Office, da("Den kaldtes kontor.")]
    """The office of who was called."""

    role: Annotated[RoleCode | None, da("Hvad den kaldte er kaldt som.")] = None
    """What the person was called as: a role of the office's rosters."""

    source_event_id: Annotated[SourceEventId | None, da("Den hændelse, der kaldes om.")] = None
    """What the alert is about, as its source names it."""

    answer: Annotated[AnswerKind, da("Hvad der blev svaret.", personal=Personal.STAFF)]
    """What was answered."""

    eta_minutes: Annotated[int | None, Field(ge=0, le=1440), da("Om hvor mange minutter den kaldte er fremme.")] = None
    """In how many minutes whoever was called will be there, where that was said."""

    source: Annotated[AnswerSource, da("Ad hvilken vej svaret kom.")]
    """By which way it came."""

    number: Annotated[PositiveInt, da("Svarets nummer fra denne kaldte; det højeste gælder.")]
    """Counted from 1 for each person called; the highest counts."""


class OfficeUnreached(_Alert):
    """Every step of an office's escalation was taken and nobody answered; a person must act."""

    in_danish: ClassVar[str] = "Alle trin er prøvet, og ingen på kontoret har svaret; et menneske må handle."

    authority: Annotated[AuthorityId, da("Myndigheden, som ikke blev nået.")]
    """The authority that was not reached."""

    office: Annotated[Office, da("Kontoret, som ikke blev nået.")]
    """The office that was not reached."""

    called: Annotated[int, Field(ge=0), da("Hvor mange der blev kaldt.")]
    """How many were called."""


class DeliveryMissed(_Alert):
    """The watchdog found somebody who should have been reached and has no confirmed delivery."""

    in_danish: ClassVar[str] = "Vagthunden fandt en, der skulle være nået, men ikke har en bekræftet levering."

    call_id: Annotated[UUID, da("Den enkelte kaldtes id i dette kald.", personal=Personal.STAFF)]
    """The call of one person within the alert."""

    expected_by: Annotated[AwareDatetime, da("Hvornår det senest skulle være bekræftet.")]
    """When a confirmed delivery was due."""


class AlertClosed(_Alert):
    """An alert has ended: nobody is called any more."""

    in_danish: ClassVar[str] = "Et kald er afsluttet: ingen kaldes mere."

    outcome: Annotated[CloseReason, da("Hvordan det endte.")]
    """How it ended."""


class RosterChanged(Event):
    """Who is on duty, now or later, has changed; the new call list lies at alerting."""

    in_danish: ClassVar[str] = "Det er ændret, hvem der har vagt nu eller senere; en ny kaldeliste ligger hos alerting."
    aggregate: ClassVar[str] = "roster"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.GDPR_6_1_E
    purpose: ClassVar[Purpose] = Purpose.ALERTING
    about_a_person: ClassVar[bool] = False

    roster_id: Annotated[UUID, da("Vagtplanens id.")]
    """The roster's id, and the key of the record."""

    authority: Annotated[AuthorityId, da("Myndigheden, hvis vagtplan det er.")]
    """The authority whose roster it is."""

    office: Annotated[Office, da("Kontoret, hvis vagtplan det er.")]
    """The office whose roster it is."""

    role: Annotated[RoleCode | None, da("Rollen, som vagtplanen er for.")] = None
    """The role that the roster is for; earlier messages do not say it."""

    line: Annotated[PositiveInt | None, da("Linjen: 1 kaldes først, 2 er stedfortræderen.")] = None
    """The line: 1 is called first, 2 is the deputy; earlier messages do not say it."""

    ends_on: Annotated[date | None, da("Den dag, vagtplanen hører op, hvis den gør.")] = None
    """The day from which the roster holds no more, where it has an end."""
