"""Reaching out to victims: which units of the police have told of Offerrådgivningen, and which have not (O-6.7-04)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from contracts.refusal import Refusal

HAND_OUT = "offer_1"
"""The text that goes to whoever becomes a victim."""


class UnknownUnit(Refusal):
    """No unit of the police is called so."""

    slug = "unknown-unit"
    status = 422
    title = "Enheden findes ikke."
    todo = "Vælg en af dem, der står i units."


class NotYetHeld(Refusal):
    """The day lies ahead."""

    slug = "not-yet-held"
    status = 422
    title = "Dagen er ikke kommet endnu."
    todo = "Registrér indsatsen, når den er gennemført."


class OutreachKnown(Refusal):
    """That unit's outreach of that day is there."""

    slug = "outreach-known"
    title = "Enhedens indsats den dag er registreret."
    todo = "Der er ikke mere at gøre. Var der to den dag, tæller de som én."


@cache
def units() -> Mapping[str, str]:
    """Return every unit by its code, with its name in Danish."""
    text = (files("services.referrals.domain") / "data" / "outreach_units.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def check(unit: str, held_on: date, today: date) -> None:
    """Refuse what cannot have been.

    Raises:
        UnknownUnit: there is no such unit.
        NotYetHeld: the day lies ahead.
    """
    if unit not in units():
        raise UnknownUnit(units=", ".join(units()))
    if held_on > today:
        raise NotYetHeld


def without(times: Mapping[str, int]) -> list[str]:
    """Return the names of the units that have not reached out."""
    return [name for unit, name in units().items() if not times.get(unit)]
