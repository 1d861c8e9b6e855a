"""What somebody may open: courses that stand alone, and those on a referral that its definition lets them open."""

from contracts.codes import Role, authorities
from services.referrals.domain.admission import sits
from services.referrals.domain.course import Sitting, seats_of
from services.referrals.domain.course_parties import NEVER
from services.referrals.domain.coursebook import coursebook
from services.referrals.domain.courses import Definition, Stands
from services.referrals.domain.programmes import Seat


def openable(who: Sitting) -> list[Definition]:
    """Return the courses that somebody may open, whether alone or on a referral."""
    return [of for of in coursebook().values() if _may_open(of, who)]


def _may_open(of: Definition, who: Sitting) -> bool:
    closed = of.programme.section_115 and Role.INVESTIGATOR in who.roles
    return not closed and bool(set(seats_of(of, who)) & set(of.opening.by))


def alone(who: Sitting) -> list[Definition]:
    """Return those that need no referral."""
    return [of for of in openable(who) if of.stands is Stands.ALONE]


def others(of: Definition, who: Sitting) -> dict[str, str]:
    """Return who else may sit at a course, by `authority.office`, and by name: first those of the own municipality."""
    own, home = f"{who.authority}.{who.office or ''}", authorities()[who.authority].kommunekode
    found = {
        f"{one.id}.{seat.office or ''}": one
        for seat in of.seats.values()
        for one in authorities().values()
        if one.kind not in NEVER and sits(one, Seat(seat.kind, seat.office))
    }
    places = sorted(found.items(), key=lambda item: _far(item[1].kommunekode, home))
    return {place: one.name for place, one in places if place not in {own, f"{who.authority}."}}


def _far(kommune: str | None, home: str | None) -> int:
    return 1 if kommune is None else 0 if kommune == home else 2
