"""Poison: records that no reader can handle, each for another reason, with a good one behind."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from chassis.ids import new_id
from contracts.cloudevents import to_headers
from contracts.event import Envelope, Event
from tests.probe.v1 import NoteWritten


@dataclass(frozen=True, slots=True)
class Poison:
    """One record as bytes."""

    kind: str
    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def every_kind(sample: Event) -> list[Poison]:
    """Return one record of each kind, each made from a good one on a key of its own."""
    makers = (_broken_header, _no_headers, _unreadable_key, _no_json, _wrong_value, _later_version)
    return [make(good(sample, uuid4())) for make in makers]


def too_large_a_number() -> Poison:
    """Return a record whose value can be read, and which the probe's handler cannot store."""
    key = uuid4()
    value = NoteWritten(note_id=key, number=2**40).value()
    return replace(good(NoteWritten(note_id=key, number=0), key), kind="a number too large to store", value=value)


def good(event: Event, key: UUID) -> Poison:
    """Return a record that could be handled."""
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


def _broken_header(good: Poison) -> Poison:
    return replace(good, kind="a header that is not UTF-8", headers=_with(good, "ce_id", b"\xff\xfe"))


def _no_headers(good: Poison) -> Poison:
    return replace(good, kind="no headers and no key", key=None, value=b"", headers=[])


def _unreadable_key(good: Poison) -> Poison:
    return replace(good, kind="an unreadable key", key=b"\xff\x00\xfe", value=b"{")


def _no_json(good: Poison) -> Poison:
    return replace(good, kind="a value that is no JSON", value=b"\x00{not json")


def _wrong_value(good: Poison) -> Poison:
    return replace(good, kind="a value without its fields", value=b'{"number": "many"}')


def _later_version(good: Poison) -> Poison:
    later = dict(good.headers)["ce_type"].replace(b".v1", b".v2")
    return replace(good, kind="a version of tomorrow", headers=_with(good, "ce_type", later))


def _with(good: Poison, name: str, value: bytes) -> list[tuple[str, bytes]]:
    return [(header, value if header == name else text) for header, text in good.headers]
