"""Minutes as a page: the one source of the PDF and of the document for word processors."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.councils.api.page import danish_day
from services.councils.domain.minutes import Document

DENMARK = ZoneInfo("Europe/Copenhagen")

KINDS = {"orientering": "Orientering", "droeftelse": "Drøftelse", "beslutning": "Beslutning"}
OUTCOMES = {
    "noted": "Taget til efterretning",
    "approved": "Godkendt",
    "discussed": "Drøftet",
    "decided": "Besluttet",
    "start": "Besluttet: iværksættes",
    "not_start": "Besluttet: iværksættes ikke",
    "put_off": "Udskudt",
    "carried": "Samme punkt på næste møde",
}
STATUSES = {"present": "til stede", "deputy": "ved stedfortræder", "apology": "afbud", "absent": "udeblevet"}


def page_of(document: Document, mark: str | None) -> dict[str, Any]:
    """Return what is set: a title, facts about the meeting, each point with its lines, and what was left out."""
    return {
        "title": f"Referat af {document['number']}, {document['council']}",
        "mark": mark,
        "facts": _facts(document),
        "points": [_point(one) for one in document["items"]],
        "left_out": [f"{one['title']}: {one['reason']}" for one in document["left_out"]],
    }


def _facts(document: Document) -> dict[str, str]:
    begins, ends = (datetime.fromisoformat(document[name]).astimezone(DENMARK) for name in ("starts_at", "ends_at"))
    there = [f"{one['seat']} ({STATUSES[one['status']]})" for one in document["attendance"]]
    return {
        "Tid": f"{danish_day(begins)} kl. {begins:%H.%M}-{ends:%H.%M}",
        "Sted": document["place"],
        "Deltagere": "; ".join(there) or "ikke oplyst",
        "Beslutningsdygtigt": "ja" if document["quorate"] else f"nej: {document['lacking']}",
        "Åbent for offentligheden": "ja" if document["open_to_public"] else "nej",
    }


def _point(one: Document) -> dict[str, Any]:
    if "outcome" not in one:
        return {"number": one["no"], "title": one["title"], "lines": []}
    lines = [("Emne", KINDS[one["kind"]]), ("Ansvarlig", one["responsible"]), ("Planens afsnit", one["paragraph"])]
    lines += [("Drøftelse", one["text"]), ("Resultat", OUTCOMES[one["outcome"]]), ("Beslutning", one["decision"])]
    lines += [("Tages op igen", danish_day(one["put_off_to"]) if one["put_off_to"] else "")]
    lines += [("Opgave", f"{task['task']} ({task['owner']}, {danish_day(task['due'])})") for task in one["actions"]]
    return {"number": one["no"], "title": one["title"], "lines": [list(line) for line in lines if line[1]]}
