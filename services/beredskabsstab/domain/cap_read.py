"""A warning of another authority is read, from CAP 1.2 or from our JSON form; what is unsafe or wrong is refused.

Nothing is guessed: a message that we do not take (an acknowledgement, a test, an exercise in the live system) is
refused, and never becomes a new warning.
"""

import re
from datetime import datetime
from itertools import chain

from lxml import etree
from lxml.etree import _Element as Element

from contracts.codes import Mode, municipalities
from services.beredskabsstab.domain.cap import (
    MAX_BYTES,
    STATUS_OF,
    CapInvalid,
    CapTooLarge,
    CapUnsafe,
    CapUnsupported,
    CapWrongMode,
    Category,
    Certainty,
    MsgType,
    ReceivedWarning,
    Reference,
    Severity,
    Status,
    Urgency,
)
from services.beredskabsstab.domain.cap_rules import NAMES_WITHOUT, N, as_time, faults, kommunekoder, text, texts

DEPTH_MAX = 16
"""An alert is six elements deep, a signature in it some more."""
ATTRIBUTES_MAX = 32
PARTS_MAX = 10_000
"""Elements and attributes. The validator takes minutes for 100,000 wrong ones: its time grows with their square."""
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
SCHEMA_HINTS = {f"{INSTANCE}schemaLocation", f"{INSTANCE}noNamespaceSchemaLocation"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Guard:
    """Looks at a document while it is read, keeps nothing of it, and stops at the first thing that is unsafe."""

    def __init__(self) -> None:
        self.depth = self.parts = 0

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:  # noqa: ARG002  lxml calls it so
        self.depth, self.parts = self.depth + 1, self.parts + 1 + len(attrib)
        if self.depth > DEPTH_MAX or len(attrib) > ATTRIBUTES_MAX or self.parts > PARTS_MAX:
            raise CapUnsafe

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002  as start
        self.depth -= 1

    def doctype(self, *_: object) -> None:
        raise CapUnsafe

    def data(self, data: str | bytes) -> None:
        """Keep nothing."""

    def comment(self, text: str | bytes) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Return nothing: only what it refused matters."""


def _parser(target: _Guard | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def read(body: bytes, mode: Mode) -> ReceivedWarning:
    """Return the warning in a CAP document.

    Raises:
        CapTooLarge: it has more than `MAX_BYTES` bytes.
        CapUnsafe: it has a document type, or is nested deeper than any warning.
        CapInvalid: it is no valid CAP 1.2.
        CapUnsupported: it is an acknowledgement or an error.
        CapWrongMode: it is live and this an exercise, or the other way, or it is a test, a draft or for the system.
    """
    document = parse(body)
    wrong = faults(document)
    if wrong:
        raise CapInvalid(wrong)
    if text(document, "msgType") not in set(MsgType):
        raise CapUnsupported
    return _in_mode(_warning(document), mode)


def accept(warning: ReceivedWarning, mode: Mode) -> ReceivedWarning:
    """Return a warning that came in our JSON form, when it follows the same rules.

    Raises:
        CapInvalid: a rule says no.
        CapWrongMode: as in `read`.
    """
    wrong = _wrong(warning)
    if wrong:
        raise CapInvalid(wrong)
    return _in_mode(warning, mode)


def parse(body: bytes) -> Element:
    """Return the document, read without entities, network or document type."""
    if len(body) > MAX_BYTES:
        raise CapTooLarge(limit=MAX_BYTES)
    try:
        etree.fromstring(body, _parser(_Guard()))
        document = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, UnicodeError, LookupError) as failed:
        raise CapInvalid(["dokumentet er ikke velformet XML"]) from failed
    # The validator would fetch whatever schema a document names for itself.
    for element in document.iter(etree.Element):
        for name in SCHEMA_HINTS & {str(own) for own in element.attrib}:
            del element.attrib[name]
    return document


def _in_mode(warning: ReceivedWarning, mode: Mode) -> ReceivedWarning:
    if warning.status is not STATUS_OF[mode]:
        raise CapWrongMode
    return warning


def _warning(alert: Element) -> ReceivedWarning:
    infos = _in_one_language(alert.findall(f"{N}info"))
    # A cancellation may come without any: then all that it says is what it cancels.
    worst = min(infos, key=_gravity, default=etree.Element("none"))
    areas = [area for info in infos for area in info.findall(f"{N}area")]
    return ReceivedWarning(
        identifier=text(alert, "identifier"),
        sender=text(alert, "sender"),
        sent=datetime.fromisoformat(text(alert, "sent")),
        msg_type=MsgType(text(alert, "msgType")),
        status=Status(text(alert, "status")),
        event=text(worst, "event"),
        categories=tuple(map(Category, texts(worst, "category"))),
        urgency=Urgency(text(worst, "urgency") or Urgency.UNKNOWN),
        severity=Severity(text(worst, "severity") or Severity.UNKNOWN),
        certainty=Certainty(text(worst, "certainty") or Certainty.UNKNOWN),
        headline=text(worst, "headline"),
        onset=min(_times(infos, "onset"), default=None),
        expires=_last(infos),
        areas=tuple(dict.fromkeys(text(area, "areaDesc") for area in areas)),
        kommunekoder=tuple(dict.fromkeys(chain.from_iterable(map(kommunekoder, areas)))),
        references=tuple(map(_reference, text(alert, "references").split())),
    )


def _gravity(info: Element) -> int:
    return list(Severity).index(Severity(text(info, "severity")))


def _last(infos: list[Element]) -> datetime | None:
    """Return when the last one expires; one that never says leaves it open."""
    found = _times(infos, "expires")
    return max(found, default=None) if len(found) == len(infos) else None


def _in_one_language(infos: list[Element]) -> list[Element]:
    """Return the Danish ones, else those in the language of the first: several may be in one, each for its area."""
    languages = [(text(info, "language") or "en-US").lower() for info in infos]
    danish = [info for info, language in zip(infos, languages, strict=True) if language.split("-")[0] == "da"]
    return danish or [info for info, language in zip(infos, languages, strict=True) if language == languages[0]]


def _times(infos: list[Element], name: str) -> list[datetime]:
    return [at for at in (as_time(text(info, name)) for info in infos) if at is not None]


def _reference(written: str) -> Reference:
    sender, identifier, sent = written.split(",")
    return Reference(sender, identifier, datetime.fromisoformat(sent))


def _wrong(warning: ReceivedWarning) -> list[str]:
    """Hold the JSON form against the rules that it can break."""
    names = {"identifier": warning.identifier, "sender": warning.sender}
    said = {"event": warning.event, "headline": warning.headline, "areas": " ".join(warning.areas)}
    wrong = [
        f"{name}: skal have indhold, og hverken mellemrum, komma, < eller &"
        for name, value in names.items()
        if not NAMES_WITHOUT.fullmatch(value)
    ]
    wrong += [f"{name}: indeholder styretegn" for name, value in (names | said).items() if CONTROL.search(value)]
    wrong += [f"{name}: skal have en tidszone" for name in ("sent", "onset", "expires") if _is_naive(warning, name)]
    if not wrong and warning.onset and warning.expires and warning.expires <= warning.onset:
        wrong.append("expires: skal ligge efter onset")
    if warning.msg_type is not MsgType.CANCEL and not (warning.event.strip() and warning.categories):
        wrong.append("event og category: skal have indhold")
    if warning.msg_type is not MsgType.ALERT and not warning.references:
        wrong.append("references: kræves ved msgType Update og Cancel")
    if any(code not in municipalities() for code in warning.kommunekoder):
        wrong.append("kommunekoder: skal være blandt de 98")
    return wrong


def _is_naive(warning: ReceivedWarning, name: str) -> bool:
    at: datetime | None = getattr(warning, name)
    return at is not None and at.utcoffset() is None
