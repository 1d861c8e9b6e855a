"""The local council of one municipality: police and municipality side by side (plan §2)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.codes import Kommunekode, municipality_authority
from contracts.councils.v1 import LokalraadEstablished
from contracts.refusal import Refusal
from services.councils.domain.closed import Closed
from services.councils.domain.kredsraad import district_municipalities


class LokalraadExists(Refusal):
    """A municipality has one lokalraad (O-2-06)."""

    slug = "lokalraad-exists"
    title = "Kommunen har allerede et lokalråd."
    todo = "Brug det lokalråd, der findes."


class NotInTheDistrict(Refusal):
    """The municipality lies in another police district."""

    slug = "not-in-the-district"
    status = 422
    title = "Kommunen ligger ikke i politikredsen."
    todo = "Vælg en af politikredsens kommuner."


class SideMissing(Refusal):
    """Both sides of the cooperation sit on a lokalraad (O-2-01)."""

    slug = "side-missing"
    status = 422
    title = "Både politiet og kommunen skal have mindst én plads i lokalrådet."
    todo = "Tilføj en plads til den side, der er nævnt i `missing`."


class SeatOfAnotherAuthority(Refusal):
    """A side's seats belong to its own authority: the municipality's own, and the district's police."""

    slug = "seat-of-another-authority"
    status = 422
    title = "En plads i lokalrådet hører til en anden myndighed end kommunen selv eller politikredsens politi."
    todo = "Ret den plads, der er nævnt i `authority`."


class Side(StrEnum):
    """The two sides of a lokalraad."""

    POLITI = "politi"
    KOMMUNE = "kommune"


@dataclass(frozen=True, slots=True)
class LokalraadSeat(Closed):
    """A place on a lokalraad; the plan names no persons, so it is held by an authority's office."""

    side: Side
    authority: str
    office: str


@dataclass(frozen=True, slots=True)
class Lokalraad:
    """The local council of one municipality."""

    lokalraad_id: UUID
    kredsraad_id: UUID
    kommunekode: Kommunekode
    in_service: date
    seats: tuple[LokalraadSeat, ...]


def establish(proposed: Lokalraad, existing: UUID | None, police: str) -> LokalraadEstablished:
    """Decide whether a lokalraad can be established with these seats."""
    if existing is not None:
        raise LokalraadExists(lokalraad_id=str(existing))
    if proposed.kommunekode not in district_municipalities():
        raise NotInTheDistrict(kommunekode=proposed.kommunekode)
    _require_both_sides(proposed.seats)
    _require_own_authorities(proposed, police)
    return LokalraadEstablished(
        lokalraad_id=proposed.lokalraad_id,
        kredsraad_id=proposed.kredsraad_id,
        municipality=proposed.kommunekode,
    )


def _require_both_sides(seats: tuple[LokalraadSeat, ...]) -> None:
    missing = set(Side) - {seat.side for seat in seats}
    if missing:
        raise SideMissing(missing=", ".join(sorted(missing)))


def _require_own_authorities(proposed: Lokalraad, police: str) -> None:
    own = {Side.POLITI: police, Side.KOMMUNE: municipality_authority(proposed.kommunekode)}
    for seat in proposed.seats:
        if seat.authority != own[seat.side]:
            raise SeatOfAnotherAuthority(authority=seat.authority)
