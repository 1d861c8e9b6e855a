"""What the councils tell of who sits on them: by office and date, never by anybody's name."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import PositiveInt

from contracts.alerting.v1 import AuthorityId
from contracts.councils.v1.common import _OfBody
from contracts.event import da


class SeatKind(StrEnum):
    """By what somebody sits on a council."""

    POLITIDIREKTOER = "politidirektoer"
    """Chairs the kredsraad by office."""
    BORGMESTER = "borgmester"
    """Sits on the kredsraad by office."""
    DEPUTY = "deputy"
    """Stands in for a mayor."""
    MEMBER = "member"
    """Sits on a lokalraad."""


class Vacated(StrEnum):
    """Why there is no vice chair any longer."""

    TERM_ENDED = "term_ended"
    REPLACED = "replaced"


class _Body(_OfBody):
    """What every event of a council as such says."""

    aggregate: ClassVar[str] = "body"


class _OfMember(_Body):
    """What every event of one member says."""

    member_id: Annotated[UUID, da("Medlemmets id i rådet; hvem det er, står kun i rådenes tjeneste.")]
    """The member's id on this council, one a term; who it is stands in councils alone."""
    authority: Annotated[AuthorityId | None, da("Myndigheden, som medlemmet kommer fra; tomt: civilsamfundet.")]
    """The authority that the member comes from; none: civil society."""
    seat: Annotated[SeatKind, da("Hvad medlemmet sidder i rådet i kraft af.")]
    """By what the member sits on it."""


class MemberSeated(_OfMember):
    """Somebody's time on a council began: on that very day an office-holder's seat is theirs."""

    in_danish: ClassVar[str] = "Et medlems tid i rådet er begyndt; pladsen følger embedet samme dag."

    begins_on: Annotated[date, da("Første dag i rådet.")]
    """The first day."""


class MemberLeft(_OfMember):
    """Somebody's time on a council is over."""

    in_danish: ClassVar[str] = "Et medlems tid i rådet er slut."

    ended_on: Annotated[date, da("Sidste dag i rådet.")]
    """The last day."""


class ChairTaken(_OfMember):
    """A member of a lokalraad chairs it from a day on."""

    in_danish: ClassVar[str] = "Et medlem er formand for lokalrådet fra en dag."

    begins_on: Annotated[date, da("Første dag som formand.")]
    """The first day as its chair."""


class ViceChairElected(_Body):
    """The kredsraad elected one of the mayors as its vice chair, by a decision."""

    in_danish: ClassVar[str] = "Kredsrådet har valgt en af borgmestrene som næstformand."

    vice_chair_id: Annotated[UUID, da("Valgets id.")]
    """The election's id."""
    authority: Annotated[AuthorityId, da("Kommunen, hvis borgmester er valgt.")]
    """The municipality whose mayor was elected."""
    decision_id: Annotated[UUID, da("Rådets beslutning.")]
    """The council's decision."""
    votes: Annotated[PositiveInt, da("Stemmer på den valgte.")]
    """The votes for who was elected."""
    by_lot: Annotated[bool, da("Om lodtrækning afgjorde valget.")]
    """Whether the lot decided."""


class ViceChairVacated(_Body):
    """The kredsraad has no vice chair any longer: the mayor's term ended, or another one was elected."""

    in_danish: ClassVar[str] = "Næstformandens plads er ledig: borgmesteren er trådt fra, eller en ny er valgt."

    vice_chair_id: Annotated[UUID, da("Valgets id.")]
    """The id of the election that counts no more."""
    authority: Annotated[AuthorityId, da("Kommunen, hvis borgmester var næstformand.")]
    """The municipality whose mayor it was."""
    because: Annotated[Vacated, da("Hvorfor hvervet er ledigt.")]
    """Why."""


class LokalraadDeactivated(_Body):
    """A lokalraad does not work any longer: its municipality has none until it is taken up again."""

    in_danish: ClassVar[str] = "Lokalrådet er sat ud af kraft; kommunen har intet, før det er taget i brug igen."


class LokalraadActivated(_Body):
    """A lokalraad works again, with members of both sides."""

    in_danish: ClassVar[str] = "Lokalrådet er i kraft igen, med medlemmer fra begge sider."


class MeetingRequested(_Body):
    """A municipal member of the kredsraad asked for an extraordinary meeting (BEK 1426/2006)."""

    in_danish: ClassVar[str] = "Et kommunalt medlem af kredsrådet har bedt om et ekstraordinært møde."

    request_id: Annotated[UUID, da("Anmodningens id.")]
    """The request's id."""
    authority: Annotated[AuthorityId, da("Kommunen, der har bedt om mødet.")]
    """The municipality that asked."""
