"""Three years of invented police registrations about invented families, ending in the week that the story tells of.

Most have codes outside the list and are dropped; the rest lie about the families as in real life: few adults with many,
most with one. Three plain families, in Herning, Viborg and Holstebro, have something this week that is enough alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from deploy.sandbox.register.families import Families, Family

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ARCHIVE_ENDS, DAYS = date(2026, 11, 1), 3 * 365
UNLISTED = tuple(f"X{number:02d}" for number in range(1, 40))
LISTED = ("H01", "H04", "H06", "G03", "G06", "G09", "G11", "G12", "G14", "G15", "G17", "G22")
ENOUGH_ALONE = {"0657": "G02", "0791": "H05", "0661": "H03"}
"""What the story's three families are found for, by municipality."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one delivery holds."""

    lines: list[dict[str, Any]]
    told_of: dict[str, Family]
    """The three families, by municipality."""


def three_years(families: Families, today: date, count: int, run: int) -> Batch:
    """Return `count` registrations: those of the archive, and one of today about each of the story's families.

    The archive is the same in every story, so that a second one delivers again what is there already; `run` keeps the
    news of repeated stories apart.
    """
    chance = Random("archive")  # noqa: S311  the same archive each time; nothing is kept secret
    told_of = {kommune: _plain_family(families, kommune, run) for kommune in ENOUGH_ALONE}
    archive = [_of_the_archive(chance, families.families, number) for number in range(count - len(told_of))]
    return Batch(archive + [_enough_alone(told_of[kommune], kommune, today, run) for kommune in told_of], told_of)


def _plain_family(families: Families, kommune: str, run: int) -> Family:
    """Return a family of a municipality, another one for each story."""
    plain = [one for one in families.families if one.kommune == kommune and one.shape == "together"]
    return plain[run % len(plain)]


def _enough_alone(family: Family, kommune: str, today: date, run: int) -> dict[str, Any]:
    return registration_line(news_of(run, kommune), family.adults[0], ENOUGH_ALONE[kommune], today)


def news_of(run: int, kommune: str) -> str:
    """Return the source's id of what a story tells of a municipality's family."""
    return f"story-{run}-{kommune}"


def _of_the_archive(chance: Random, families: tuple[Family, ...], number: int) -> dict[str, Any]:
    # Squared: the first families have many registrations, the last hardly any.
    family = families[int(chance.random() ** 2 * len(families))]
    code = chance.choice(UNLISTED if chance.random() < 0.6 else LISTED)  # noqa: PLR2004  three of five are not listed
    day = ARCHIVE_ENDS - timedelta(days=chance.randrange(DAYS))
    return registration_line(f"archive-{number}", chance.choice(family.adults), code, day)


def registration_line(name: str, number: str, code: str, day: date) -> dict[str, Any]:
    """Return one registration as the source system sends it."""
    registered = datetime(day.year, day.month, day.day, 21, 30, tzinfo=COPENHAGEN)
    return {
        "registration": name,
        "revision": 1,
        "cpr": number,
        "code": code,
        "role": "I" if code.startswith("H") else "G",
        "occurred_on": day.isoformat(),
        "registered_at": registered.isoformat(),
        "district": "midt_og_vestjylland",
        "status": "valid",
        "source_system": "polsas",
        "source_reference": f"demo-{name}",
        "stood_alone": False,
    }


def in_pieces(items: list[Any], size: int) -> Iterator[list[Any]]:
    """Return a list piece by piece."""
    return (items[place : place + size] for place in range(0, len(items), size))
