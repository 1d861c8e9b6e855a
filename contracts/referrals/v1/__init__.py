"""What referrals tells, version 1: offers, consents, and referrals from the request to their end.

No event names a person: who somebody is, the sender and the receiver ask the service for, and only who may is answered.

It is longer than other files: an event of an offer, a consent, a referral or a course is read beside its siblings.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from contracts.alerting.v1 import AuthorityId
from contracts.codes import LegalBasis, Mailbox, Office, Purpose, mailbox_of
from contracts.event import Event, da
from contracts.referrals.v1 import groups as groups
from contracts.referrals.v1.common import ProgrammeCode as ProgrammeCode
from contracts.referrals.v1.common import ReasonCode
from contracts.referrals.v1.common import _OfPerson as _OfPerson
from contracts.referrals.v1.rules import OutreachDone as OutreachDone
from contracts.referrals.v1.rules import TableProposed as TableProposed
from contracts.referrals.v1.rules import TableRejected as TableRejected
from contracts.referrals.v1.rules import TableReleased as TableReleased

# --- offers ---------------------------------------------------------------------------------------------------------


class _Charge(_OfPerson):
    """What every event of a charge that calls for an offer says."""

    aggregate: ClassVar[str] = "charge"

    charge_id: Annotated[UUID, da("Sigtelsens id i Samvirke; intet sagsnummer.")]
    """The charge's own id, which no case file knows, and the key of the record."""
    sender: Annotated[AuthorityId, da("Politiet, som giver tilbuddet.")]
    """The police, which makes the offer."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of the police that makes the offer, if it has one."""
        return mailbox_of(self.sender, Office.RUSMIDDEL)


class OfferFallenDue(_Charge):
    """Somebody was charged with what calls for an offer: the person must be told of it."""

    in_danish: ClassVar[str] = "Nogen er sigtet for det, som udløser et tilbud; personen skal orienteres om det."

    inform_by: Annotated[AwareDatetime, da("Hvornår personen senest skal være orienteret.")]
    """By when the person must be told."""


class PersonInformed(_Charge):
    """The person was told of the offer."""

    in_danish: ClassVar[str] = "Personen er orienteret om tilbuddet."


# --- consents -------------------------------------------------------------------------------------------------------


class _Consent(_OfPerson):
    """What every event of a consent says."""

    aggregate: ClassVar[str] = "consent"

    consent_id: Annotated[UUID, da("Samtykkets id.")]
    """The consent's id, and the key of the record."""


class ConsentGiven(_Consent):
    """Somebody said yes; what rests on it may be sent."""

    in_danish: ClassVar[str] = "Nogen har sagt ja; det, der hviler på samtykket, må sendes."


class ConsentDeclined(_Consent):
    """Somebody said no: nothing leaves, and nothing about the person is kept."""

    in_danish: ClassVar[str] = "Nogen har sagt nej; intet sendes, og intet om personen gemmes."


class ConsentWithdrawn(_Consent):
    """Somebody has taken back a yes: every open referral that rests on it ends."""

    in_danish: ClassVar[str] = "Nogen har trukket sit samtykke tilbage; alt åbent, der hviler på det, slutter."


# --- referrals ------------------------------------------------------------------------------------------------------


class _Referral(_OfPerson):
    """What every event of a referral says; copies go to the offices of sender and receiver."""

    aggregate: ClassVar[str] = "referral"

    referral_id: Annotated[UUID, da("Henvisningens id.")]
    """The referral's id, and the key of the record."""
    sender: Annotated[AuthorityId, da("Myndigheden, der henviser.")]
    """The authority that refers."""
    sender_office: Annotated[Office | None, da("Kontoret, der henviser, hvis det er ét.")] = None
    """Its office, where it is one with a mailbox; none where it is sent by the authority as such."""
    receiver: Annotated[AuthorityId, da("Myndigheden, der henvises til.")]
    """The authority that is referred to."""
    receiver_office: Annotated[Office, da("Kontoret, der henvises til.")]
    """Its office."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the sender's and the receiver's office."""
        return self.of_sender() | mailbox_of(self.receiver, self.receiver_office)

    def of_sender(self) -> frozenset[Mailbox]:
        """Return the mailbox of the sender's office; as such, an authority has one of the receiving office's name."""
        return mailbox_of(self.sender, self.sender_office or self.receiver_office)


class _Ended(_Referral):
    """What a referral says that ended with a code."""

    code: Annotated[ReasonCode, da("Koden for grunden eller resultatet.")]
    """The code of the reason or the outcome."""


class ReferralRequested(_Referral):
    """Somebody is referred; the receiver has to confirm and to answer."""

    in_danish: ClassVar[str] = "Nogen er henvist; modtageren skal bekræfte modtagelsen og svare."

    answer_by: Annotated[AwareDatetime, da("Hvornår modtageren senest skal svare.")]
    """By when the receiver must answer."""


class _OfSender(_Referral):
    """What only the sender is told: nothing of it has left."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of the sender's office."""
        return self.of_sender()


class ReferralDrafted(_OfSender):
    """Somebody writes a referral; nobody else knows of it."""

    in_danish: ClassVar[str] = "Nogen skriver en henvisning; ingen anden kender den."


class ConsentsAsked(_OfSender):
    """Those on whose consent it rests are asked; nothing is sent before all have said yes."""

    in_danish: ClassVar[str] = "Der er spurgt om samtykke; intet sendes, før alle har sagt ja."

    answer_by: Annotated[AwareDatetime, da("Hvornår der senest skal være svaret.")]
    """By when they must have answered."""


class ConsentNoted(_OfSender):
    """One of several has said yes; others have not answered."""

    in_danish: ClassVar[str] = "En af flere har sagt ja; andre har ikke svaret."


class ReferralDropped(_OfSender):
    """It ended before it was sent: declined, cancelled, or nobody answered."""

    in_danish: ClassVar[str] = "Den sluttede, før den blev sendt: nægtet, annulleret eller ubesvaret."


class ReferralRerouted(_Referral):
    """The receiver has passed it on; it stays the receiver's until the new one has said yes."""

    in_danish: ClassVar[str] = "Modtageren har sendt den videre; den er modtagerens, til den nye har sagt ja."


class ReferralReturned(_Referral):
    """The new receiver did not take it: the one who passed it on has to answer again."""

    in_danish: ClassVar[str] = "Den nye modtager tog den ikke; den, der sendte den videre, skal svare igen."

    answer_by: Annotated[AwareDatetime, da("Hvornår der senest skal svares.")]
    """By when it must be answered."""


class ReferralSettled(_OfSender):
    """The sender's manager has said what became of what nobody answered."""

    in_danish: ClassVar[str] = "Afsenderens leder har taget stilling til det, ingen svarede på."


class ReferralEnteredInError(_Referral):
    """It was sent by mistake: it is hidden, and the receiver deletes what it has."""

    in_danish: ClassVar[str] = "Den er oprettet ved en fejl: den er skjult, og modtageren sletter, hvad den har."


class ReferralErased(_Referral):
    """Its time is up: it names nobody any more, and counts stay."""

    in_danish: ClassVar[str] = "Opbevaringen er slut: den nævner ikke nogen mere, og kun tal er tilbage."


class ReferralReceived(_Referral):
    """The receiver's system has it."""

    in_danish: ClassVar[str] = "Modtagerens system har henvisningen."


class ReferralAccepted(_Referral):
    """The receiver has said yes and is to contact the person."""

    in_danish: ClassVar[str] = "Modtageren har sagt ja og skal kontakte personen."

    contact_by: Annotated[AwareDatetime | None, da("Hvornår personen senest skal kontaktes.")] = None
    """By when the person is to be contacted."""


class ReferralRejected(_Ended):
    """The receiver has said no, for a reason."""

    in_danish: ClassVar[str] = "Modtageren har sagt nej med en grund."


class ContactMade(_Referral):
    """The receiver has spoken with the person for the first time."""

    in_danish: ClassVar[str] = "Modtageren har talt med personen for første gang."


class ReferralHeld(_Referral):
    """It rests until a day on which it is looked at again."""

    in_danish: ClassVar[str] = "Henvisningen er sat i bero til en dag, hvor der ses på den igen."


class ReferralResumed(_Referral):
    """It goes on after a rest."""

    in_danish: ClassVar[str] = "Henvisningen er genoptaget."


class ReferralCompleted(_Ended):
    """It has come to its end, with an outcome."""

    in_danish: ClassVar[str] = "Henvisningen er afsluttet med et resultat."


class ReferralFailed(_Ended):
    """It came to nothing, for a reason."""

    in_danish: ClassVar[str] = "Henvisningen blev ikke til noget; grunden er en kode."


class CancellationProposed(_Referral):
    """The sender asks to cancel what the receiver has accepted."""

    in_danish: ClassVar[str] = "Afsenderen beder om at annullere det, modtageren har accepteret."


class ReferralCancelled(_Referral):
    """The sender has cancelled it, after acceptance by agreement."""

    in_danish: ClassVar[str] = "Afsenderen har annulleret den, efter modtagerens ja i enighed."


class ReferralWithdrawn(_Referral):
    """A consent on which it rests is withdrawn; the receiver deletes what it has."""

    in_danish: ClassVar[str] = "Et samtykke, som den hviler på, er trukket tilbage; modtageren sletter, hvad den har."


class ReferralExpired(_Referral):
    """Nobody answered in time; the sender takes over."""

    in_danish: ClassVar[str] = "Ingen svarede inden fristen; afsenderen tager over."


class MinimisationConfirmed(_Referral):
    """The receiver has deleted what it had of a person who withdrew."""

    in_danish: ClassVar[str] = "Modtageren har slettet, hvad den havde om en person, der trak sig."


# --- outcomes -------------------------------------------------------------------------------------------------------


class ContactAttempted(_Referral):
    """The receiver has tried to reach the person, in vain."""

    in_danish: ClassVar[str] = "Modtageren har forsøgt at kontakte personen uden at få fat i vedkommende."


class ContactOverdue(_Referral):
    """Nobody has contacted the person in time; the receiver is reminded, and the sender knows."""

    in_danish: ClassVar[str] = "Personen er ikke kontaktet inden fristen; modtageren mindes om det."


class FollowUpOverdue(_Referral):
    """What the receiver was to do next is not done in time; what it was, is not told."""

    in_danish: ClassVar[str] = "Modtagerens næste skridt er ikke taget til tiden; hvilket skridt fortælles ikke."


class _Course(_Referral):
    """What a referral says of how it goes at the receiver: nothing of it flows back to the sender (O-6.8.1-04)."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of the receiver's office alone."""
        return mailbox_of(self.receiver, self.receiver_office)


class FirstConversationHeld(_Course):
    """The person has had a conversation with an adviser."""

    in_danish: ClassVar[str] = "Personen har haft en samtale med en rådgiver."


class FurtherConversationsHeld(_Course):
    """The person has said yes to more than the first conversation."""

    in_danish: ClassVar[str] = "Personen har sagt ja til mere end den første samtale."


class TreatmentAsked(_Course):
    """The person has asked for treatment; it starts within 14 days (L-28)."""

    in_danish: ClassVar[str] = "Personen har bedt om behandling; den begynder senest 14 dage efter."

    start_by: Annotated[AwareDatetime, da("Hvornår behandlingen senest skal være begyndt.")]
    """By when the treatment is to start."""


class TreatmentStarted(_Course):
    """The treatment has started."""

    in_danish: ClassVar[str] = "Behandlingen er begyndt."


class OfferInformOverdue(_Charge):
    """The person has not been told of the offer within 24 hours; it stands on the list."""

    in_danish: ClassVar[str] = "Personen er ikke orienteret om tilbuddet inden for 24 timer; det står på listen."


class _Statistics(Event):
    """What every event of figures says: a programme and a period, and nobody."""

    legal_basis: ClassVar[LegalBasis] = LegalBasis.GDPR_6_1_E
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION
    about_a_person: ClassVar[bool] = False

    programme: Annotated[ProgrammeCode, da("Ordningen.")]
    """The programme."""
    first_day: Annotated[date, da("Periodens første dag, dansk tid.")]
    """The first day of the period, in Danish time."""
    last_day: Annotated[date, da("Periodens sidste dag, dansk tid.")]
    """The last day of the period, in Danish time."""


class ReportPublished(_Statistics):
    """The figures of a period stand fast; they are read at the service."""

    in_danish: ClassVar[str] = "Tallene for en periode er lagt fast; de hentes hos tjenesten."
    aggregate: ClassVar[str] = "report"

    report_id: Annotated[UUID, da("Rapportens id.")]
    """The report's id, and the key of the record."""


class EvaluationExported(_Statistics):
    """Aggregated cells of at least five persons were taken out for Center for Rusmiddelforskning."""

    in_danish: ClassVar[str] = "Samlede tal, mindst fem personer i hver celle, er trukket ud til evalueringen."
    aggregate: ClassVar[str] = "evaluation"

    evaluation_id: Annotated[UUID, da("Udtrækkets id.")]
    """The export's id, and the key of the record."""
    cells: Annotated[int, da("Antal celler i udtrækket.")]
    """How many cells it holds."""
    left_out: Annotated[int, da("Antal celler, som er udeladt, fordi de kunne pege på nogen.")]
    """How many cells are left out because they could point at somebody."""


# --- courses --------------------------------------------------------------------------------------------------------

CourseCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A kind of course, a step or a state: `infohus`, `screened`, `under_way`."""

CourseParty = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.([a-z]*|\*)$", max_length=60)]
"""A party of a course, authority and office: `kommune-0657.boern`; a star where it is the authority as such."""


class _OfCourse(_OfPerson):
    """What every event of a course says; copies go to the offices of its parties."""

    aggregate: ClassVar[str] = "course"

    course_id: Annotated[UUID, da("Forløbets id.")]
    """The course's id, and the key of the record."""
    kind: Annotated[CourseCode, da("Forløbets art.")]
    """Which kind of course it is."""
    referral_id: Annotated[UUID | None, da("Henvisningen, som forløbet hører til, hvis det hører til en.")] = None
    """The referral that it belongs to; none where nobody is named."""
    parties: Annotated[tuple[CourseParty, ...], da("Parterne: myndighed og kontor.")]
    """Who sits at it."""
    state: Annotated[CourseCode, da("Hvor forløbet er.")]
    """The state that it is in then."""
    due: Annotated[AwareDatetime | None, da("Hvornår det næste skridt senest skal tages.")] = None
    """By when the next step must be taken; none at an end."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the parties' offices."""
        named = [party.partition(".")[::2] for party in self.parties]
        boxes = [mailbox_of(authority, Office(office)) for authority, office in named if office in set(Office)]
        return frozenset().union(*boxes)


class CourseOpened(_OfCourse):
    """A course has begun."""

    in_danish: ClassVar[str] = "Et forløb er begyndt."


class CourseStepTaken(_OfCourse):
    """Somebody has taken a step."""

    in_danish: ClassVar[str] = "Nogen har taget et skridt i et forløb."

    step: Annotated[CourseCode, da("Skridtet.")]
    """Which step it was."""
    code: Annotated[CourseCode | None, da("Koden, som blev valgt, hvis der var en.")] = None
    """The code that was chosen, where there was one."""


class CourseOverdue(_OfCourse):
    """Nobody took the next step in time: whoever owes it, and all the parties, see it."""

    in_danish: ClassVar[str] = "Ingen har taget det næste skridt inden fristen; alle parter ser det."


class CourseEnded(_OfCourse):
    """A course has come to its end."""

    in_danish: ClassVar[str] = "Et forløb er slut."

    code: Annotated[CourseCode | None, da("Koden for, hvorfor det sluttede, hvis der er en.")] = None
    """Why it ended, where a code says it."""
