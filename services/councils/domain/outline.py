"""What a new plan begins as: last year's text, or the sections that it must have (O-0-02)."""

from copy import deepcopy
from typing import Any

Data = dict[str, Any]

SECTIONS = (
    ("1", "Kredsrådets organisering og ansvar", "organisation"),
    ("2", "Lokalrådenes organisering og ansvar", "interplay"),
    ("3", "Prioriterede indsatsområder", "priorities"),
)
OF_ITS_YEAR = ("area_lists", "source_notes", "initiatives", "local_focus_areas")
"""What the ministry, the source or the year itself has said: it is not carried over."""


def of_kredsraad(title: str, year: int, before: Data | None) -> Data:
    """Return the first text of the kredsraad's plan of a year; `before` is the newest plan of an earlier one."""
    if before is not None:
        kept = {name: value for name, value in before.items() if name not in OF_ITS_YEAR}
        return deepcopy(kept) | _named(before, year)
    sections = [{"number": number, "heading": heading, "role": role} for number, heading, role in SECTIONS]
    parts = [{"number": 1, "heading": "Del 1", "sections": sections}, {"number": 2, "heading": "Del 2"}]
    return {"title": f"Samarbejdsplan for {title} {year}", "year": year, "foreword": {"heading": "Forord"}} | {
        "parts": parts
    }


def of_lokalraad(title: str, year: int, before: Data | None) -> Data:
    """Return the first text of a lokalraad's plan: what it worked on, without what was done about it."""
    if before is None:
        return {"title": f"Lokal samarbejdsplan for {title} {year}", "year": year}
    areas = [{name: area[name] for name in area if name != "initiatives"} for area in before.get("work_areas", ())]
    focus = [{"number": one["number"], "title": one["title"]} for one in before.get("focus_areas", ())]
    kept = {"work_areas": areas, "focus_areas": focus, "sections": before.get("sections", [])}
    return deepcopy(kept) | _named(before, year)


def _named(before: Data, year: int) -> Data:
    return {"title": before["title"].replace(str(before["year"]), str(year)), "year": year}
