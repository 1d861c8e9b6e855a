"""Who sits at a course: sender and receiver, whoever has a place of its own, and who is named when it is opened."""

from collections.abc import Iterable, Iterator

from contracts.codes import Authority, AuthorityKind, Office, authorities
from services.referrals.domain.course_refusals import NobodyHere
from services.referrals.domain.courses import CourseSeat, Definition, Stands

ANY = "*"
"""The office of a party that is the authority as such."""

Place = tuple[str, str]
"""An authority and an office."""

NEVER = frozenset({AuthorityKind.INTELLIGENCE})
"""Who is told and never sits anywhere: what PET does with it is outside of Samvirke (O-6.2-03)."""


def at_table(of: Definition, own: Iterable[Place], named: Iterable[Place]) -> tuple[str, ...]:
    """Return the parties of a new course as `authority.office`.

    Raises:
        NobodyHere: somebody named has no place in it.
        PartyMissing: one without whom the programme is not sent is not there.
    """
    places = [*own, *(_placed(of, authority, office) for authority, office in named), *_known(of)]
    if of.stands is Stands.REFERRAL:
        of.programme.check_parties(frozenset(_present(places)))
    return tuple(sorted({f"{authority}.{office}" for authority, office in places}))


def _placed(of: Definition, authority: str, office: str) -> Place:
    one = authorities().get(authority)
    if one is None or one.kind in NEVER:
        raise NobodyHere(authority=authority)
    asked = Office(office) if office in set(Office) else None
    seat = next((seat for seat in of.seats.values() if seat.holds(one.kind, asked)), None)
    if seat is None:
        raise NobodyHere(authority=authority)
    return authority, str(seat.office or ANY)


def _present(places: Iterable[Place]) -> Iterator[tuple[AuthorityKind, Office | None]]:
    for authority, office in places:
        if one := authorities().get(authority):
            yield one.kind, None
            yield one.kind, Office(office) if office in set(Office) else None


def _known(of: Definition) -> Iterator[Place]:
    """Yield whoever has a place that is only theirs: who owes a step, and who calls the programme's meeting."""
    convener = CourseSeat(of.programme.convener.kind, (), of.programme.convener.office)
    for seat in (*(of.seats[state.owner] for state in of.states.values()), convener):
        if only := only_one(seat):
            yield only


def only_one(seat: CourseSeat) -> Place | None:
    """Return the place of a seat of which there is one in the district; None where there are several."""
    found = [one.id for one in authorities().values() if _may_sit(one, seat)]
    return (found[0], str(seat.office or ANY)) if len(found) == 1 else None


def _may_sit(one: Authority, seat: CourseSeat) -> bool:
    return one.kind is seat.kind and (seat.office is None or seat.office in one.offices)


def invited(parties: tuple[str, ...], kind: AuthorityKind) -> tuple[str, ...]:
    """Return the parties with the one authority of a kind among them."""
    place = only_one(CourseSeat(kind, ()))
    return tuple(sorted({*parties, ".".join(place)})) if place else parties


def authority_of(kind: AuthorityKind) -> str:
    """Return the one authority of a kind."""
    place = only_one(CourseSeat(kind, ()))
    return place[0] if place else kind.value


def owners(of: Definition, state: str, parties: Iterable[str]) -> tuple[str, ...]:
    """Return the parties whose turn it is in a state, as `authority.office`; none where it has ended."""
    if state not in of.states:
        return ()
    seat = of.seats[of.states[state].owner]
    return tuple(party for party in parties if _owns(seat, *party.split(".", 1)))


def _owns(seat: CourseSeat, authority: str, office: str) -> bool:
    one = authorities().get(authority)
    return one is not None and one.kind is seat.kind and (seat.office is None or office == seat.office)
