"""Household facts: what the register says by numbers, said again by ids."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypedDict
from uuid import UUID

from contracts.refusal import Refusal

MOST_ASKED = 1_000
"""How many persons one call may ask about; the answer covers their households too."""


class RegisterAway(Refusal):
    """The national register does not answer, or not in a way that can be read."""

    slug = "register-away"
    status = 503
    title = "Personregisteret svarer ikke lige nu."
    todo = "Prøv igen om lidt. Intet er gået tabt."


class Birth(TypedDict):
    """When a person was born: a fact of its own, never read from a number."""

    number: str
    born: str


# `from` is a word of Python, so these are written as calls.
Custody = TypedDict("Custody", {"child": str, "holder": str, "from": str, "to": str | None})
"""Who holds custody of a child, from the first day to the first day no longer."""

Dwelling = TypedDict(
    "Dwelling",
    {
        "person": str,
        "kind": str,
        "dwelling": str | None,
        "building": str | None,
        "kommune": str | None,
        "from": str,
        "to": str | None,
        "protected": bool,
    },
)
"""Where a person lives, down to floor and door."""

Placement = TypedDict("Placement", {"child": str, "handlekommune": str | None, "from": str, "to": str | None})
"""Which municipality acts for a placed child."""


class Households(TypedDict):
    """What the register answers about households, by numbers."""

    births: list[Birth]
    custody: list[Custody]
    dwellings: list[Dwelling]
    placements: list[Placement]


def joined(parts: Iterable[Households]) -> Households:
    """Return several answers as one."""
    whole = Households(births=[], custody=[], dwellings=[], placements=[])
    for part in parts:
        whole["births"] += part["births"]
        whole["custody"] += part["custody"]
        whole["dwellings"] += part["dwellings"]
        whole["placements"] += part["placements"]
    return whole


def numbers_in(facts: Households) -> set[str]:
    """Return every number that stands in the facts."""
    return set(_numbers(facts))


def _numbers(facts: Households) -> Iterator[str]:
    yield from (birth["number"] for birth in facts["births"])
    yield from (dwelling["person"] for dwelling in facts["dwellings"])
    yield from (placement["child"] for placement in facts["placements"])
    for custody in facts["custody"]:
        yield custody["child"]
        yield custody["holder"]


def by_ids(
    facts: Households, ids: Mapping[str, UUID], dwelling: Callable[[str], str], building: Callable[[str], str]
) -> dict[str, list[dict[str, object]]]:
    """Return the facts with ids for numbers and opaque names for dwellings and buildings; each fact once."""
    return {
        "births": _once({"person": ids[one["number"]], "born": one["born"]} for one in facts["births"]),
        "custody": _once({**one, "child": ids[one["child"]], "holder": ids[one["holder"]]} for one in facts["custody"]),
        "dwellings": _once(
            {
                **one,
                "person": ids[one["person"]],
                "dwelling": one["dwelling"] and dwelling(one["dwelling"]),
                "building": one["building"] and building(one["building"]),
            }
            for one in facts["dwellings"]
        ),
        "placements": _once({**one, "child": ids[one["child"]]} for one in facts["placements"]),
    }


def _once(rows: Iterator[dict[str, object]]) -> list[dict[str, object]]:
    # One person with several numbers gives the same fact several times.
    return list({tuple(row.values()): row for row in rows}.values())
