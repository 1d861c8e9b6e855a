"""What the groups of a programme tell: that they are convened, meet and are late, and what they do for a case.

Codes, ids and times alone: what was said of anybody lies in persons, and a place is told by its kind.
"""

from collections.abc import Iterable
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from contracts.codes import LegalBasis, Mailbox, Office, Purpose, mailbox_of
from contracts.event import da
from contracts.referrals.v1.common import ReasonCode, _OfPerson

SeatName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z]*$", max_length=80)]
"""An authority and its office, which some have none of: `kommune-0657.psp`, `skoler-0657.`."""

PlaceCode = Annotated[str, StringConstraints(pattern=r"^(in_person|video|telephone)$")]
"""How a meeting is held."""


def _mailboxes(seats: Iterable[str]) -> frozenset[Mailbox]:
    """Return the mailboxes of those seats that have one."""
    parted = (seat.partition(".") for seat in seats)
    boxes = (mailbox_of(authority, Office(office)) for authority, _, office in parted if office)
    return frozenset().union(*boxes)


class _Group(_OfPerson):
    """What every event of a group says."""

    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_115
    purpose: ClassVar[Purpose] = Purpose.CRIME_PREVENTION
    about_a_person: ClassVar[bool] = False
    circles: ClassVar[tuple[str, ...]] = (Office.INFOHUS, Office.ALCAPONE)


# --- the group itself -----------------------------------------------------------------------------------------------


class _Forum(_Group):
    """What every event of a group as such says; its convener gets a copy."""

    aggregate: ClassVar[str] = "forum"

    forum_id: Annotated[UUID, da("Gruppens id.")]
    """The group's id, and the key of the record."""
    convener: Annotated[SeatName, da("Den, der indkalder.")]
    """Whoever convenes it."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the convener's mailbox."""
        return _mailboxes([self.convener])


class MeetingOverdue(_Forum):
    """The group has not met for longer than it may: the convener is reminded, each week again."""

    in_danish: ClassVar[str] = "Gruppen har ikke mødtes inden for fristen; den, der indkalder, bliver mindet om det."

    since: Annotated[AwareDatetime, da("Hvornår gruppen senest skulle have mødtes.")]
    """By when it should have met."""


class MeetingFrequencySet(_Forum):
    """Somebody decided how often the group meets at the least."""

    in_danish: ClassVar[str] = "Det er besluttet, hvor tit gruppen mindst mødes."

    interval_days: Annotated[int | None, da("Højst så mange dage mellem to møder; tomt: efter behov.")] = None
    """At most so many days between two meetings; none: as needed."""


class ConvenerNamed(_Forum):
    """Somebody has the role that convenes the group."""

    in_danish: ClassVar[str] = "Nogen har rollen, der indkalder gruppen."


class ConvenerVacated(_Forum):
    """Nobody has the role that convenes the group: until somebody has, it is not called together."""

    in_danish: ClassVar[str] = "Ingen har rollen, der indkalder gruppen; før nogen får den, bliver den ikke indkaldt."


# --- meetings -------------------------------------------------------------------------------------------------------


class _Meeting(_Group):
    """What every event of a meeting says."""

    aggregate: ClassVar[str] = "meeting"

    meeting_id: Annotated[UUID, da("Mødets id.")]
    """The meeting's id, and the key of the record."""
    forum_id: Annotated[UUID, da("Gruppens id.")]
    """The group's id."""


class MeetingConvened(_Meeting):
    """A group is called together; each participant is told on its own."""

    in_danish: ClassVar[str] = "En gruppe er indkaldt; hver deltager får sin egen indkaldelse."

    convener: Annotated[SeatName, da("Den, der indkalder.")]
    """Whoever convenes it."""
    starts_at: Annotated[AwareDatetime, da("Hvornår mødet begynder.")]
    """When it begins."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the convener's mailbox."""
        return _mailboxes([self.convener])


class ParticipantInvited(_Meeting):
    """One participant is invited to a meeting; who else is, it reads where it may."""

    in_danish: ClassVar[str] = "En deltager er indkaldt til et møde."

    invited: Annotated[SeatName, da("Den, der er indkaldt.")]
    """Who is invited."""
    starts_at: Annotated[AwareDatetime, da("Hvornår mødet begynder.")]
    """When it begins."""
    place: Annotated[PlaceCode, da("Mødets form.")]
    """How it is held."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of who is invited."""
        return _mailboxes([self.invited])


class _MeetingEnded(_Meeting):
    """What a meeting says that is over, or will not be."""

    told: Annotated[tuple[SeatName, ...], da("De deltagere, som alle må kende.")]
    """The participants that everybody may know of."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of these participants."""
        return _mailboxes(self.told)


class MeetingHeld(_MeetingEnded):
    """A meeting is over; its minutes and tasks can be read."""

    in_danish: ClassVar[str] = "Et møde er slut; referat og opgaver kan hentes."

    quorate: Annotated[bool, da("Om alle de sider, der skal være med, var der.")]
    """Whether all sides that must be there were."""


class MeetingCancelled(_MeetingEnded):
    """A meeting is called off."""

    in_danish: ClassVar[str] = "Et møde er aflyst."


# --- the cases of a group -------------------------------------------------------------------------------------------


class _GroupCase(_Group):
    """What every event of a case says; copies go to the case's own circle."""

    aggregate: ClassVar[str] = "group_case"
    about_a_person: ClassVar[bool] = True

    group_case_id: Annotated[UUID, da("Sagens id i gruppen.")]
    """The case's id in the group, and the key of the record."""
    referral_id: Annotated[UUID, da("Henvisningens id.")]
    """The referral's id."""
    seats: Annotated[tuple[SeatName, ...], da("Sagens egen kreds.")]
    """The case's own circle."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the case's circle."""
        return _mailboxes(self.seats)


class ContributionGiven(_GroupCase):
    """An authority has shared something with the circle, under its profession and with why that is necessary."""

    in_danish: ClassVar[str] = (
        "En myndighed har delt noget med kredsen, med sin faglighed og hvorfor det er nødvendigt."
    )

    contribution_id: Annotated[UUID, da("Bidragets id.")]
    """The contribution's id."""
    given_by: Annotated[SeatName, da("Hvem der bidrog.")]
    """Who gave it."""
    profession: Annotated[ReasonCode, da("Den faglighed, det er givet ud fra.")]
    """The profession out of which it is given."""


class SharingDeclined(_GroupCase):
    """An authority does not share in this case: an answer like any other, which needs no reason (§ 115, stk. 4)."""

    in_danish: ClassVar[str] = "En myndighed deler ikke i sagen. Det er et svar som andre og kræver ingen grund."

    answered_by: Annotated[SeatName, da("Hvem der svarede.")]
    """Who answered."""


class CaseDecided(_GroupCase):
    """A meeting has decided something in a case."""

    in_danish: ClassVar[str] = "Et møde har besluttet noget i en sag."

    meeting_id: Annotated[UUID, da("Mødets id.")]
    """The meeting's id."""
    decision_id: Annotated[UUID, da("Beslutningens id.")]
    """The decision's id."""
    code: Annotated[ReasonCode, da("Hvad der blev besluttet.")]
    """What was decided."""
    review_at: Annotated[AwareDatetime | None, da("Hvornår sagen ses igen.")] = None
    """When the case is looked at again."""


class _Task(_GroupCase):
    """What every event of a task says."""

    task_id: Annotated[UUID, da("Opgavens id.")]
    """The task's id."""
    owner: Annotated[SeatName, da("Hvem der har opgaven.")]
    """Who has it."""


class GroupTaskGiven(_Task):
    """An authority has a task, from a meeting that is over."""

    in_danish: ClassVar[str] = "En myndighed har fået en opgave på et møde."

    code: Annotated[ReasonCode, da("Hvilken slags opgave det er.")]
    """What sort of task it is."""
    due_at: Annotated[AwareDatetime, da("Hvornår den skal være løst.")]
    """When it is to be done."""


class GroupTaskDone(_Task):
    """A task is done."""

    in_danish: ClassVar[str] = "En opgave er løst."


class GroupTaskOverdue(_Task):
    """A task is not done in time: its owner is reminded, each week again."""

    in_danish: ClassVar[str] = "En opgave er ikke løst til tiden; den, der har den, bliver mindet om det."

    due_at: Annotated[AwareDatetime, da("Hvornår den skulle være løst.")]
    """When it was to be done."""


class UpdatePosted(_GroupCase):
    """A member has told the others something between two meetings."""

    in_danish: ClassVar[str] = "Et medlem har fortalt de andre noget mellem to møder."

    update_id: Annotated[UUID, da("Beskedens id.")]
    """The update's id."""
    posted_by: Annotated[SeatName, da("Hvem der skrev.")]
    """Who wrote it."""


class _Question(_GroupCase):
    """What every event of a question says."""

    question_id: Annotated[UUID, da("Spørgsmålets id.")]
    """The question's id."""
    asked_by: Annotated[SeatName, da("Hvem der spørger.")]
    """Who asks."""
    asked: Annotated[SeatName, da("Hvem der er spurgt.")]
    """Who is asked."""


class QuestionAsked(_Question):
    """A member asks another one."""

    in_danish: ClassVar[str] = "Et medlem spørger et andet."

    answer_by: Annotated[AwareDatetime, da("Hvornår der ønskes svar.")]
    """By when an answer is hoped for."""


class QuestionAnswered(_Question):
    """A member has answered another one."""

    in_danish: ClassVar[str] = "Et medlem har svaret et andet."


class CaseEscalated(_GroupCase):
    """An operativgruppe asks the district's group about what it cannot lift."""

    in_danish: ClassVar[str] = "En operativgruppe spørger distriktets gruppe om det, den ikke selv kan løfte."

    escalation_id: Annotated[UUID, da("Eskaleringens id.")]
    """The escalation's id."""
    to_referral_id: Annotated[UUID, da("Henvisningen til distriktets gruppe.")]
    """The referral to the district's group."""


class EscalationAnswered(_GroupCase):
    """The district's group has answered; the operativgruppe goes on."""

    in_danish: ClassVar[str] = "Distriktets gruppe har svaret; operativgruppen arbejder videre."

    escalation_id: Annotated[UUID, da("Eskaleringens id.")]
    """The escalation's id."""
    code: Annotated[ReasonCode, da("Hvad der blev besluttet.")]
    """What was decided."""


class _Actor(_GroupCase):
    """What every event of an actor says; the actor is told too."""

    actor_id: Annotated[UUID, da("Inddragelsens id.")]
    """The id of its being drawn in."""
    actor: Annotated[SeatName, da("Den aktør, der er inddraget.")]
    """Who is drawn in."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the circle and of the actor."""
        return _mailboxes([*self.seats, self.actor])


class ActorInvited(_Actor):
    """Another actor is drawn into a case, for a time."""

    in_danish: ClassVar[str] = "En anden aktør er inddraget i en sag for en tid."

    until: Annotated[AwareDatetime, da("Hvornår adgangen slutter.")]
    """When its access ends."""


class ActorRemoved(_Actor):
    """An actor is no longer part of a case."""

    in_danish: ClassVar[str] = "En aktør er ikke længere med i en sag."

    code: Annotated[ReasonCode, da("Hvorfor: tid, samtykke eller beslutning.")]
    """Why: time, consent or decision."""
