"""What every event of councils says."""

from collections.abc import Iterable
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.alerting.v1 import AuthorityId
from contracts.codes import Kommunekode, LegalBasis, Mailbox, Office, Purpose, mailbox_of, municipality_authority
from contracts.event import Event, da

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A checksum in lower-case hexadecimal."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z0-9])*$", max_length=40)]
"""A code of one of the councils' lists, never words."""

Year = Annotated[int, Field(ge=2000, le=2999)]
"""A calendar year."""

Paragraph = Annotated[str, StringConstraints(pattern=r"^\d(\.\d)?$")]
"""A section of the plan: `4.1`."""


def council_offices(municipalities: Iterable[Kommunekode]) -> frozenset[Mailbox]:
    """Return the mailboxes of the council offices of these municipalities."""
    found = (mailbox_of(municipality_authority(code), Office.RAAD) for code in municipalities)
    return frozenset().union(*found)


class _OfCouncils(Event):
    """What every event of the councils' own work says: nothing of it is about a citizen."""

    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113
    purpose: ClassVar[Purpose] = Purpose.COUNCIL_WORK
    about_a_person: ClassVar[bool] = False


class _OfBody(_OfCouncils):
    """What every event of one council's work says: which council, and the municipalities that it is for."""

    body_id: Annotated[UUID, da("Rådets id: kredsrådets eller lokalrådets.")]
    """The council: the kredsraad's or the lokalraad's id."""
    parties: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der sidder i rådet.")]
    """The authorities that sit on it; their council offices get a copy."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the council offices of its parties."""
        return frozenset().union(*(mailbox_of(party, Office.RAAD) for party in self.parties))
