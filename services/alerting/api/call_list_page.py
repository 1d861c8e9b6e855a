"""The call list as a page: large type, A4, no script, the same on the desk's screen, in a file and on paper."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from contracts.codes import authorities
from contracts.hverdage import DANISH_TIME
from services.alerting.domain.call_lists import CallList, Duty, ListedPlace

_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_CHANNELS = {"sms": "SMS", "voice": "Telefon"}
_STYLE = (files(__package__) / "call_list.css").read_text(encoding="utf-8")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
        f"{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
    ),
    "Content-Language": "da",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(listed: CallList, age_s: float | None = None) -> str:
    """Return the page of a list; its age where it is known, as in a file it is not."""
    people = {one.staff_id: one for one in listed.people}
    offices = [(_heading(duty), list(_turns(duty, people)), duty) for duty in listed.duties]
    return _template.render(listed=listed, offices=offices, people=people, age=_age(age_s), style=_STYLE)


def _heading(place: Duty | ListedPlace) -> str:
    known = authorities().get(place.authority)
    return f"{known.name if known else place.authority}: {place.office}, {place.role}"


def _turns(duty: Duty, people: dict[Any, Any]) -> Iterator[tuple[int, str, str, list[Any]]]:
    for turn in duty.turns:
        yield (
            turn.line,
            _moment(turn.starts_at),
            _moment(turn.ends_at),
            [people[who] for who in turn.staff if who in people],
        )


def _moment(at: datetime) -> str:
    """Return a moment as it is said in Danish, by the clock in Denmark."""
    local = at.astimezone(DANISH_TIME)
    return f"{_DAYS[local.weekday()]} {local.day}.{local.month}. kl. {local:%H.%M}"


def _channel(code: str) -> str:
    return _CHANNELS.get(code, code)


def _age(age_s: float | None) -> str:
    if age_s is None:
        return ""
    minutes = int(age_s // 60)
    return f"{minutes // 60} timer og {minutes % 60} minutter" if minutes >= 60 else f"{minutes} minutter"  # noqa: PLR2004  minutes an hour


def _read_template() -> Template:
    environment = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": _moment, "channel": _channel, "heading": _heading}
    return environment.get_template("call_list.html")


_template = _read_template()
