"""The resource board over all authorities."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import PositiveInt

from contracts.alerting.v1 import AuthorityId
from contracts.beredskabsstab.v1.common import Code, _mailboxes, _Preparedness
from contracts.codes import Mailbox
from contracts.event import da


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
