"""An alert of our own becomes CAP 1.2: Danish first, English beside; an exercise says that it is one."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.etree import _Element as Element

from contracts.codes import Mode
from services.beredskabsstab.domain.cap import (
    DEMONSTRATION,
    HEADLINE_MAX,
    KOMMUNEKODE,
    NAMESPACE,
    STATUS_OF,
    Alert,
    Area,
    CapInvalid,
    MsgType,
    Publisher,
    Words,
)
from services.beredskabsstab.domain.cap_rules import N, faults

HERE = ZoneInfo("Europe/Copenhagen")
DANISH, ENGLISH = "da-DK", "en-GB"
RESTRICTION = "Kun for deltagerne i øvelsen"
FRAMES = {
    DANISH: ("ØVELSE: ", "ØVELSE ØVELSE ØVELSE\n", "\nØVELSE SLUT"),
    ENGLISH: ("EXERCISE: ", "EXERCISE EXERCISE EXERCISE\n", "\nEND OF EXERCISE"),
}
"""What stands before a headline and around a description in an exercise: the sender writes it, no author."""
SAYS_DEMONSTRATION = {DANISH: f"{DEMONSTRATION}\n", ENGLISH: "Demonstration, not an authority\n"}
EXAMPLE = re.compile(r"[^\s/@]+@(?:[\w-]+\.)*[\w-]+\.example|(?:[\w-]+\.)*[\w-]+\.example")
EXAMPLE_LINK = re.compile(r"https?://(?:[\w-]+\.)*[\w-]+\.example(?:[:/]\S*)?")


def write(alert: Alert, publisher: Publisher) -> bytes:
    """Return the document: valid by the schema and by section 3, or refused.

    Raises:
        CapInvalid: what was filled in makes no valid document; nothing is published.
    """
    wrong = [*_own_faults(alert, publisher)]
    if wrong:
        raise CapInvalid(wrong)
    try:
        document = _document(alert, publisher)
    except ValueError as failed:
        # A control character, or half of a pair of surrogates: no XML can hold it.
        raise CapInvalid(["teksten indeholder tegn, der ikke kan stå i XML"]) from failed
    wrong = faults(document)
    if wrong:
        raise CapInvalid(wrong)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def written(at: datetime) -> str:
    """Return a time as CAP wants it: Danish time in whole seconds, with the offset; no offset is `-00:00`."""
    if at.utcoffset() is None:
        raise CapInvalid(["et tidspunkt har ingen tidszone"])
    here = at.astimezone(HERE).replace(microsecond=0)
    return here.isoformat() if here.utcoffset() else f"{here.replace(tzinfo=None).isoformat()}-00:00"


def _own_faults(alert: Alert, publisher: Publisher) -> Iterator[str]:
    """Yield what we ask of ourselves beyond the standard."""
    if publisher.demonstration and not EXAMPLE.fullmatch(publisher.sender):
        yield "sender: en demonstration sender kun under .example"
    if publisher.demonstration and alert.web and not EXAMPLE_LINK.fullmatch(alert.web):
        yield "web: en demonstration henviser kun til .example"
    if (publisher.mode is Mode.EXERCISE) != bool(alert.exercise.strip()):
        yield "note: øvelsens id hører til i en øvelse, og kun der"
    if (alert.msg_type is MsgType.ALERT) == bool(alert.references):
        yield "references: hører til en opdatering eller annullering, og kun der"
    if alert.info.expires.utcoffset() is None or alert.sent.utcoffset() is None:
        yield "et tidspunkt har ingen tidszone"
    elif alert.info.expires <= alert.sent:
        yield "expires: skal ligge efter sent"
    if not alert.info.areas:
        yield "area: skal siges"
    for words in filter(None, (alert.danish, alert.english)):
        yield from _faults_of_words(words)


def _faults_of_words(words: Words) -> Iterator[str]:
    if not words.headline.strip() or not words.description.strip():
        yield "headline og description: skal have indhold"
    if len(words.headline) > HEADLINE_MAX or "\n" in words.headline:
        yield f"headline: højst {HEADLINE_MAX} tegn på én linje"


def _document(alert: Alert, publisher: Publisher) -> Element:
    root = etree.Element(f"{N}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None is the default one
    is_exercise = publisher.mode is Mode.EXERCISE
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", publisher.sender)
    _add(root, "sent", written(alert.sent))
    _add(root, "status", STATUS_OF[publisher.mode])
    _add(root, "msgType", alert.msg_type)
    _add(root, "source", DEMONSTRATION if publisher.demonstration else "")
    _add(root, "scope", "Restricted" if is_exercise else "Public")
    _add(root, "restriction", RESTRICTION if is_exercise else "")
    _add(root, "note", alert.exercise)
    _add(root, "references", " ".join(f"{r.sender},{r.identifier},{written(r.sent)}" for r in alert.references))
    _info(root, alert, publisher, DANISH, alert.danish)
    if alert.english is not None:
        _info(root, alert, publisher, ENGLISH, alert.english)
    return root


def _info(root: Element, alert: Alert, publisher: Publisher, language: str, said: Words) -> None:
    info, facts, words = etree.SubElement(root, f"{N}info"), alert.info, _framed(said, publisher, language)
    _add(info, "language", language)
    for category in facts.categories:
        _add(info, "category", category)
    _add(info, "event", words.event)
    for response in facts.response_types:
        _add(info, "responseType", response)
    _add(info, "urgency", facts.urgency)
    _add(info, "severity", facts.severity)
    _add(info, "certainty", facts.certainty)
    _add(info, "onset", written(facts.onset) if facts.onset else "")
    _add(info, "expires", written(facts.expires))
    _add(info, "senderName", _sender_name(publisher))
    _add(info, "headline", words.headline)
    _add(info, "description", words.description)
    _add(info, "instruction", words.instruction)
    _add(info, "web", alert.web)
    for area in facts.areas:
        _area(info, area)


def _framed(words: Words, publisher: Publisher, language: str) -> Words:
    """Return the words with what only the sender writes: that it is an exercise, that it is a demonstration."""
    headline, begins, ends = FRAMES[language] if publisher.mode is Mode.EXERCISE else ("", "", "")
    begins += SAYS_DEMONSTRATION[language] if publisher.demonstration else ""
    return Words(words.event, headline + words.headline, begins + words.description + ends, words.instruction)


def _sender_name(publisher: Publisher) -> str:
    return f"{publisher.sender_name} ({DEMONSTRATION})" if publisher.demonstration else publisher.sender_name


def _area(info: Element, area: Area) -> None:
    found = etree.SubElement(info, f"{N}area")
    _add(found, "areaDesc", area.description)
    for polygon in area.polygons:
        _add(found, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in polygon))
    for lat, lon, radius in area.circles:
        _add(found, "circle", f"{lat:.5f},{lon:.5f} {radius:.3f}")
    for code in area.kommunekoder:
        geocode = etree.SubElement(found, f"{N}geocode")
        _add(geocode, "valueName", KOMMUNEKODE)
        _add(geocode, "value", code)


def _add(parent: Element, name: str, value: str) -> None:
    """Add an element, unless there is nothing to say: the schema or the rules find what must not be missing."""
    if value:
        etree.SubElement(parent, N + name).text = str(value)
