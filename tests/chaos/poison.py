"""Poison: records that no reader can handle, each for another reason, with a good one behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from chassis.ids import new_id
from contracts.cloudevents import to_headers
from contracts.event import Envelope
from tests.probe.v1 import NoteWritten


@dataclass(frozen=True, slots=True)
class Poison:
    """One record as bytes."""

    kind: str
    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def every_kind() -> list[Poison]:
    """Return one record of each kind, on keys of their own."""
    return [make(uuid4()) for make in KINDS]


def _broken_header(key: UUID) -> Poison:
    return _poison("a header that is not UTF-8", key, headers=[("ce_id", b"\xff\xfe")])


def _no_headers(key: UUID) -> Poison:
    return Poison("no headers and no key", NoteWritten.topic(), None, b"", [])


def _unreadable_key(key: UUID) -> Poison:
    good = _good(key)
    return Poison("an unreadable key", good.topic, b"\xff\x00\xfe", b"{", good.headers)


def _no_json(key: UUID) -> Poison:
    return _poison("a value that is no JSON", key, value=b"\x00{not json")


def _wrong_value(key: UUID) -> Poison:
    return _poison("a value without its fields", key, value=b'{"number": "many"}')


def _later_version(key: UUID) -> Poison:
    later = NoteWritten.type().replace(".v1", ".v2").encode()
    return _poison("a version of tomorrow", key, headers=[("ce_type", later)])


def _too_large_for_the_table(key: UUID) -> Poison:
    value = NoteWritten(note_id=key, number=2**40).value()
    return _poison("a number that the handler cannot store", key, value=value)


KINDS: list[Callable[[UUID], Poison]] = [
    _broken_header,
    _no_headers,
    _unreadable_key,
    _no_json,
    _wrong_value,
    _later_version,
    _too_large_for_the_table,
]


def _poison(
    kind: str, key: UUID, *, value: bytes | None = None, headers: list[tuple[str, bytes]] | None = None
) -> Poison:
    """Return a good record with one thing wrong."""
    good = _good(key)
    changed = dict(headers or [])
    merged = [(name, changed.get(name, text)) for name, text in good.headers]
    return Poison(kind, good.topic, good.key, good.value if value is None else value, merged)


def _good(key: UUID) -> Poison:
    """Return a record that could be handled."""
    event = NoteWritten(note_id=key, number=0)
    envelope = Envelope(
        id=new_id(),
        type=event.type(),
        source="/samvirke/stranger",
        subject=str(key),
        time=datetime.now(UTC),
        correlation_id=key,
        legal_basis=event.legal_basis,
        purpose=event.purpose,
        aggregate_version=1,
    )
    return Poison("nothing wrong", event.topic(), str(key).encode(), event.value(), to_headers(envelope))
