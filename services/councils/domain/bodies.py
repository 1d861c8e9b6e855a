"""A council as all its work sees it: the kredsraad and each lokalraad are bodies that meet, decide and follow up."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.codes import Kommunekode, municipalities
from services.councils.domain.kredsraad import Kredsraad, district_municipalities
from services.councils.domain.lokalraad import Lokalraad


class BodyKind(StrEnum):
    """The two kinds of council."""

    KREDSRAAD = "kredsraad"
    LOKALRAAD = "lokalraad"


@dataclass(frozen=True, slots=True)
class Body:
    """One council: which it is, whose secretariats keep its papers and who sits on it."""

    id: UUID
    kind: BodyKind
    kommunekode: Kommunekode | None
    """The municipality of a lokalraad; none for the kredsraad."""
    secretariats: tuple[str, ...]
    """The authorities whose secretaries keep its papers: the police, and for a lokalraad the municipality too."""
    parties: tuple[str, ...]
    """The authorities that sit on it."""
    in_service: date
    """Nothing is overdue before this day."""
    version: int = 0
    """The number of events told of it, and what its commands expect."""
    active: bool = True
    """Whether it works; a lokalraad that does not leaves its municipality without one (O-2-06)."""

    @property
    def title(self) -> str:
        """Return its name in Danish."""
        if self.kommunekode is None:
            return "Kredsrådet"
        return f"Lokalrådet i {municipalities()[self.kommunekode].name} Kommune"

    @property
    def municipalities(self) -> tuple[Kommunekode, ...]:
        """Return the municipalities that it is for."""
        return district_municipalities() if self.kommunekode is None else (self.kommunekode,)


def of_kredsraad(new: Kredsraad) -> Body:
    """Return the kredsraad as a body: its papers are kept by the politidirektoer's secretariat (L-29)."""
    parties = tuple(dict.fromkeys(seat.authority for seat in new.seats))
    return Body(new.kredsraad_id, BodyKind.KREDSRAAD, None, (new.police,), parties, new.in_service)


def of_lokalraad(new: Lokalraad) -> Body:
    """Return a lokalraad as a body: the secretary of either side keeps its papers (O-2-01)."""
    parties = tuple(dict.fromkeys(seat.authority for seat in new.seats))
    return Body(new.lokalraad_id, BodyKind.LOKALRAAD, new.kommunekode, parties, parties, new.in_service)
