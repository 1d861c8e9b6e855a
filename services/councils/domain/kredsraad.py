"""The council of a police district: who sits on it follows from office (plan §1)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.codes import municipalities, municipality_authority
from contracts.councils.v1 import KredsraadEstablished
from contracts.form import Day, Truth
from contracts.refusal import Refusal
from services.councils.domain.closed import Closed

District = Literal["midt_og_vestjylland"]
"""The police districts that can be served: those whose municipalities the contracts mark."""


class KredsraadExists(Refusal):
    """A district has exactly one kredsraad (O-1-01)."""

    slug = "kredsraad-exists"
    title = "Politikredsen har allerede et kredsråd."
    todo = "Brug det kredsråd, der findes."


class ChairIsNotThePolitidirektoer(Refusal):
    """The politidirektoer chairs by office; nobody else can (O-1-04)."""

    slug = "chair-is-not-the-politidirektoer"
    status = 422
    title = "Politidirektøren, og kun politidirektøren, er kredsrådets formand."
    todo = "Send præcis én plads som formand, og lad den være politidirektørens."


class SeatsDoNotFollowOffice(Refusal):
    """The other seats are one for the mayor of each municipality in the district, no more and no fewer (O-1-04)."""

    slug = "seats-do-not-follow-office"
    status = 422
    title = "Kredsrådets øvrige pladser er én til hver borgmester i politikredsen."
    todo = "Ret de pladser, der er nævnt i `missing` og `extra`."


class NotYourCouncil(Refusal):
    """Only the police authority whose politidirektoer chairs the kredsraad keeps its papers."""

    slug = "not-your-council"
    status = 403
    title = "Kredsrådet føres af en anden myndigheds sekretariat."
    todo = "Bed sekretariatet i den politikreds, som kredsrådet hører til."


class SeatOffice(StrEnum):
    """The offices that give a seat."""

    POLITIDIREKTOER = "politidirektoer"
    BORGMESTER = "borgmester"


@dataclass(frozen=True, slots=True)
class OfficeTerm(Closed):
    """Who held an office, and from when to when; names are data of one time, never code."""

    holder: str
    valid_from: Day
    valid_to: Day | None
    """The last day; none while it runs."""

    def covers(self, day: date) -> bool:
        """Tell whether the holder was in office on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Seat(Closed):
    """A place on the kredsraad, which belongs to an office."""

    authority: str
    office: SeatOffice
    chair: Truth
    title: str
    """As the plan writes it: `Borgmester i Herning Kommune`."""
    term: OfficeTerm


@dataclass(frozen=True, slots=True)
class Kredsraad:
    """The council of one police district."""

    kredsraad_id: UUID
    district: str
    in_service: date
    seats: tuple[Seat, ...]

    @property
    def police(self) -> str:
        """Return the authority of the chair, whose secretariat keeps the council's papers."""
        return next(seat.authority for seat in self.seats if seat.chair)


def district_municipalities() -> tuple[str, ...]:
    """Return the codes of the municipalities of the district, by name."""
    inside = (one for one in municipalities().values() if one.in_district)
    return tuple(one.code for one in sorted(inside, key=lambda one: one.name))


def establish(proposed: Kredsraad, existing: UUID | None, by: str) -> KredsraadEstablished:
    """Decide whether a kredsraad can be established with these seats."""
    if existing is not None:
        raise KredsraadExists(kredsraad_id=str(existing))
    _require_the_chair(proposed.seats)
    _require_the_mayors(proposed.seats)
    require_secretariat(proposed, by)
    return KredsraadEstablished(
        kredsraad_id=proposed.kredsraad_id, district=proposed.district, municipalities=district_municipalities()
    )


def require_secretariat(kredsraad: Kredsraad, by: str) -> None:
    """Refuse another authority than the one whose secretariat keeps the council's papers."""
    if by != kredsraad.police:
        raise NotYourCouncil


def _require_the_chair(seats: tuple[Seat, ...]) -> None:
    chairs = [seat.office for seat in seats if seat.chair]
    if chairs != [SeatOffice.POLITIDIREKTOER]:
        raise ChairIsNotThePolitidirektoer


def _require_the_mayors(seats: tuple[Seat, ...]) -> None:
    wanted = Counter((municipality_authority(code), SeatOffice.BORGMESTER) for code in district_municipalities())
    found = Counter((seat.authority, seat.office) for seat in seats if not seat.chair)
    if wanted != found:
        raise SeatsDoNotFollowOffice(missing=_names(wanted - found), extra=_names(found - wanted))


def _names(offices: Counter[tuple[str, SeatOffice]]) -> str:
    return ", ".join(f"{authority} {office}" for authority, office in sorted(offices.elements()))
