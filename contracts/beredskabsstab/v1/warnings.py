"""Warnings of other authorities that came in."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.beredskabsstab.v1.common import _mailboxes, _Preparedness
from contracts.codes import Kommunekode, Mailbox
from contracts.event import da


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
