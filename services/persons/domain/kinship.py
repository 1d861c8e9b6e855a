"""Kinship: whether somebody is one of some people, or belongs to their household or their children's."""

from collections.abc import Set as AbstractSet
from datetime import date

from services.persons.domain.households import Custody, Dwelling, Households


def are_kin(facts: Households, own: AbstractSet[str], others: AbstractSet[str], today: date) -> bool:
    """Tell whether the owner of some numbers is a relative of the owners of others.

    They live in the same dwelling today, one holds or held custody of the other, or both of the same child. Custody of
    the past counts: a parent stays one. A building, and an institution of any kind, links nobody.
    """
    return bool(own & others) or _live_together(facts["dwellings"], own, others, today) or _raise(facts, own, others)


def _live_together(dwellings: list[Dwelling], own: AbstractSet[str], others: AbstractSet[str], today: date) -> bool:
    return bool(_homes(dwellings, own, today) & _homes(dwellings, others, today))


def _homes(dwellings: list[Dwelling], people: AbstractSet[str], today: date) -> set[str]:
    return {
        one["dwelling"]
        for one in dwellings
        if one["kind"] == "dwelling" and one["dwelling"] and one["person"] in people and _is_so(one, today)
    }


def _is_so(dwelling: Dwelling, today: date) -> bool:
    to = dwelling["to"]
    return date.fromisoformat(dwelling["from"]) <= today and (to is None or today < date.fromisoformat(to))


def _raise(facts: Households, own: AbstractSet[str], others: AbstractSet[str]) -> bool:
    custody = facts["custody"]
    mine, theirs = _children(custody, own), _children(custody, others)
    return bool(mine & others or theirs & own or mine & theirs)


def _children(custody: list[Custody], holders: AbstractSet[str]) -> set[str]:
    return {one["child"] for one in custody if one["holder"] in holders}
