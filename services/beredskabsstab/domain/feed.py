"""What was published, as an Atom 1.0 feed (RFC 4287): for whoever follows us without asking us first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree
from lxml.etree import _Element as Element

from contracts.codes import Mode
from services.beredskabsstab.domain.cap import DEMONSTRATION, MEDIA_TYPE, CapInvalid, Publisher
from services.beredskabsstab.domain.cap_write import DANISH

ATOM = "http://www.w3.org/2005/Atom"
FEED_TYPE = "application/atom+xml"
A = f"{{{ATOM}}}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One published message."""

    identifier: str
    """Its CAP identifier: the entry keeps its id as long as there is a feed."""
    headline: str
    published: datetime
    updated: datetime
    """When it was sent, or when a later message ended it."""
    page: str
    """Its public page."""
    cap: str
    """Where its CAP document is; none for ordinary information."""
    state: str
    """What it is now, in Danish: `gælder`, `opdateret`, `annulleret`, `udløbet`."""


def feed(entries: Sequence[Entry], publisher: Publisher, self_link: str, opened: datetime) -> bytes:
    """Return the feed, the newest first.

    Args:
        entries: what was published, in any order.
        publisher: who we are.
        self_link: the feed's own full address.
        opened: when the feed began: its `updated` while nothing has been published.

    Raises:
        CapInvalid: a headline holds what no XML can.
    """
    root = etree.Element(f"{A}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # None is the default one
    newest = sorted(entries, key=lambda one: (one.updated, one.identifier), reverse=True)
    _add(root, "id", f"urn:samvirke:{publisher.mode}:meddelelser:{publisher.sender}")
    _add(root, "title", _title(publisher))
    if publisher.demonstration:
        _add(root, "subtitle", DEMONSTRATION)
    _add(root, "updated", _time(newest[0].updated if newest else opened))
    _add(etree.SubElement(root, f"{A}author"), "name", publisher.sender_name)
    etree.SubElement(root, f"{A}link", rel="self", type=FEED_TYPE, href=self_link)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", DANISH)
    try:
        for one in newest:
            _entry(root, one, publisher)
    except ValueError as failed:
        raise CapInvalid(["teksten indeholder tegn, der ikke kan stå i XML"]) from failed
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _title(publisher: Publisher) -> str:
    title = f"Meddelelser fra {publisher.sender_name}"
    return f"ØVELSE ØVELSE ØVELSE: {title}" if publisher.mode is Mode.EXERCISE else title


def _entry(root: Element, one: Entry, publisher: Publisher) -> None:
    entry = etree.SubElement(root, f"{A}entry")
    marks = ["ØVELSE"] * (publisher.mode is Mode.EXERCISE) + [DEMONSTRATION] * publisher.demonstration
    _add(entry, "id", f"urn:samvirke:{publisher.mode}:meddelelse:{one.identifier}")
    title = ": ".join([*marks, one.headline])
    _add(entry, "title", title)
    _add(entry, "published", _time(one.published))
    _add(entry, "updated", _time(one.updated))
    etree.SubElement(entry, f"{A}category", term=one.state)
    etree.SubElement(entry, f"{A}link", rel="alternate", type="text/html", href=one.page)
    if one.cap:
        etree.SubElement(entry, f"{A}link", rel="enclosure", type=MEDIA_TYPE, href=one.cap)
    _add(entry, "summary", f"{title} ({one.state})")


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: Element, name: str, value: str) -> None:
    etree.SubElement(parent, A + name).text = value
