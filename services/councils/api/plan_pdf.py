"""A published plan as a tagged PDF: the same words as its page, in the same order, with bookmarks."""

from pathlib import Path
from typing import Any

from chassis.typesetting import typeset
from services.councils.api.page import LISTS, danish_day, local_of, municipality, section_label

TEMPLATE = Path(__file__).with_name("plan.typ")
"""How a plan is set."""


async def as_pdf(plan: dict[str, Any]) -> bytes:
    """Return the PDF of a published plan; ServiceAway when typesetting does not come to an end."""
    return await typeset(TEMPLATE, page_of(plan))


def page_of(plan: dict[str, Any]) -> dict[str, Any]:
    """Return what the template sets, as plain data."""
    document, signed = plan["document"], plan["signed"]
    return {
        "title": document["title"],
        "mark": plan.get("demonstration"),
        "footer": f"{document['title']}, udgave {plan['edition']}",
        "facts": _facts(plan),
        "foreword": document["foreword"],
        "signed_text": signed["text"],
        "signatures": [[one["name"], one["title"]] for one in signed["signatures"]],
        "parts": [part | {"sections": _labelled(part["sections"])} for part in document["parts"]],
        "annexes": _labelled(document["annexes"]),
        "local": [_local(one) for one in local_of(document)],
        "area_lists": [_areas(one) for one in document["area_lists"]],
        "notes": document["source_notes"],
        "document_sha256": plan["document_sha256"],
    }


def _facts(plan: dict[str, Any]) -> dict[str, str]:
    signed = plan["signed"]
    return {
        "Underskrevet": f"{signed['place']}, {danish_day(str(signed['signed_on']))}",
        "Hjemmel": "Retsplejelovens §§ 111-113",
        "Udgave": f"{plan['edition']}, offentliggjort {danish_day(plan['published_at'])}",
    }


def _labelled(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"label": section_label(one["number"]), "sections": _labelled(one["sections"])} for one in sections]


def _local(one: dict[str, Any]) -> dict[str, str]:
    topics = "; ".join(f"{topic['section']} {topic['title']}" for topic in one["topics"])
    return {
        "name": f"Lokalrådet i {one['name']}",
        "own": "; ".join(one["titles"]) or one.get("note", "Ingen"),
        "topics": topics or "intet, som planen nævner",
    }


def _areas(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": f"{LISTS[one['kind']]} {one['year']}: {one['count'] or 'ingen'}",
        "areas": [_area(area) for area in one["areas"]],
        "caveat": one.get("caveat_da"),
    }


def _area(area: dict[str, Any]) -> str:
    where = f"{area['name']}, {municipality(area['kommunekode'])}" if "name" in area else area["note"]
    if "crime_criterion" not in area:
        return str(where)
    return f"{where} ({'opfylder' if area['crime_criterion'] else 'opfylder ikke'} kriminalitetskriteriet)"
