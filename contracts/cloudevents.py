"""CloudEvents 1.0 in Kafka's binary mode: an envelope becomes headers, and headers become an envelope again.

Written here and not taken from a library because every record passes through it; the tests hold it against the
`cloudevents` package in both directions.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NoReturn
from uuid import UUID

from contracts.codes import Mode
from contracts.event import Envelope

CONTENT_TYPE = "application/json"
MAX_INTEGER = 2**31 - 1
"""CloudEvents' integers have 32 bits."""

NEEDED = frozenset(
    {
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_subject",
        "ce_time",
        "ce_correlationid",
        "ce_legalbasis",
        "ce_purpose",
        "content-type",
    }
)
"""The headers that every record has."""

OPTIONAL = frozenset(
    {"ce_dataschema", "ce_aggregateversion", "ce_mailboxsequence", "ce_causationid", "ce_mode", "traceparent"}
)
KNOWN = NEEDED | OPTIONAL
"""The headers that are read; all others are the sender's own business."""


class UnreadableEnvelope(Exception):
    """The headers are no envelope of ours; the reason names the header and never what it holds."""


def to_headers(envelope: Envelope) -> list[tuple[str, bytes]]:
    """Return the headers of a record that carries an event; what is None is left out."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": envelope.id,
        "ce_source": envelope.source,
        "ce_type": envelope.type,
        "ce_subject": envelope.subject,
        "ce_time": envelope.time.astimezone(UTC).isoformat(),
        "ce_dataschema": envelope.dataschema,
        "ce_aggregateversion": envelope.aggregate_version,
        "ce_mailboxsequence": envelope.mailbox_sequence,
        "ce_correlationid": envelope.correlation_id,
        "ce_causationid": envelope.causation_id,
        "ce_legalbasis": envelope.legal_basis,
        "ce_purpose": envelope.purpose,
        "ce_mode": envelope.mode,
        "traceparent": envelope.traceparent,
        "content-type": CONTENT_TYPE,
    }
    return [(name, str(value).encode()) for name, value in attributes.items() if value is not None]


def from_headers(headers: Iterable[tuple[str, bytes | None]] | None) -> Envelope:
    """Return the envelope of a record, or raise UnreadableEnvelope and nothing else, whatever stands there."""
    texts = _texts(headers or ())
    if _needed(texts, "ce_specversion") != "1.0":
        _refuse("ce_specversion", "is not 1.0")
    if _needed(texts, "content-type").partition(";")[0].strip().lower() != CONTENT_TYPE:
        _refuse("content-type", f"is not {CONTENT_TYPE}")
    return Envelope(
        id=_uuid("ce_id", _needed(texts, "ce_id")),
        type=_needed(texts, "ce_type"),
        source=_needed(texts, "ce_source"),
        subject=_needed(texts, "ce_subject"),
        time=_time("ce_time", _needed(texts, "ce_time")),
        correlation_id=_uuid("ce_correlationid", _needed(texts, "ce_correlationid")),
        legal_basis=_needed(texts, "ce_legalbasis"),
        purpose=_needed(texts, "ce_purpose"),
        mode=_mode(texts.get("ce_mode")),
        causation_id=_uuid("ce_causationid", texts["ce_causationid"]) if "ce_causationid" in texts else None,
        aggregate_version=_integer("ce_aggregateversion", texts.get("ce_aggregateversion")),
        mailbox_sequence=_integer("ce_mailboxsequence", texts.get("ce_mailboxsequence")),
        dataschema=texts.get("ce_dataschema"),
        traceparent=texts.get("traceparent"),
    )


def peek(headers: Iterable[tuple[str, bytes | None]] | None) -> tuple[str | None, UUID | None]:
    """Read only the type and the id, None for what cannot be read; for records that may be nobody's business."""
    found: dict[str, bytes | None] = {name: value for name, value in headers or () if name in {"ce_type", "ce_id"}}
    try:
        kind = (found.get("ce_type") or b"").decode() or None
    except UnicodeDecodeError:
        kind = None
    try:
        return kind, UUID((found.get("ce_id") or b"").decode())
    except ValueError:
        return kind, None


def _texts(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Decode the known headers; one that comes twice could be read in two ways, so it is refused."""
    texts: dict[str, str] = {}
    for name, value in headers:
        if name not in KNOWN:
            continue
        if name in texts:
            _refuse(name, "comes twice")
        texts[name] = _text(name, value)
    return texts


def _text(name: str, value: bytes | None) -> str:
    try:
        text = (value or b"").decode()
    except UnicodeDecodeError:
        _refuse(name, "is not UTF-8")
    if not text or not text.isprintable():
        _refuse(name, "is empty or holds control characters")
    return text


def _needed(texts: dict[str, str], name: str) -> str:
    return texts[name] if name in texts else _refuse(name, "is missing")


def _uuid(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        _refuse(name, "is not a UUID")


def _time(name: str, text: str) -> datetime:
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        _refuse(name, "is not a time with an offset")


def _aware(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError
    return time.astimezone(UTC)


def _mode(text: str | None) -> Mode:
    """Read the mode; without one it is meant."""
    try:
        return Mode(text or Mode.LIVE)
    except ValueError:
        _refuse("ce_mode", "is neither live nor exercise")


def _integer(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_INTEGER))):
        _refuse(name, "is not a whole number")
    number = int(text)
    return number if 0 < number <= MAX_INTEGER else _refuse(name, "is out of range")


def _refuse(name: str, why: str) -> NoReturn:
    # `from None`: the error behind it quotes what the header holds.
    raise UnreadableEnvelope(f"{name} {why}") from None
