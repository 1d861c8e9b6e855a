"""The groups that meet about a programme's cases: whose they are, who sits there, who convenes, how often they meet."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from contracts.codes import AuthorityKind, Office, authorities, municipalities, municipality_authority
from contracts.refusal import NotFound
from services.referrals.domain.group_refusals import FrequencyNeeded, NotAParticipant
from services.referrals.domain.programmes import Programme, Seat, programme

REMIND_AGAIN = timedelta(days=7)
"""How long after a reminder the next one comes; a setting."""

DISTRICT = ""
"""What stands for the municipality of a group that has none of its own."""


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of group."""

    programme: str
    district: bool
    """Whether there is one for the whole district."""
    needs_all: bool
    """Whether each side must be there; without one the meeting is held, and is not quorate."""
    may_be_ad_hoc: bool
    interval_days: int | None = None
    """How many days may lie between two meetings until somebody sets it; None: as needed."""

    @property
    def of(self) -> Programme:
        """Return its programme."""
        return programme(self.programme)

    def forum_of(self, kommune: str) -> str:
        """Return the municipality whose group takes a case from there: none where the district has one."""
        return DISTRICT if self.district else kommune

    def check_place(self, kommune: str) -> None:
        """Refuse a municipality where the group is the district's, none where it is not, and one outside the district.

        Raises:
            NotFound: there is no such group.
        """
        if self.district != (kommune == DISTRICT) or not (self.district or municipalities()[kommune].in_district):
            raise NotFound

    def check_interval(self, days: int | None) -> None:
        """Refuse that a group which the plan wants to meet regularly meets as needed.

        Raises:
            FrequencyNeeded: it says no number of days.
        """
        if days is None and not self.may_be_ad_hoc:
            raise FrequencyNeeded


@cache
def groups() -> Mapping[str, Group]:
    """Return every kind of group by its programme."""
    text = (files("services.referrals.domain") / "data" / "groups.toml").read_text(encoding="utf-8")
    return {raw["programme"]: Group(**raw) for raw in tomllib.loads(text)["groups"]}


def group(code: str) -> Group:
    """Return the group of a programme.

    Raises:
        NotFound: nobody meets about it.
    """
    if code not in groups():
        raise NotFound
    return groups()[code]


def seat_name(authority: str, office: str) -> str:
    """Write a seat as the tables do: `kommune-0657.psp`."""
    return f"{authority}.{office}"


def parted(name: str) -> tuple[str, str]:
    """Return the authority and the office of a seat's name."""
    authority, _, office = name.partition(".")
    return authority, office


def kind_of(name: str) -> AuthorityKind:
    """Return which kind of authority sits there."""
    return authorities()[parted(name)[0]].kind


def _sitting(seat: Seat, kommune: str) -> str:
    """Return who sits in a programme's seat for a municipality."""
    if seat.kind is AuthorityKind.MUNICIPALITY:
        return seat_name(municipality_authority(kommune), seat.office or "")
    region = municipalities()[kommune].region if kommune else ""
    for one in authorities().values():
        if one.kind is seat.kind and _fits(one.offices, seat.office) and one.kommunekode in {None, kommune}:
            if one.kind is AuthorityKind.REGION and one.name != region:
                continue
            return seat_name(one.id, seat.office or "")
    raise NotFound


def _fits(offices: tuple[Office, ...], office: Office | None) -> bool:
    return office is None or office in offices


_LOCAL = frozenset({AuthorityKind.MUNICIPALITY, AuthorityKind.REGION, AuthorityKind.SCHOOL})
"""Whoever differs by municipality."""


def seats_of(of: Group, kommune: str) -> tuple[str, ...]:
    """Return the seats for a municipality; for the whole district those that are everybody's."""
    parties = [seat for seat in of.of.parties if kommune or seat.kind not in _LOCAL]
    return tuple(_sitting(seat, kommune) for seat in parties)


def convener_of(of: Group, kommune: str) -> str:
    """Return the seat whose office convenes it."""
    return _sitting(of.of.convener, kommune)


def circle_of_case(of: Group, kommune: str, *others: str) -> tuple[str, ...]:
    """Return the own circle of a case: the programme's seats there, whoever referred, and whoever answers."""
    return tuple(dict.fromkeys([*seats_of(of, kommune), *others]))


def circle_of_meeting(
    of: Group, kommune: str, of_cases: Iterable[Iterable[str]], like: Iterable[str] = ()
) -> list[str]:
    """Return whom a meeting calls: the group's seats, the last circle, and in the district who has a case.

    The last circle of the district's group is no help: whoever has no case any more is not invited (O-6.4-03).
    """
    fixed = [convener_of(of, kommune), *seats_of(of, kommune)]
    more = [seat for case in of_cases for seat in case] if of.district else [*like]
    return list(dict.fromkeys([*fixed, *more]))


def check_seats(named: Iterable[str], among: Iterable[str]) -> None:
    """Refuse a seat that does not belong here.

    Raises:
        NotAParticipant: one is none of them.
    """
    if set(named) - set(among):
        raise NotAParticipant


def known_to(reader: str, circle: Iterable[str], convener: str, *, secret: bool) -> list[str]:
    """Return which participants a reader is told of: in a secret group no municipality learns of another one."""
    hidden = secret and reader != convener and kind_of(reader) is AuthorityKind.MUNICIPALITY
    return [one for one in circle if not hidden or one == reader or kind_of(one) is not AuthorityKind.MUNICIPALITY]


def told_to_all(circle: Iterable[str], *, secret: bool) -> tuple[str, ...]:
    """Return the participants of whom all may know."""
    return tuple(one for one in circle if not secret or kind_of(one) is not AuthorityKind.MUNICIPALITY)


def next_due(since: datetime, days: int | None) -> datetime | None:
    """Return by when a group must have met; None where it meets as needed."""
    return since + timedelta(days=days) if days is not None else None
