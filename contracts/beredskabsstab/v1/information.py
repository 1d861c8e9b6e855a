"""What the staff tells, inward and outward."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, PositiveInt

from contracts.alerting.v1 import AuthorityId
from contracts.beredskabsstab.v1.common import _mailboxes, _Preparedness
from contracts.codes import Mailbox
from contracts.event import da


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
