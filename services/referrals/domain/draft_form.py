"""What a form asks of whoever drafts a referral: all of it follows from the programme's definition and its rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contracts.codes import Authority, AuthorityKind, authorities, municipalities
from services.referrals.domain.admission import AGES, receivers, sits
from services.referrals.domain.programmes import Programme, Seat
from services.referrals.domain.tables import Table

YES, NO = "ja", "nej"
NAMES_SOMEBODY = "names_somebody"
"""The column that the programme answers itself."""
AT_HOME = (AuthorityKind.MUNICIPALITY, AuthorityKind.SCHOOL, AuthorityKind.REGION)
"""The kinds of which the person's municipality says which one it is."""
TYPES = {"number": "number", "date": "date"}
WHICH = {AuthorityKind.COURT: "Hvilken ret?"}

Place = tuple[str, str]
"""An authority and its office."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form."""

    name: str
    label: str
    type: str = ""
    """Of a browser's field; none where one of `choices` is chosen."""
    choices: Mapping[str, str] = field(default_factory=dict)


def facts_asked(of: Programme, table: Table) -> tuple[Asked, ...]:
    """Return the fields for what the rule asks: no age, which is reckoned, nor what a later step establishes."""
    return tuple(_fact(name, table) for name in table.columns if _is_asked(name, of))


def _is_asked(name: str, of: Programme) -> bool:
    return name not in AGES and name not in of.assumed and name != NAMES_SOMEBODY


def _fact(name: str, table: Table) -> Asked:
    column = table.columns[name]
    label = column.title[:1].upper() + column.title[1:]
    if column.type == "bool":
        return Asked(name, label, choices={YES: YES, NO: NO})
    return Asked(name, label, TYPES.get(column.type, "text" if column.type != "choice" else ""), column.values or {})


def facts_known(of: Programme, table: Table) -> dict[str, bool]:
    """Return what the programme itself answers of what its rule asks."""
    return {NAMES_SOMEBODY: of.names_somebody} if NAMES_SOMEBODY in table.columns else {}


def fact(column: str, written: str, table: Table) -> str | bool | int | None:
    """Return what is written in a field as the rule takes it; None where it is not known.

    Raises:
        ValueError: it is no number, where one is asked for.
    """
    kind = table.columns[column].type
    if not written:
        return None
    if kind == "bool":
        return written == YES
    return int(written) if kind == "number" else written


def reckons_ages(table: Table) -> bool:
    """Say whether the rule asks how old somebody is."""
    return not AGES.keys().isdisjoint(table.columns)


def receivers_asked(of: Programme) -> dict[str, str]:
    """Return the receivers of which one may be named; none where it follows from the person's municipality."""
    found = {one: seat for one, seat in receivers(of).items() if seat.kind is not AuthorityKind.MUNICIPALITY}
    return {one: authorities()[one].name for one in found} if len(found) < len(receivers(of)) or len(found) > 1 else {}


def is_received_at_home(of: Programme) -> bool:
    """Say whether the person's own municipality receives."""
    return any(seat.kind is AuthorityKind.MUNICIPALITY for seat in of.receives)


def parties_asked(of: Programme, own: Place) -> tuple[Asked, ...]:
    """Return the fields for parties that must take part and of which there are several to choose from."""
    return tuple(
        Asked(party_field(seat), WHICH.get(seat.kind, "Hvem skal være med?"), choices=choices)
        for seat in of.parties
        if seat.kind not in AT_HOME and not _holds(seat, own)
        if len(choices := {f"{one.id}.{seat.office or ''}": one.name for one in _seated(seat)}) > 1
    )


def party_field(seat: Seat) -> str:
    """Return the name of the field in which such a party is chosen."""
    return f"part-{str(seat).replace('.', '-')}"


def parties(of: Programme, kommune: str, sides: tuple[Place, Place], chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Return who takes part besides sender and receiver: whoever follows from the municipality, and who is chosen."""
    found = dict.fromkeys(
        party
        for seat in of.parties
        if not any(_holds(seat, side) for side in sides)
        if (party := _party(seat, kommune, chosen))
    )
    return tuple(party for party in found if tuple(party.split(".", 1)) not in sides)


def _party(seat: Seat, kommune: str, chosen: Mapping[str, str]) -> str:
    there = [one.id for one in _seated(seat) if seat.kind not in AT_HOME or _is_home(one, kommune)]
    if len(there) == 1:
        return f"{there[0]}.{seat.office or ''}"
    return chosen.get(party_field(seat), "")


def _seated(seat: Seat) -> Iterator[Authority]:
    yield from (one for one in authorities().values() if sits(one, seat))


def _is_home(one: Authority, kommune: str) -> bool:
    if one.kind is AuthorityKind.REGION:
        return one.name == municipalities()[kommune].region
    return one.kommunekode == kommune


def _holds(seat: Seat, place: Place) -> bool:
    one = authorities().get(place[0])
    return one is not None and one.kind is seat.kind and place[1] == str(seat.office or place[1])
