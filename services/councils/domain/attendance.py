"""Who was at a council's meeting, and whether it could decide (ledger 5): seats, deputies and guests."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from services.councils.domain.bodies import BodyKind
from services.councils.domain.meeting_refusals import NotASeat, PublicAccessNotCarried


class Status(StrEnum):
    """Whether a seat was filled."""

    PRESENT = "present"
    DEPUTY = "deputy"
    APOLOGY = "apology"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class SeatAt:
    """A seat as a meeting sees it."""

    authority: str
    office: str
    side: str
    chairs: bool = False
    """It is the chair's, or the vice chair's."""

    @property
    def key(self) -> str:
        """Return how the seat is named in a command: `kommune-0657.borgmester`."""
        return f"{self.authority}.{self.office}"


@dataclass(frozen=True, slots=True)
class Attendance:
    """What became of one seat; a deputy fills it for whoever holds it, and is no chair."""

    seat: str
    status: Status
    deputy: str = ""

    @property
    def there(self) -> bool:
        """Say whether somebody sat on it."""
        return self.status in {Status.PRESENT, Status.DEPUTY}


def missing_for_quorum(of: BodyKind, seats: Collection[SeatAt], there: Collection[Attendance], led_by: str) -> str:
    """Return what a quorum lacked, in Danish; empty when there was one.

    More than half of the seats, the chair or vice chair, and in a lokalraad both sides (ledger 5).

    Raises:
        NotASeat: somebody is named who has no seat, or twice, or the leader was not there.
    """
    _require_seats(seats, there, led_by)
    filled = {one.seat for one in there if one.there}
    lacking = [] if 2 * len(filled) > len(seats) else ["over halvdelen af pladserne"]
    chairs = {seat.key for seat in seats if seat.chairs}
    if chairs and led_by not in chairs:
        lacking.append("formand eller næstformand")
    if of is BodyKind.LOKALRAAD:
        sides = {seat.side for seat in seats} - {seat.side for seat in seats if seat.key in filled}
        lacking += [f"siden {side}" for side in sorted(sides)]
    return ", ".join(lacking)


def require_carried(in_favour: int, seats: int, *, chair_assents: bool) -> None:
    """Refuse to open a meeting without a majority of the seats and the chair's assent (L-29)."""
    if 2 * in_favour <= seats or in_favour > seats or not chair_assents:
        raise PublicAccessNotCarried(rule="L-29", paragraph="BEK 1426/2006 §§ 2-4")


def _require_seats(seats: Collection[SeatAt], there: Collection[Attendance], led_by: str) -> None:
    known = {seat.key for seat in seats}
    named: set[str] = set()
    for one in there:
        if one.seat not in known or one.seat in named:
            raise NotASeat(seat=one.seat)
        named.add(one.seat)
    if led_by not in {one.seat for one in there if one.status is Status.PRESENT}:
        raise NotASeat(seat=led_by)
