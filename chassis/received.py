"""Reads a record off a topic without ever failing: what is wrong with it becomes the cause for parking it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from pydantic import ValidationError

from contracts.cloudevents import UnreadableEnvelope, from_headers, peek
from contracts.codes import Mode
from contracts.event import EVENT_TYPES, Envelope, Event

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""No event of ours has happened outside; the ends of the calendar mean infinity to the database."""

LONGEST_KEY = 200
"""Characters; ours are ids of 36. What is longer names nothing, and no index could hold it."""


@dataclass(frozen=True, slots=True)
class Received:
    """One record with what could be read of it."""

    record: "ConsumerRecord[Any, Any]"
    key: str | None
    """Its key, where it is readable."""
    envelope: Envelope | None = None
    event: Event | None = None
    cause: str = ""
    """Why it cannot be handled, as a code: `envelope key version value exercise handler behind`."""
    reason: str = ""
    concerns_us: bool = True
    """Whether its type is one that this service reacts to, or it cannot be told."""

    @property
    def event_id(self) -> UUID | None:
        """Return the event's id, where it is readable."""
        return self.envelope.id if self.envelope else None

    def because(self, cause: str, reason: str) -> Self:
        """Return the same record with why it is parked."""
        return replace(self, cause=cause, reason=reason)


def read(record: "ConsumerRecord[Any, Any]", mode: Mode, wanted: Collection[type[Event]]) -> Received:
    """Read key, headers and value of a record; never raises for what it holds."""
    key = _key(record.key)
    try:
        envelope = from_headers(record.headers)
    except UnreadableEnvelope as error:
        kind, _ = peek(record.headers)
        concerns_us = kind is None or _wanted(kind, wanted) is not None
        return Received(record, key, cause="envelope", reason=str(error), concerns_us=concerns_us)
    known = _wanted(envelope.type, wanted)
    if known is None:
        return Received(record, key, envelope, concerns_us=False)
    if not FIRST_YEAR <= envelope.time.year <= LAST_YEAR:
        return Received(record, key, cause="envelope", reason="ce_time is out of range")
    return _checked(Received(record, key, envelope), envelope, mode, known)


def _checked(received: Received, envelope: Envelope, mode: Mode, known: type[Event]) -> Received:
    if envelope.mode != mode:
        # Only exercise processes hear exercise topics; a stray record must neither act nor hold its key.
        return received.because("exercise", f"a record of mode {envelope.mode} on a topic of mode {mode}")
    if received.key is None:
        return received.because("key", "its key is missing or unreadable, so it has no place in any order")
    if known.type() != envelope.type:
        return received.because("version", f"this service reads {known.type()}")
    return _with_value(received, known)


def _with_value(received: Received, known: type[Event]) -> Received:
    try:
        event = known.model_validate_json(received.record.value or b"")
    except ValidationError as error:
        fields = sorted({".".join(map(str, fault["loc"])) or "value" for fault in error.errors(include_input=False)})
        return received.because("value", "unreadable: " + ", ".join(fields)[:200])
    return replace(received, event=event)


def _wanted(type_name: str, wanted: Collection[type[Event]]) -> type[Event] | None:
    """Return the class to read it as: that of its type, or of another version of it."""
    exact = EVENT_TYPES.get(type_name)
    if exact in wanted:
        return exact
    stem = type_name.rpartition(".")[0]
    return next((event for event in wanted if event.type().rpartition(".")[0] == stem), None)


def _key(raw: bytes | None) -> str | None:
    try:
        key = raw.decode() if raw else ""
    except UnicodeDecodeError:
        return None
    # A database keeps no NUL in text.
    return key if key and len(key) <= LONGEST_KEY and "\x00" not in key else None
