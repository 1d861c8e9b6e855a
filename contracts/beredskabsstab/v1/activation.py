"""The staff from its call-in to its end."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, PositiveInt

from contracts.alerting.v1 import AuthorityId, TemplateCode
from contracts.beredskabsstab.v1.common import Code, Place, Step, Words, _mailboxes, _Preparedness
from contracts.beredskabsstab.v1.incidents import Cause
from contracts.codes import Mailbox
from contracts.event import da


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
