"""The evaluation of an activation, and what it found."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.alerting.v1 import AuthorityId
from contracts.beredskabsstab.v1.activation import _Activation, _ToAll
from contracts.beredskabsstab.v1.common import _mailboxes
from contracts.codes import Mailbox
from contracts.event import da


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
