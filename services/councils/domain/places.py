"""The seats of a lokalraad at a meeting: its members of that day, named by authority and function."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from services.councils.domain.attendance import SeatAt
from services.councils.domain.seating import CIVIL, Member

_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "u", "ö": "oe", "ä": "ae"})
LONGEST = 50
"""Signs of a function that stand in a seat's name, with room for a number behind."""


def seats_of_members(
    members: Iterable[Member], founded: Collection[SeatAt], day: date, chair: Member | None
) -> list[SeatAt]:
    """Return the seats of a lokalraad on a day; a side of which nobody is entered keeps those it was founded with.

    Whoever comes from civil society is called when needed (ledger 2.1): it is no seat that a quorum counts.
    """
    sitting = [one for one in members if one.covers(day) and one.side != CIVIL]
    entered = {one.side for one in sitting}
    found = [one for one in founded if one.side not in entered]
    taken: dict[str, int] = {}
    for one in sorted(sitting, key=lambda one: (one.side, one.authority, one.valid_from, str(one.id))):
        seat = SeatAt(one.authority, office_of(one.function), one.side, chair is not None and one.id == chair.id)
        taken[seat.key] = number = taken.get(seat.key, 0) + 1
        found.append(seat if number == 1 else replace(seat, office=f"{seat.office}-{number}"))
    return sorted(found, key=lambda seat: (seat.side, seat.key))


def office_of(function: str) -> str:
    """Return a function as a seat is named by it: `ssp-konsulent`."""
    plain = re.sub(r"[^a-z0-9]+", "-", function.lower().translate(_ASCII)).strip("-")
    return plain[:LONGEST].strip("-") or "medlem"
