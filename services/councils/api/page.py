"""A published plan as a page that works without script, without cookies, and on paper."""

import base64
import hashlib
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from contracts.codes import municipalities
from services.councils.domain.kredsraad import district_municipalities

_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
LISTS = {
    "parallelsamfund": "Parallelsamfund",
    "forebyggelsesomraade": "Forebyggelsesområder",
    "udsat": "Udsatte boligområder",
}
STYLE = (files(__package__) / "plan.css").read_text(encoding="utf-8")

HEADERS = {
    # Nothing but this one style sheet may act on the page.
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
        f"{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
    ),
    "Content-Language": "da",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def render(plan: dict[str, Any]) -> str:
    """Return the page of a published plan."""
    document = plan["document"]
    local = plan.get("lokalraad") or local_of(document)
    return _template.render(plan=plan, document=document, local=local, style=STYLE)


def section_label(number: str) -> str:
    """Return a section's number as the plan writes it: `4.` for a chapter, `4.1` below it."""
    return number if "." in number else f"{number}."


def anchor(number: str, above: str | None) -> str:
    """Return a section's place on the page; one that does not repeat the number above it gets it in front."""
    own = number if above is None or number.startswith(f"{above}.") else f"{above}.{number}"
    return "afsnit-" + own.replace(".", "-")


def danish_day(at: str | datetime) -> str:
    """Return a day as it is written in Danish, by the clock in Denmark."""
    day = datetime.fromisoformat(at) if isinstance(at, str) else at.astimezone(ZoneInfo("Europe/Copenhagen"))
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def municipality(code: str) -> str:
    """Return a municipality's name."""
    return municipalities()[code].name


def local_of(document: dict[str, Any], own: dict[str, list[str]] | None = None) -> list[dict[str, Any]]:
    """Return for each of the eleven lokalraad what it has chosen and what it must take up; an empty group says so.

    What the document does not say is taken from the lokalraad's own published plan, by municipality (O-3-02).
    """
    chosen = {one["kommunekode"]: one for one in document["local_focus_areas"]}
    groups = []
    for code in district_municipalities():
        said = chosen.get(code, {"kommunekode": code, "titles": []})
        titles = said["titles"] or (own or {}).get(code, [])
        topics = [one for one in document["primary_areas"] if code in one["lokalraad"]]
        groups.append(said | {"titles": titles, "name": municipality(code), "topics": topics, "empty": not titles})
    return groups


def environment() -> Environment:
    """Return what makes pages: each variable must be known, and nothing in it is markup."""
    made = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": danish_day, "label": section_label, "municipality": municipality}
    made.globals |= {"anchor": anchor, "list_names": LISTS}
    return made


_template: Template = environment().get_template("plan.html")
