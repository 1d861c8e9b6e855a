"""The facts of a plan changed one at a time: what is focused on, which initiatives it names, what carries out what."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from contracts.refusal import Refusal

Data = dict[str, Any]
Facts = list[Data]

NAMES = ("focus_areas", "initiatives", "decisions")


class FactsChanged(Refusal):
    """Somebody else has changed the same list since it was read."""

    slug = "plan-facts-changed"
    title = "En anden har ændret indsatsområder eller indsatser i planen, siden du åbnede siden."
    todo = "Se, hvad der står nu, og gem så igen."


class PlaceMissing(Refusal):
    """The plan has no such area, section or decision."""

    slug = "plan-place-missing"
    status = 422
    title = "Planen har ikke det sted, som indsatsen skulle stå under."
    todo = "Vælg et sted på listen."


class NamedAlready(Refusal):
    """A plan names a thing once in one place."""

    slug = "plan-named-already"
    title = "Det står allerede i planen."
    todo = "Se listen på siden."


def require_seen(seen: Data, now: Data) -> None:
    """Refuse to change facts that are others than those that were read."""
    if list(_facts(seen)) != list(_facts(now)):
        raise FactsChanged


def with_focus(now: Data, new: Data) -> Data:
    """Return the plan with one more area to focus on; NamedAlready where its title or number stands there."""
    changed = deepcopy(now)
    found: Facts = changed.setdefault("focus_areas", [])
    number = new.get("number")
    if any(one["title"] == new["title"] or (number and one.get("number") == number) for one in found):
        raise NamedAlready
    found.append(new)
    return changed


def without_focus(now: Data, title: str) -> Data:
    """Return the plan without an area to focus on."""
    kept = [one for one in now.get("focus_areas", ()) if one["title"] != title]
    return deepcopy(now) | {"focus_areas": kept}


def places(document: Data, decisions: list[tuple[str, str]]) -> dict[str, str]:
    """Return where a plan can name an initiative, each with its words; `decisions` are those it must carry out."""
    if "parts" in document:
        return {"": "Hele planen"}
    areas = {f"omraade:{one['number']}": f"{one['number']} {one['title']}" for one in document.get("work_areas", ())}
    focus = {
        f"fokus:{one['number']}": f"Indsatsområde {one['number']} {one['title']}"
        for one in document.get("focus_areas", ())
    }
    return areas | focus | {f"beslutning:{one}": f"Kredsrådets beslutning: {words[:100]}" for one, words in decisions}


def with_initiative(now: Data, initiative: Data, where: str) -> Data:
    """Return the plan with an initiative named in a place.

    Args:
        now: the newest version.
        initiative: its `initiative_id` and `title`.
        where: `omraade:1`, `fokus:1` or `beslutning:…` of a lokalraad's plan; a section's number, or nothing, of the
            kredsraad's.

    Raises:
        PlaceMissing: the plan has no such place.
        NamedAlready: it stands there.
    """
    changed, its_id = deepcopy(now), initiative["initiative_id"]
    kind, _, number = where.partition(":")
    if "parts" in changed:
        section = {"section": where} if where else {}
        _append(changed.setdefault("initiatives", []), its_id, initiative | section)
    elif kind == "omraade":
        area = _numbered(changed.get("work_areas", []), number)
        _append(area.setdefault("initiatives", []), its_id, initiative)
    elif kind == "fokus":
        _append(_numbered(changed.get("focus_areas", []), number).setdefault("initiatives", []), its_id, its_id)
    elif kind == "beslutning" and number:
        _append(_carried(changed, number).setdefault("initiatives", []), its_id, its_id)
    else:
        raise PlaceMissing
    return changed


def without_initiative(now: Data, initiative_id: str) -> Data:
    """Return the plan without an initiative, wherever it was named; the initiative itself stays."""
    changed = deepcopy(now)
    holders = [changed, *changed.get("work_areas", ())]
    for one in holders:
        if "initiatives" in one:
            one["initiatives"] = [each for each in one["initiatives"] if each["initiative_id"] != initiative_id]
    for one in [*changed.get("focus_areas", ()), *changed.get("decisions", ())]:
        if "initiatives" in one:
            one["initiatives"] = [each for each in one["initiatives"] if each != initiative_id]
    if "parts" in changed and not changed.get("initiatives"):
        # Left out where there are none, as the checksum of what was signed wants it.
        changed.pop("initiatives", None)
    return changed


def with_exemption(now: Data, where: str, reason: str) -> Data:
    """Return a lokalraad's plan that says why nothing carries out a decision, or an own area, this year."""
    changed = deepcopy(now)
    kind, _, number = where.partition(":")
    if kind == "fokus":
        _numbered(changed.get("focus_areas", []), number)["exemption"] = reason
    elif kind == "beslutning" and number and "parts" not in changed:
        _carried(changed, number)["exemption"] = reason
    else:
        raise PlaceMissing
    return changed


def named(document: Data) -> list[Data]:
    """Return the initiatives that a plan names with their titles, and where."""
    found = [one | {"where": one.get("section", "")} for one in document.get("initiatives") or ()]
    for area in document.get("work_areas", ()):
        found += [one | {"where": f"{area['number']} {area['title']}"} for one in area.get("initiatives", ())]
    return found


def _facts(document: Data) -> Iterator[object]:
    yield from (document.get(name) or [] for name in NAMES)
    yield [(area["number"], area.get("initiatives") or []) for area in document.get("work_areas", ())]


def _numbered(found: Facts, number: str) -> Data:
    for one in found:
        if one["number"] == number:
            return one
    raise PlaceMissing


def _carried(changed: Data, decision_id: str) -> Data:
    found: Facts = changed.setdefault("decisions", [])
    for one in found:
        if one["decision_id"] == decision_id:
            return one
    found.append({"decision_id": decision_id})
    return found[-1]


def _append(found: list[Any], its_id: str, new: object) -> None:
    if any((one["initiative_id"] if isinstance(one, dict) else one) == its_id for one in found):
        raise NamedAlready
    found.append(new)
