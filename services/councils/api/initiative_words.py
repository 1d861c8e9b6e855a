"""What was changed in initiatives, as a page says it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.codes import authorities
from services.councils.domain.moments import day

FACTS = {
    "owner": "Ejer",
    "indicator": "Det, der måles",
    "target": "Tallet",
    "lower_is_better": "Om målet er højst eller mindst tallet",
    "target_on": "Frist",
    "legal_basis": "Grundlag",
}
"""What each fact that can be changed is called."""


def by_initiative(changes: Iterable[Mapping[str, Any]]) -> dict[UUID, list[dict[str, Any]]]:
    """Return what was changed in each initiative, in words, in the order in which it was."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for one in changes:
        values = {name: _in_words(one["fact"], one[name]) for name in ("was", "became")}
        found.setdefault(one["initiative_id"], []).append(dict(one) | values | {"fact": FACTS[one["fact"]]})
    return found


def _in_words(fact: str, value: str) -> str:
    if fact == "lower_is_better":
        return "højst" if value == "true" else "mindst"
    if fact == "target_on":
        return day(date.fromisoformat(value))
    if fact == "target":
        return value.replace(".", ",")
    known = authorities().get(value) if fact == "owner" else None
    return known.name if known else value
