"""The bodies and teams of the plan, as data: one forum in each municipality, or one for the district."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import municipalities
from contracts.refusal import NotFound, Refusal

EACH_MUNICIPALITY = "municipality"


class UnknownProfession(Refusal):
    """A team has no seat of that kind."""

    slug = "unknown-profession"
    status = 422
    title = "Teamet har ingen plads til den faggruppe."
    todo = "Brug de faggrupper, der står i allowed, hver med et antal."


@dataclass(frozen=True, slots=True)
class Forum:
    """A body in which a programme's parties meet, or an office of it."""

    code: str
    """Of one in a municipality with its number: `ssp-0657`."""
    programme: str
    name: str
    kommune: str | None
    """None: one for the whole district."""
    valid_from: date
    source: str

    def exists_on(self, day: date) -> bool:
        """Say whether it is founded."""
        return self.valid_from <= day


@dataclass(frozen=True, slots=True)
class TeamSeat:
    """How many of one profession a team has by the plan."""

    code: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Team:
    """A team with the seats that the plan gives it: what is compared with, and no hard limit."""

    code: str
    programme: str
    name: str
    authority: str
    office: str
    valid_from: date
    source: str
    seats: tuple[TeamSeat, ...]

    @property
    def planned(self) -> dict[str, int]:
        """Return how many of each profession the plan names."""
        return {seat.code: seat.number for seat in self.seats}

    def check_filled(self, filled: Mapping[str, int]) -> None:
        """Refuse professions that it has no seat for, or that are left out.

        Raises:
            UnknownProfession: the names are not those of its seats.
        """
        if filled.keys() != self.planned.keys():
            raise UnknownProfession(allowed=", ".join(self.planned))

    def vacancies(self, filled: Mapping[str, int]) -> tuple[str, ...]:
        """Say in Danish which seats stand empty: one sentence each."""
        return tuple(
            f"{self.name} mangler {seat.name}: {filled.get(seat.code, 0)} besat, {seat.number} efter planen."
            for seat in self.seats
            if filled.get(seat.code, 0) < seat.number
        )


@cache
def forums() -> tuple[Forum, ...]:
    """Return every forum, in the order of the data and of the municipalities' names."""
    return tuple(one for raw in _raw()["forums"] for one in _forums(raw))


@cache
def teams() -> Mapping[str, Team]:
    """Return every team by its code."""
    return {raw["code"]: _team(raw) for raw in _raw()["teams"]}


def team(code: str) -> Team:
    """Return one team.

    Raises:
        NotFound: there is none by that code.
    """
    if code not in teams():
        raise NotFound
    return teams()[code]


@cache
def district() -> Mapping[str, str]:
    """Return the names of the eleven municipalities by their codes, by name."""
    ours = sorted((one for one in municipalities().values() if one.in_district), key=lambda one: one.name)
    return {one.code: one.name for one in ours}


def coverage(day: date) -> dict[str, tuple[int, int]]:
    """Return for each kind that every municipality has one of how many there are on a day, and how many must be."""
    kinds = [raw["code"] for raw in _raw()["forums"] if raw["each"] == EACH_MUNICIPALITY]
    there = [one.code.partition("-")[0] for one in forums() if one.kommune and one.exists_on(day)]
    return {kind: (there.count(kind), len(district())) for kind in kinds}


def _raw() -> Mapping[str, Any]:
    return tomllib.loads((files("services.referrals.domain") / "data" / "forums.toml").read_text(encoding="utf-8"))


def _forums(raw: Mapping[str, Any]) -> Iterator[Forum]:
    said = (raw["programme"], raw["name"])
    when = (raw["valid_from"], raw["source"])
    if raw["each"] != EACH_MUNICIPALITY:
        yield Forum(raw["code"], *said, None, *when)
        return
    for kommune, name in district().items():
        yield Forum(f"{raw['code']}-{kommune}", said[0], f"{said[1]}, {name} Kommune", kommune, *when)


def _team(raw: Mapping[str, Any]) -> Team:
    return Team(**{**raw, "seats": tuple(TeamSeat(**seat) for seat in raw["seats"])})
