"""The directory: what each programme offers, for whom, and which offices receive, as anybody may read it.

Of a confidential programme it says what stands in the plan, and nothing more: no office, no number, no capacity.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.codes import Authority, AuthorityKind, authorities, municipalities
from contracts.refusal import NotFound, Refusal
from services.referrals.domain.forums import Forum, district, forums
from services.referrals.domain.programmes import Programme, Seat, programmes

FNT = "politi-mvj-fnt"
"""The police's unit for prevention: where a seat of a police unit is, the desk of the vagtcentral is none."""


class OutsideDistrict(Refusal):
    """The directory knows the eleven municipalities of the district."""

    slug = "outside-district"
    status = 422
    title = "Kommunen ligger ikke i Midt- og Vestjyllands Politikreds."
    todo = "Vælg en af de 11 kommuner, der står i allowed, eller lad feltet være tomt."


@dataclass(frozen=True, slots=True)
class Place:
    """An office that receives for a programme, by whoever may say how it stands there."""

    authority: str
    office: str
    """Empty where the seat is of the authority as such."""
    name: str
    kommune: str | None
    """None: it is for several municipalities."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it from others of its programme."""
        return self.authority, self.office


def check_kommune(kommune: str) -> None:
    """Refuse a municipality of another district; empty is none.

    Raises:
        OutsideDistrict: it is none of the eleven.
    """
    if kommune and kommune not in district():
        raise OutsideDistrict(allowed=", ".join(district()))


def founded(day: date) -> tuple[Programme, ...]:
    """Return the programmes that exist on a day, by their Danish names."""
    there = [one for one in programmes().values() if one.valid_from <= day]
    return tuple(sorted(there, key=lambda one: one.name.casefold()))


def found(code: str, day: date) -> Programme:
    """Return one programme of the directory.

    Raises:
        NotFound: there is none by that code, or not yet.
    """
    one = programmes().get(code)
    if one is None or one.valid_from > day:
        raise NotFound
    return one


def matching(of: Programme, words: str) -> bool:
    """Say whether all the words that somebody searches by stand in what the directory says."""
    said = f"{of.name} {of.directory.what} {of.directory.whom} {of.directory.contact}".casefold()
    return all(word in said for word in words.casefold().split())


def places(of: Programme, kommune: str = "") -> tuple[Place, ...]:
    """Return the offices that receive, of one municipality where one is named; none of a confidential programme."""
    if of.confidential:
        return ()
    found = {place.key: place for seat in of.receives for place in _seated(seat)}
    served = [one for one in found.values() if not kommune or _serves(one, kommune)]
    # First those of a municipality, by name.
    return tuple(sorted(served, key=lambda one: (one.kommune is None, one.name)))


def place_of(of: Programme, authority: str, office: str) -> Place:
    """Return the place of somebody who receives.

    Raises:
        NotFound: their office receives nothing there, or the programme is confidential.
    """
    for place in places(of):
        if place.authority == authority and place.office in {"", office}:
            return place
    raise NotFound


def forums_of(of: Programme, day: date, kommune: str = "") -> tuple[Forum, ...]:
    """Return the bodies of a programme that the plan names; none of a confidential programme."""
    return tuple(
        one
        for one in forums()
        if one.programme == of.code
        and not of.confidential
        and one.exists_on(day)
        and (not kommune or one.kommune in {None, kommune})
    )


def _seated(seat: Seat) -> Iterator[Place]:
    for one in authorities().values():
        if one.kind is seat.kind and _takes_part(one) and (seat.office is None or seat.office in one.offices):
            yield Place(one.id, str(seat.office or ""), one.name, one.kommunekode)


def _takes_part(one: Authority) -> bool:
    if one.kind is AuthorityKind.MUNICIPALITY:
        return one.kommunekode in district()
    return one.kind is not AuthorityKind.POLICE_UNIT or one.id == FNT


def _serves(place: Place, kommune: str) -> bool:
    kind = authorities()[place.authority].kind
    if kind is AuthorityKind.REGION:
        return place.name == municipalities()[kommune].region
    return place.kommune in {None, kommune}
