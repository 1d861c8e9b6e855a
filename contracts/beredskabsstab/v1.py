"""What beredskabsstab tells, version 1: the framework plan, incidents, and the staff from its call-in to its end."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveInt, StringConstraints

from contracts.alerting.v1 import AuthorityId, TemplateCode
from contracts.codes import Kommunekode, LegalBasis, Mailbox, Office, Purpose, mailbox_of
from contracts.event import Event, da

Code = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z])*$", max_length=40)]
"""A code of the framework plan: a role, a facility, a policy of escalation.

Written so that a generator of examples finds short ones: of `[a-z]+(_[a-z]+)*`, the same, most that it tries are too
long, and it gives up on a whole plan.
"""

Words = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A few words about an incident or a place, as an SMS has room for them; never about a person."""


class Step(StrEnum):
    """How ready the staff is (plan §5.3; ledger 3.4), from the lowest to the highest."""

    DAILY = "daily"
    """Those on duty, and nobody else."""
    INFORMATIONSBEREDSKAB = "informationsberedskab"
    """Members are informed and follow what happens; nobody meets."""
    STABSBEREDSKAB = "stabsberedskab"
    """The standing members meet."""
    OPERATIONSBEREDSKAB = "operationsberedskab"
    """The whole staff, and whoever else is needed, without pause."""

    @property
    def height(self) -> int:
        """Return 0 for the lowest, 3 for the highest."""
        return list(Step).index(self)


class Cause(StrEnum):
    """What the staff is activated for (plan §5.3, lines 421 to 423)."""

    HAENDELSE_VARSLET = "haendelse_varslet"
    HAENDELSE_UVARSLET = "haendelse_uvarslet"
    BEGIVENHED_VARSLET = "begivenhed_varslet"
    BEGIVENHED_UVARSLET = "begivenhed_uvarslet"
    STOR_ULYKKE = "stor_ulykke"
    KATASTROFE = "katastrofe"


class CallKind(StrEnum):
    """Why people are called."""

    STEP = "step"
    """The step asks for their role."""
    READINESS = "readiness"
    """A poll of who could come, before anything has happened."""
    CORRECTION = "correction"
    """What they were told before was wrong."""
    STAND_DOWN = "stand_down"
    """The staff has ended."""
    APPROVAL = "approval"
    """A warning to the population waits for somebody to approve it."""


class StandDown(StrEnum):
    """How an activation ended."""

    STOOD_DOWN = "stood_down"
    """The incident is over."""
    CANCELLED = "cancelled"
    """It was called in by mistake, or for what did not come."""
    HANDED_OVER = "handed_over"
    """Another staff, or the national one, has taken over."""


class WarningKind(StrEnum):
    """What a warning is to those before it, in the words of CAP 1.2."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Severity(StrEnum):
    """How bad it is, the worst first, in the words of CAP 1.2."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Place(BaseModel):
    """People on duty as something, at an authority's office."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    authority: Annotated[AuthorityId, da("Myndigheden.")]
    """The authority."""
    office: Annotated[Office, da("Kontoret.")]
    """The office."""
    role: Annotated[Code, da("Rollen i staben, efter rammeplanen.")]
    """The role in the staff, by the framework plan."""


class _Preparedness(Event):
    """What every event of beredskabsstab says."""

    legal_basis: ClassVar[LegalBasis] = LegalBasis.GDPR_6_1_E
    purpose: ClassVar[Purpose] = Purpose.PREPAREDNESS
    about_a_person: ClassVar[bool] = False


class FrameworkPlanSigned(_Preparedness):
    """A framework plan (rammeplan) is in force, and the one before it is not (plan §5.3)."""

    in_danish: ClassVar[str] = "En rammeplan er sat i kraft; den forrige gælder ikke mere."
    aggregate: ClassVar[str] = "framework_plan"

    framework_plan_id: Annotated[UUID, da("Rammeplanens id.")]
    """The plan's id, and the key of the record."""
    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""
    valid_until: Annotated[AwareDatetime, da("Hvornår den senest skal være underskrevet på ny.")]
    """By when it must be signed again."""


class IncidentRecorded(_Preparedness):
    """An incident has been recorded, warned or unwarned."""

    in_danish: ClassVar[str] = "En hændelse er registreret, varslet eller uvarslet."
    aggregate: ClassVar[str] = "incident"

    incident_id: Annotated[UUID, da("Hændelsens id.")]
    """The incident's id, and the key of the record."""
    cause: Annotated[Cause, da("Hvad det er for en hændelse.")]
    """What sort of incident it is."""
    municipalities: Annotated[tuple[Kommunekode, ...], da("De kommuner, den berører.")]
    """The municipalities that it touches."""


class ActivationRequested(_Preparedness):
    """An authority asks that the staff be activated; the police decide (plan §5.3, line 428)."""

    in_danish: ClassVar[str] = "En myndighed beder om, at staben aktiveres; politiet afgør det."
    aggregate: ClassVar[str] = "incident"

    incident_id: Annotated[UUID, da("Hændelsens id.")]
    """The incident's id, and the key of the record."""
    request_id: Annotated[UUID, da("Anmodningens id.")]
    """The request's id."""
    authority: Annotated[AuthorityId, da("Myndigheden, der beder om det.")]
    """The authority that asks."""
    step: Annotated[Step, da("Det trin, der bedes om.")]
    """The step that is asked for."""
    by_telephone: Annotated[bool, da("Om vagtcentralen har indtastet den for den, der ringede.")]
    """Whether the desk entered it for whoever called."""


class _Activation(_Preparedness):
    """What every event of an activation says."""

    aggregate: ClassVar[str] = "activation"

    activation_id: Annotated[UUID, da("Aktiveringens id.")]
    """The activation's id, and the key of the record."""


class _ToAll(_Activation):
    """What every authority of the staff is told in its mailbox."""

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne i staben.")]
    """The authorities of the staff."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of each authority that has one."""
        return _mailboxes(self.authorities)


def _mailboxes(authorities: Iterable[str]) -> frozenset[Mailbox]:
    return frozenset().union(*(mailbox_of(one, Office.BEREDSKAB) for one in authorities))


class StaffActivated(_ToAll):
    """The police have activated the staff (plan §5.3)."""

    in_danish: ClassVar[str] = "Politiet har aktiveret beredskabsstaben."

    incident_id: Annotated[UUID, da("Hændelsens id.")]
    """The incident's id."""
    cause: Annotated[Cause, da("Hvad der er årsagen.")]
    """What the staff is activated for."""
    step: Annotated[Step, da("Trinnet.")]
    """The step."""
    framework_plan_id: Annotated[UUID | None, da("Den rammeplan, der gælder for aktiveringen.")] = None
    """The framework plan that holds for the activation; none where none was in force."""
    emergency_override: Annotated[bool, da("Om den er aktiveret uden en gældende rammeplan.")] = False
    """Whether it was activated without a framework plan in force."""


class StepChanged(_ToAll):
    """The staff is at another step; up calls who is new there, down calls nobody (plan §5.3, line 438)."""

    in_danish: ClassVar[str] = "Staben er på et andet trin; op kalder de nye, ned kalder ingen og siger det til alle."

    before: Annotated[Step, da("Trinnet før.")]
    """The step before."""
    step: Annotated[Step, da("Trinnet nu.")]
    """The step now."""


class StaffCalled(_Activation):
    """People in roles of the staff are to be called; alerting calls them once, however it hears of it."""

    in_danish: ClassVar[str] = "Folk i stabens roller skal kaldes; alerting kalder dem, én gang."

    call_in_id: Annotated[UUID, da("Indkaldelsens id.")]
    """The call-in's id: the source event of the alert."""
    kind: Annotated[CallKind, da("Hvorfor der kaldes.")]
    """Whether a step asks for them, or something else."""
    raised_by: Annotated[AuthorityId, da("Myndigheden, der kalder.")]
    """The authority that calls."""
    template: Annotated[TemplateCode, da("Koden for teksten.")]
    """The code of the text."""
    policy: Annotated[Code, da("Hvordan der eskaleres.")]
    """How it escalates."""
    fields: Annotated[dict[str, Words], Field(max_length=10), da("Tekstens felter: hvad, hvor, hvornår.")]
    """The fields of the text: what, where, when."""
    places: Annotated[tuple[Place, ...], da("Hvem der kaldes, som roller.")]
    """Who is called, as roles."""


class CallInEnded(_Activation):
    """Nobody is called any more for a call-in, nor waited for."""

    in_danish: ClassVar[str] = "En indkaldelse er slut: ingen kaldes mere, og ingen ventes på."

    call_in_id: Annotated[UUID, da("Indkaldelsens id.")]
    """The call-in's id."""


class QuorumReached(_Activation):
    """Enough have answered that they come, for the step, by the plan's rule; it informs and blocks nothing."""

    in_danish: ClassVar[str] = "Nok har svaret, at de kommer, efter rammeplanens regel."

    step: Annotated[Step, da("Trinnet, som reglen gælder for.")]
    """The step that the rule is for."""
    seconds: Annotated[int, Field(ge=0), da("Sekunder siden trinnet begyndte.")]
    """Seconds since the step began."""


class QuorumLost(_Activation):
    """There were enough, and now there are not: an answer was taken back or has run out."""

    in_danish: ClassVar[str] = "Der var nok, og nu er der ikke: et svar er taget tilbage eller udløbet."

    step: Annotated[Step, da("Trinnet, som reglen gælder for.")]
    """The step that the rule is for."""
    missing: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der mangler.")]
    """The authorities that lack somebody."""


class FacilityReserved(_Activation):
    """A room for the staff is reserved; the police provide it (plan §5.3, line 427)."""

    in_danish: ClassVar[str] = "Politiet har reserveret et stabslokale."

    facility: Annotated[Code, da("Koden for lokalet i rammeplanen.")]
    """The facility's code in the framework plan."""
    alternative: Annotated[bool, da("Om det er det alternative, fordi det første ikke var klar.")]
    """Whether it is the alternative one, because the primary was not ready."""


class StaffStoodDown(_ToAll):
    """The staff has ended; its evaluation has an owner."""

    in_danish: ClassVar[str] = "Staben er afsluttet; evalueringen har en ejer."

    outcome: Annotated[StandDown, da("Hvordan den endte.")]
    """How it ended."""


class PictureApproved(_ToAll):
    """The chair has approved the situation picture as a version that never changes."""

    in_danish: ClassVar[str] = "Stabslederen har godkendt situationsbilledet som en version, der ikke ændres mere."

    number: Annotated[PositiveInt, da("Versionens nummer.")]
    """The version's number."""


class _Task(_Preparedness):
    """What every event of a task says."""

    aggregate: ClassVar[str] = "task"

    task_id: Annotated[UUID, da("Opgavens id.")]
    """The task's id, and the key of the record."""
    activation_id: Annotated[UUID, da("Aktiveringens id.")]
    """The activation's id."""
    authority: Annotated[AuthorityId, da("Myndigheden, der er spurgt.")]
    """The authority that is asked."""
    sector: Annotated[Code, da("Sektoren, som opgaven hører til.")]
    """The sector that the task belongs to; only its own authority answers."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of the authority that is asked."""
        return _mailboxes((self.authority,))


class TaskProposed(_Task):
    """The staff asks an authority to do something within its own sector; it may say no (plan §5.3, line 432)."""

    in_danish: ClassVar[str] = "Staben spørger en myndighed om en opgave i dens egen sektor; den må sige nej."

    due_at: Annotated[AwareDatetime | None, da("Hvornår den bør være løst, hvis der er en frist.")] = None
    """By when it should be done, where there is such a time."""


class TaskAccepted(_Task):
    """The sector's own authority has accepted a task."""

    in_danish: ClassVar[str] = "Sektorens egen myndighed har taget opgaven."


class TaskDeclined(_Task):
    """The sector's own authority has declined a task; it is back with the chair."""

    in_danish: ClassVar[str] = "Sektorens egen myndighed har afslået opgaven; den er tilbage hos stabslederen."


class TaskDone(_Task):
    """The sector's own authority has completed a task."""

    in_danish: ClassVar[str] = "Sektorens egen myndighed har løst opgaven."


class TaskWithdrawn(_Task):
    """The staff asks for it no more: taken back by the chair, or handed over when the staff ended."""

    in_danish: ClassVar[str] = "Staben beder ikke længere om opgaven: trukket tilbage, eller afleveret da staben endte."

    handed_over: Annotated[bool, da("Om den blev afleveret, da staben endte.")] = False
    """Whether it was handed over when the staff ended."""


class _Resource(_Preparedness):
    """What every event of the resource board says.

    The key is the id of a line of the board: what competes for one offer stands in one order.
    """

    aggregate: ClassVar[str] = "resource"

    resource_id: Annotated[UUID, da("Id for linjen på ressourcetavlen: tilbuddet eller anmodningen.")]
    """The id of the offer or the request, and the key of the record."""
    activation_id: Annotated[UUID, da("Aktiveringens id.")]
    """The activation's id."""
    authority: Annotated[AuthorityId, da("Myndigheden, det gælder.")]
    """The authority: that offers or asks; of an allocation, that gets."""


class _Line(_Resource):
    kind: Annotated[Code, da("Slagsen, som en kode.")]
    """The kind, as a code."""
    amount: Annotated[PositiveInt, da("Hvor mange.")]
    """How many."""


class ResourceOffered(_Line):
    """An authority offers resources to the whole staff (plan §5.3, lines 428 to 432)."""

    in_danish: ClassVar[str] = "En myndighed tilbyder ressourcer til hele staben."


class ResourceRequested(_Line):
    """An authority asks the staff for resources."""

    in_danish: ClassVar[str] = "En myndighed beder staben om ressourcer."


class _Allocation(_Line):
    allocation_id: Annotated[UUID, da("Tildelingens id.")]
    """The allocation's id."""
    request_id: Annotated[UUID, da("Anmodningens id.")]
    """The request's id."""
    offered_by: Annotated[AuthorityId, da("Myndigheden, der tilbyder.")]
    """The authority that offers."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes for preparedness of who gives and who gets."""
        return _mailboxes((self.authority, self.offered_by))


class ResourceAllocated(_Allocation):
    """The chair has allocated a part of an offer to a request; nothing is ever allocated twice."""

    in_danish: ClassVar[str] = "Stabslederen har tildelt en del af et tilbud til en anmodning; intet tildeles to gange."


class ResourceReleased(_Allocation):
    """An allocation has been let go, or a part of it; what it held is free again."""

    in_danish: ClassVar[str] = "En tildeling er frigivet, helt eller delvist; ressourcen er ledig igen."


class ResourceWantedBack(_Resource):
    """An authority wants back what others have; the chair lets it go, and nobody gets more of it."""

    in_danish: ClassVar[str] = "En myndighed vil have sin ressource tilbage; stabslederen frigiver den."


class ResourceWithdrawn(_Resource):
    """An offer or a request holds no more."""

    in_danish: ClassVar[str] = "Et tilbud eller en anmodning gælder ikke længere."


# -- warnings ----------------------------------------------------------------------------------------------------------


class WarningReceived(_Preparedness):
    """A warning of another authority has come in; an update or a cancellation ends those that it refers to."""

    in_danish: ClassVar[str] = "Et varsel fra en anden myndighed er modtaget, opdateret eller annulleret."
    aggregate: ClassVar[str] = "warning"

    warning_id: Annotated[UUID, da("Varslets id.")]
    """The warning's id, and the key of the record."""
    incident_id: Annotated[UUID | None, da("Hændelsen, det er et varsel om.")] = None
    """The incident that it warns of; none where it cancels what we never heard of."""
    msg_type: Annotated[WarningKind, da("Om det er nyt, en opdatering eller en annullering.")]
    """Whether it is new, an update or a cancellation."""
    severity: Annotated[Severity, da("Hvor alvorligt det er.")]
    """How bad it is."""
    onset: Annotated[AwareDatetime | None, da("Hvornår det begynder.")] = None
    """When it begins."""
    expires: Annotated[AwareDatetime | None, da("Hvornår varslet udløber.")] = None
    """When the warning runs out."""
    municipalities: Annotated[tuple[Kommunekode, ...], da("De kommuner, der varsles om.")]
    """The municipalities that it is about."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of each municipality that is warned and has one."""
        return _mailboxes(f"kommune-{code}" for code in self.municipalities)


class FrameworkPlanExpired(_Preparedness):
    """The signature of the framework plan has run out: none is in force, and it must be signed again."""

    in_danish: ClassVar[str] = "Rammeplanens underskrift er udløbet; ingen rammeplan er i kraft."
    aggregate: ClassVar[str] = "framework_plan"

    framework_plan_id: Annotated[UUID, da("Rammeplanens id.")]
    """The plan's id, and the key of the record."""
    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""


# -- relief and evaluation ---------------------------------------------------------------------------------------------


class ReliefMissing(_Activation):
    """A shift of the staff ends soon, and nobody is planned to take over."""

    in_danish: ClassVar[str] = "En vagt i staben slutter snart, og ingen er sat til at afløse."

    authority: Annotated[AuthorityId, da("Myndigheden, der skal sætte en afløser.")]
    """The authority that is to plan the relief."""
    role: Annotated[Code, da("Rollen i staben.")]
    """The role in the staff."""
    ends_at: Annotated[AwareDatetime, da("Hvornår vagten slutter.")]
    """When the shift ends."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of the authority."""
        return _mailboxes((self.authority,))


class _Finding(_Activation):
    """What every event of a finding says."""

    finding_id: Annotated[UUID, da("Læringspunktets id.")]
    """The finding's id."""
    owner: Annotated[AuthorityId | None, da("Myndigheden, der følger op.")] = None
    """The authority that follows it up."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of the owner."""
        return _mailboxes((self.owner,) if self.owner else ())


class FindingRecorded(_Finding):
    """An evaluation has found something to learn from, or that has a new owner or time."""

    in_danish: ClassVar[str] = "Evalueringen har fundet noget at lære af, eller det har fået ny ejer eller frist."

    due_at: Annotated[AwareDatetime | None, da("Hvornår der skal være fulgt op.")] = None
    """By when it is to be followed up."""


class FindingResolved(_Finding):
    """What an evaluation found is followed up."""

    in_danish: ClassVar[str] = "Der er fulgt op på noget, evalueringen fandt."


class FindingOverdue(_Finding):
    """What an evaluation found should have been followed up by now."""

    in_danish: ClassVar[str] = "Der skulle være fulgt op på noget, evalueringen fandt."


class EvaluationOverdue(_Activation):
    """The evaluation of the staff should have been concluded by now."""

    in_danish: ClassVar[str] = "Stabens evaluering skulle have været afsluttet nu."

    owner: Annotated[AuthorityId, da("Myndigheden, der skal afslutte den.")]
    """The authority that is to conclude it."""
    desk: Annotated[AuthorityId, da("Politiets vagtcentral, som minder stabens leder om den.")]
    """The police's desk, which reminds the chair: it has the police's mailbox for preparedness."""
    due_at: Annotated[AwareDatetime, da("Hvornår den skulle have været afsluttet.")]
    """By when it should have been concluded."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes for preparedness of the owner and of the desk."""
        return _mailboxes((self.owner, self.desk))


class EvaluationConcluded(_ToAll):
    """The evaluation of the staff is concluded; what it found is followed to the end."""

    in_danish: ClassVar[str] = "Stabens evaluering er afsluttet; det, den fandt, følges til dørs."

    findings: Annotated[int, Field(ge=0), da("Hvor meget den fandt.")]
    """How much it found."""


# -- the planning forum ------------------------------------------------------------------------------------------------


class _Planning(_Preparedness):
    """What every event of the planning forum says."""

    aggregate: ClassVar[str] = "planning"

    planning_id: Annotated[UUID, da("Id for mødet, øvelsen eller læringen.")]
    """The id of the meeting, the exercise or the lesson, and the key of the record."""


class PlanningMeetingHeld(_Planning):
    """The staff has met to plan; nobody was called in (plan §5.3, line 425)."""

    in_danish: ClassVar[str] = "Staben har holdt et planlægningsmøde; ingen er kaldt ind."

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der deltog.")]
    """The authorities that took part."""


class ExerciseHeld(_Planning):
    """The staff has held an exercise."""

    in_danish: ClassVar[str] = "Staben har holdt en øvelse."

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der deltog.")]
    """The authorities that took part."""


class _Lesson(_Planning):
    """What every event of a lesson says."""

    owner: Annotated[AuthorityId, da("Myndigheden, der følger op.")]
    """The authority that follows it up."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of the owner."""
        return _mailboxes((self.owner,))


class LessonRecorded(_Lesson):
    """A meeting or an exercise has taught something; it has an owner and a time."""

    in_danish: ClassVar[str] = "Et møde eller en øvelse har givet en læring med ejer og frist."

    due_at: Annotated[AwareDatetime, da("Hvornår der skal være fulgt op.")]
    """By when it is to be followed up."""


class LessonResolved(_Lesson):
    """A lesson is followed up."""

    in_danish: ClassVar[str] = "Der er fulgt op på en læring."


class LessonOverdue(_Lesson):
    """A lesson should have been followed up by now."""

    in_danish: ClassVar[str] = "Der skulle være fulgt op på en læring."


# -- what the staff tells, inward and outward --------------------------------------------------------------------------


class InformationForm(StrEnum):
    """As what a message is sent."""

    INFORMATION = "information"
    """Ordinary information, also for the press."""
    WARNING = "warning"
    """A public warning, published as CAP; Samvirke triggers no siren."""


class InformationAudience(StrEnum):
    """Who is told."""

    INTERNAL = "internal"
    AUTHORITIES = "authorities"
    PRESS = "press"
    POPULATION = "population"


class InformationCorrection(StrEnum):
    """What a message does to the one that it refers to."""

    UPDATE = "update"
    CANCEL = "cancel"


class _Information(_Preparedness):
    """What every event of a message says; its words are fetched where they are wanted."""

    aggregate: ClassVar[str] = "information"

    information_id: Annotated[UUID, da("Meddelelsens id.")]
    """The message's id, and the key of the record."""
    activation_id: Annotated[UUID, da("Aktiveringens id.")]
    """The activation's id."""
    number: Annotated[PositiveInt, da("Nummeret i aktiveringens ene række af meddelelser.")]
    """Its number on the activation's one line of messages."""


class _InformationToAll(_Information):
    """What every authority of the staff is told in its mailbox."""

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne i staben.")]
    """The authorities of the staff."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of each authority that has one."""
        return _mailboxes(self.authorities)


class InformationDrafted(_Information):
    """A message has been written, or written differently (plan §5.3, line 442)."""

    in_danish: ClassVar[str] = "En meddelelse er skrevet eller skrevet om; intet er sendt."

    form: Annotated[InformationForm, da("Om det er information eller et varsel.")]
    """As what it is sent."""
    audiences: Annotated[tuple[InformationAudience, ...], da("Hvem den er til.")]
    """Who is told."""
    authority: Annotated[AuthorityId, da("Myndigheden, der skriver.")]
    """The authority that writes."""
    corrects: Annotated[PositiveInt | None, da("Nummeret på den meddelelse, den retter.")] = None
    """The number of the message that it corrects."""


class InformationClearanceAsked(_Information):
    """A message waits for the authorities whose sectors it touches (sektoransvar)."""

    in_danish: ClassVar[str] = "En meddelelse venter på de berørte myndigheders klarering."

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der skal klarere.")]
    """The authorities that are asked."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of each authority that is asked."""
        return _mailboxes(self.authorities)


class InformationCleared(_Information):
    """The affected sectors have cleared a message, or the chair goes on without them; it waits for its approver."""

    in_danish: ClassVar[str] = "En meddelelse er klareret og venter på godkendelse."

    overridden: Annotated[bool, da("Om stabens leder er gået videre uden en berørt myndighed.")]
    """Whether the chair has gone on without an affected authority, with a reason."""


class InformationReleased(_InformationToAll):
    """A message was approved and sent; the population is not warned by that."""

    in_danish: ClassVar[str] = "En meddelelse er godkendt og sendt; befolkningen er ikke varslet dermed."

    form: Annotated[InformationForm, da("Om det er information eller et varsel.")]
    """As what it is sent."""
    audiences: Annotated[tuple[InformationAudience, ...], da("Hvem den er til.")]
    """Who is told."""
    alone: Annotated[bool, da("Om stabens leder har sendt den alene, fordi ingen godkender svarede.")]
    """Whether the chair sent it alone, because no approver answered; somebody else reviews that."""


class InformationCorrected(_InformationToAll):
    """A later message has taken the place of one, or cancelled it."""

    in_danish: ClassVar[str] = "En udsendt meddelelse er opdateret eller annulleret af en senere."

    correction: Annotated[InformationCorrection, da("Om den er opdateret eller annulleret.")]
    """Whether it was updated or cancelled."""
    by_number: Annotated[PositiveInt, da("Nummeret på den senere meddelelse.")]
    """The later message's number."""


class InformationExpired(_Information):
    """A warning is over: its end has passed."""

    in_danish: ClassVar[str] = "Et varsel er udløbet."


class PopulationWarned(_InformationToAll):
    """An officer has recorded that the population was warned by a channel outside of Samvirke."""

    in_danish: ClassVar[str] = "En vagthavende har registreret, at befolkningen er varslet uden for Samvirke."

    warned_at: Annotated[AwareDatetime, da("Hvornår der blev varslet.")]
    """When it was warned."""


class WarningCheckDue(_Information):
    """Somebody is to ask in the area whether the warning was in fact received."""

    in_danish: ClassVar[str] = "Nogen skal spørge i området, om varslingen blev modtaget."


class WarningReceiptChecked(_Information):
    """Somebody has asked in the area whether the warning was received."""

    in_danish: ClassVar[str] = "Det er undersøgt i området, om varslingen blev modtaget."

    received: Annotated[bool, da("Om den blev modtaget.")]
    """Whether it was received."""
