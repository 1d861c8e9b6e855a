"""The form of a message: what stands in it beforehand, and the command that it means once it is filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from contracts.codes import municipalities
from services.beredskabsstab.api.page import WHOLE, Faults
from services.beredskabsstab.domain.cap import Category as About
from services.beredskabsstab.domain.cap import Certainty, Info, ResponseType, Severity, Urgency, Words
from services.beredskabsstab.domain.information import Audience, Form, Message
from services.beredskabsstab.domain.message_words import field, from_field, hour

Typed = dict[str, str]
"""What stands in the form, by field; a box that is ticked is there."""

DANISH = {"event": "emne", "headline": "overskrift", "description": "tekst", "instruction": "raad"}
ENGLISH = {name: f"en-{sent}" for name, sent in DANISH.items()}
FACTS = ("art", "hastighed", "alvor", "sikkerhed", "handling", "udloeb", "begynder", "hvor")
HOLES = ("sted", "tid", "grad")
FIELDS = (*DANISH.values(), *ENGLISH.values(), *FACTS, *HOLES, "livstruende", "standard")
TO, PLACE, SECTOR = "til-", "kommune-", "sektor-"
"""The beginnings of the fields that are boxes: a form's fields of one name are one."""
ANSWERS = {"ja": True, "nej": False}
HOLDS = timedelta(hours=6)
"""For how long a new warning is proposed to hold: its author says otherwise, or it ends by itself."""
SOON = timedelta(hours=1)

PLACES: dict[str, tuple[str, str]] = {
    "audiences": ("til", "Vælg mindst én modtager."),
    "danish.event": ("emne", "Skriv, hvad det drejer sig om, på én linje med højst 140 tegn."),
    "danish.headline": ("overskrift", "Skriv en overskrift på én linje med højst 140 tegn."),
    "danish.description": ("tekst", "Skriv teksten, højst 2000 tegn."),
    "danish.instruction": ("raad", "Rådet kan have 2000 tegn."),
    "english.event": ("en-emne", "Skriv også på engelsk, hvad det drejer sig om, på én linje med højst 140 tegn."),
    "english.headline": ("en-overskrift", "Skriv en engelsk overskrift på én linje med højst 140 tegn."),
    "english.description": ("en-tekst", "Skriv den engelske tekst, højst 2000 tegn."),
    "english.instruction": ("en-raad", "Det engelske råd kan have 2000 tegn."),
    "info.areas.description": ("hvor", "Skriv på én linje, hvor varslet gælder."),
    "info.areas.kommunekoder": ("kommuner", "Vælg kommuner på listen."),
    "info.categories": ("art", "Vælg, hvad faren er."),
    "info.severity": ("alvor", "Vælg, hvor alvorligt det er."),
    "info.urgency": ("hastighed", "Vælg, hvornår folk skal handle."),
    "info.certainty": ("sikkerhed", "Vælg, hvor sikkert det er."),
    "info.response_types": ("handling", "Vælg, hvad folk skal gøre."),
    "info.onset": ("begynder", "Skriv dato og klokkeslæt, eller lad feltet stå tomt."),
    "info.expires": ("udloeb", "Skriv dato og klokkeslæt for, hvor længe varslet gælder."),
    "standard.fillings": ("sted", "Udfyld hvert felt kort, på én linje."),
    "sectors": ("sektorer", "Vælg myndigheder på listen."),
}
"""Where a fault of a body stands in the form, and in which words."""


def typed_of(form: Mapping[str, str]) -> Typed:
    """Read what was sent, with a line's end as everybody but a browser writes it."""
    known = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    return known | {name: "on" for name in form if name.startswith((TO, PLACE, SECTOR))}


def ticked(typed: Typed, prefix: str) -> list[str]:
    """Return what is ticked among boxes."""
    return sorted(name.removeprefix(prefix) for name in typed if name.startswith(prefix))


# -- beforehand --------------------------------------------------------------------------------------------------------


def new_typed(form: Form, title: str, places: Iterable[str], now: datetime) -> Typed:
    """Return the form of a new message: what the incident says stands there already."""
    codes = [code for code in places if code in municipalities()]
    where = " og ".join(f"{municipalities()[code].name} Kommune" for code in codes)
    empty = dict.fromkeys(FIELDS, "") | {"sted": where, "tid": f"kl. {hour(now)}"}
    if form is Form.INFORMATION:
        return empty | {f"{TO}{Audience.INTERNAL}": "on"}
    facts = {
        "emne": title,
        "art": About.SAFETY,
        "hastighed": Urgency.IMMEDIATE,
        "alvor": Severity.SEVERE,
        "sikkerhed": Certainty.LIKELY,
        "udloeb": field(now + HOLDS),
        "hvor": where,
    }
    boxes = {f"{TO}{Audience.POPULATION}": "on"} | {f"{PLACE}{code}": "on" for code in codes}
    return empty | facts | boxes


def typed_from(message: Message, now: datetime) -> Typed:
    """Return the form of a message that is there."""
    made = dict.fromkeys(FIELDS, "")
    for names, words in ((DANISH, message.danish), (ENGLISH, message.english)):
        made |= {names[name]: said for name, said in asdict(words).items()} if words else {}
    if message.life_threatening is not None:
        made["livstruende"] = "ja" if message.life_threatening else "nej"
    made |= {f"{TO}{one}": "on" for one in message.audiences} | {f"{SECTOR}{one}": "on" for one in message.sectors}
    return made | (_facts(message.info, now) if message.info else {})


def _facts(info: Info, now: datetime) -> Typed:
    facts = {
        "art": info.categories[0],
        "hastighed": info.urgency,
        "alvor": info.severity,
        "sikkerhed": info.certainty,
        "handling": info.response_types[0] if info.response_types else "",
        "udloeb": field(info.expires if info.expires > now else now + HOLDS),
        "begynder": field(info.onset) if info.onset else "",
        "hvor": info.areas[0].description,
    }
    return facts | {f"{PLACE}{code}": "on" for code in info.areas[0].kommunekoder}


# -- what it means -----------------------------------------------------------------------------------------------------


def said(typed: Typed, form: Form, before: Info | None = None) -> dict[str, Any]:
    """Return the fields of a body that a filled-in form means; what the form has no field for stays as it was."""
    made: dict[str, Any] = {"sectors": ticked(typed, SECTOR)}
    if typed["standard"]:
        fillings = {hole: typed[hole] for hole in HOLES if typed[hole]}
        made["standard"] = {"standard_id": typed["standard"], "fillings": fillings}
    else:
        made |= {"danish": _words(typed, DANISH), "english": _words(typed, ENGLISH)}
    return made | ({"info": _info(typed, before)} if form is Form.WARNING else {})


def drafting(typed: Typed, form: Form) -> dict[str, Any]:
    """Return the fields of a new message's body."""
    legal = {"life_threatening": ANSWERS.get(typed["livstruende"])}
    return said(typed, form) | legal | {"form": form, "audiences": ticked(typed, TO)}


def _words(typed: Typed, names: dict[str, str]) -> dict[str, str] | None:
    words = {name: typed[sent] for name, sent in names.items()}
    if names is ENGLISH and not any(said for name, said in words.items() if name != "event"):
        return None
    # Ordinary information names no event of its own.
    return words | {"event": words["event"] or words["headline"]}


def _info(typed: Typed, before: Info | None) -> dict[str, Any]:
    area = {"description": typed["hvor"], "kommunekoder": ticked(typed, PLACE)}
    areas, response = [area], [typed["handling"]] if typed["handling"] else []
    categories = [typed["art"]]
    if before is not None:
        areas = [asdict(before.areas[0]) | area, *(asdict(one) for one in before.areas[1:])]
        response += before.response_types[1:]
        categories += before.categories[1:]
    return {
        "categories": categories,
        "urgency": typed["hastighed"],
        "severity": typed["alvor"],
        "certainty": typed["sikkerhed"],
        "expires": from_field(typed["udloeb"]),
        "onset": from_field(typed["begynder"]) if typed["begynder"] else None,
        "areas": areas,
        "response_types": response,
    }


def cancelling(message: Message, typed: Typed, now: datetime) -> dict[str, Any]:
    """Return the body of a cancellation: the same facts, past, and at least as long as it takes to read it."""
    danish = {"event": message.danish.event, "headline": typed["overskrift"], "description": typed["tekst"]}
    body: dict[str, Any] = {"correction": "cancel", "danish": danish}
    if message.english:
        body["english"] = asdict(_cancelled(message.english))
    if message.info:
        more = {"urgency": Urgency.PAST, "onset": None, "expires": max(message.info.expires, now + SOON)}
        body["info"] = asdict(message.info) | more | {"response_types": [ResponseType.ALL_CLEAR]}
    return body


def _cancelled(english: Words) -> Words:
    headline = f"Cancelled: {english.headline}"[:140]
    return Words(english.event, headline, "This message is cancelled and no longer applies.")


def cancel_typed(message: Message) -> Typed:
    """Return what a cancellation says where nobody writes something else."""
    text = f"Meddelelse nr. {message.number} er annulleret og gælder ikke mere: {message.danish.headline}"
    empty = dict.fromkeys(FIELDS, "")
    return empty | {"overskrift": f"Annulleret: {message.danish.headline}"[:140], "tekst": text}


# -- what is wrong -----------------------------------------------------------------------------------------------------


def faults_at(error: ValidationError) -> Faults:
    """Return what is wrong with a body, by field of the form and in the form's order."""
    paths = [".".join(part for part in one["loc"] if isinstance(part, str)) for one in error.errors()]
    found = dict(text for name, text in PLACES.items() if any(_is_at(path, name) for path in paths))
    return found or {WHOLE: "Noget i formularen kan ikke læses. Se felterne igennem."}


def _is_at(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")


def missing(typed: Typed, form: Form, *, is_new: bool = False) -> Faults:
    """Return what must be there before anybody is asked about the rest."""
    law = is_new and (form is Form.WARNING or f"{TO}{Audience.POPULATION}" in typed) and not typed["livstruende"]
    wanted = [] if typed["standard"] else ["danish.headline", "danish.description"]
    wanted += ["english.headline", "english.description"] if _words(typed, ENGLISH) else []
    wanted += ["info.areas.description"] if form is Form.WARNING else []
    empty = [("livstruende", "Svar ja eller nej.")] if law else []
    empty += [PLACES[name] for name in wanted if not typed[PLACES[name][0]]]
    begins, ends = (from_field(typed[name]) for name in ("begynder", "udloeb"))
    if begins and ends and begins >= ends:
        empty.append(("begynder", "Varslet kan ikke begynde, efter at det er slut."))
    if typed["begynder"] and begins is None:
        empty.append(PLACES["info.onset"])
    return dict(empty)
