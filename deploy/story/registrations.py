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
DAYS = 3 * 365
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
    """Return `count` registrations of the three years before a day; `run` keeps repeated stories apart."""
    chance = Random(f"{run} {today}")  # noqa: S311  the same story for the same day; nothing is kept secret
    told_of = _plain_families(families, run)
    lines = [_enough_alone(family, kommune, today, run) for kommune, family in sorted(told_of.items())]
    others = [family for family in families.families if family not in told_of.values()]
    lines += [_any(chance, others, today, run, number) for number in range(count - len(lines))]
    chance.shuffle(lines)
    return Batch(lines, told_of)


def _plain_families(families: Families, run: int) -> dict[str, Family]:
    """Return one family of each of the three municipalities, another one for each story."""
    found = {}
    for kommune in ENOUGH_ALONE:
        plain = [one for one in families.families if one.kommune == kommune and one.shape == "together"]
        found[kommune] = plain[run % len(plain)]
    return found


def _enough_alone(family: Family, kommune: str, today: date, run: int) -> dict[str, Any]:
    code = ENOUGH_ALONE[kommune]
    return registration_line(f"story-{run}-{kommune}", family.adults[0], code, today)


def _any(chance: Random, families: list[Family], today: date, run: int, number: int) -> dict[str, Any]:
    # Squared: the first families have many registrations, the last hardly any.
    family = families[int(chance.random() ** 2 * len(families))]
    code = chance.choice(UNLISTED if chance.random() < 0.6 else LISTED)  # noqa: PLR2004  three of five are not listed
    return registration_line(
        f"story-{run}-{number}", chance.choice(family.adults), code, today - timedelta(days=chance.randrange(1, DAYS))
    )


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
