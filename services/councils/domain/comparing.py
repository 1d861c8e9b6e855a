"""How two texts of a plan differ: sections by role or number, word by word; priorities and initiatives as wholes.

It reads plans as data, as they are kept and published: a version from before a field was known is still compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

LONG = 3000
"""Words in a section from which on frequent words no longer serve as landmarks: it would take too long."""

Data = dict[str, Any]
Words = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A section as it is compared: its own text, without what stands below it."""

    key: str
    number: str
    heading: str
    text: str


def passages(document: Data) -> Iterator[Passage]:
    """Walk a plan's text, the kredsraad's or a lokalraad's, in the order in which it is read."""
    if "foreword" in document:
        foreword = document["foreword"]
        yield Passage("foreword", "", foreword["heading"], _text(foreword.get("blocks", ())))
    for part in document.get("parts", ()):
        yield from _sections(part.get("sections", ()), "")
    for area in document.get("work_areas", ()):
        text = _text(area.get("description", ()))
        yield Passage(f"area {area['number']}", area["number"], area["title"], text)
    yield from _sections(document.get("sections", ()), "")
    yield from _sections(document.get("annexes", ()), "annex ")


def sections_between(old: Data, new: Data) -> list[Data]:
    """Return each section of two texts: same, changed, added or dropped, with the words of what changed."""
    before, after = ({one.key: one for one in passages(each)} for each in (old, new))
    keys = [*after, *(key for key in before if key not in after)]
    return [_section(before.get(key), after.get(key)) for key in keys]


def changed_numbers(old: Data, new: Data) -> tuple[str, ...]:
    """Return the numbers of the sections that differ between two texts."""
    changed = (one for one in sections_between(old, new) if one["state"] != "same")
    return tuple(
        dict.fromkeys(one["number"] for one in changed if re.fullmatch(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*", one["number"]))
    )


def words_between(old: str, new: str) -> Words:
    """Return a text's words as runs of what stays, what went and what came."""
    a, b = old.split(), new.split()
    matcher = SequenceMatcher(None, a, b, autojunk=max(len(a), len(b)) > LONG)
    runs: Words = []
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            runs.append({"op": "same", "text": " ".join(a[i:j])})
            continue
        runs += [{"op": "removed", "text": " ".join(a[i:j])}] if j > i else []
        runs += [{"op": "added", "text": " ".join(b[k:m])}] if m > k else []
    return runs


def compare(old: Data, new: Data) -> Data:
    """Return how the plan of one year became that of another: sections, priorities and initiatives."""
    return {
        "sections": sections_between(old, new),
        "priorities": _fates(_priorities(old), _priorities(new)),
        "local_priorities": _local(old, new),
        "primary_areas": _fates(_titles(old, "primary_areas"), _titles(new, "primary_areas")),
        "initiatives": _fates(_initiatives(old), _initiatives(new)),
    }


def _section(old: Passage | None, new: Passage | None) -> Data:
    one = new or old
    if one is None:
        return {}
    said: Data = {"number": one.number, "heading": one.heading, "state": _state(old, new)}
    if old and new and old.number != new.number:
        said["number_before"] = old.number
    if old and new and old.heading != new.heading:
        said["heading_before"] = old.heading
    if said["state"] != "same":
        said["words"] = words_between(old.text if old else "", new.text if new else "")
    return said


def _state(old: Passage | None, new: Passage | None) -> str:
    if old is None:
        return "added"
    if new is None:
        return "dropped"
    return "same" if (old.text, old.heading) == (new.text, new.heading) else "changed"


def _sections(sections: Any, above: str) -> Iterator[Passage]:  # noqa: ANN401  any JSON list
    for section in sections:
        number = section["number"]
        key = f"role {section['role']}" if section.get("role") else f"{above}{number}"
        yield Passage(key, number, section["heading"], _text(section.get("blocks", ())))
        # A number that does not repeat the one above it would meet its namesake elsewhere.
        inside = (
            above
            if number and all(_repeats(number, one) for one in section.get("sections", ()))
            else f"{above}{number} "
        )
        yield from _sections(section.get("sections", ()), inside)


def _repeats(number: str, section: Data) -> bool:
    return str(section["number"]).startswith(f"{number}.")


def _text(blocks: Any) -> str:  # noqa: ANN401  any JSON list
    return " ".join(block["text"] if block["kind"] == "paragraph" else " ".join(block["items"]) for block in blocks)


def _fates(old: dict[str, str], new: dict[str, str]) -> Data:
    return {
        "carried": [new[key] for key in new if key in old],
        "added": [new[key] for key in new if key not in old],
        "dropped": [old[key] for key in old if key not in new],
    }


def _priorities(document: Data) -> dict[str, str]:
    return _titles(document, "focus_areas")


def _titles(document: Data, of: str) -> dict[str, str]:
    return {one["title"].casefold().strip(): one["title"] for one in document.get(of, ())}


def _initiatives(document: Data) -> dict[str, str]:
    areas = [one for area in document.get("work_areas", ()) for one in area.get("initiatives", ())]
    return {one["initiative_id"]: one["title"] for one in [*document.get("initiatives", ()), *areas]}


def _local(old: Data, new: Data) -> list[Data]:
    before, after = (
        {
            one["kommunekode"]: {title.casefold(): title for title in one["titles"]}
            for one in each.get("local_focus_areas", ())
        }
        for each in (old, new)
    )
    codes = sorted({*before, *after})
    return [{"kommunekode": code, **_fates(before.get(code, {}), after.get(code, {}))} for code in codes]
