"""The staff's log: what was done, decided, learnt and left undone, each entry chained to the one before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

START_OF_CHAIN = "0" * 64
"""What stands for the hash before the first entry."""


class Kind(StrEnum):
    """What an entry is about; the words in Danish are those of municipal plans ("alle handlinger, …")."""

    ACTION = "action"
    """Handling."""
    DECISION = "decision"
    """Beslutning."""
    INFORMATION = "information"
    """Oplysning."""
    OMISSION = "omission"
    """Undladelse: what was considered and not done."""


class FaultKind(StrEnum):
    """What is wrong with a chain."""

    MISSING = "missing"
    """A number is not there."""
    UNCHAINED = "unchained"
    """The entry does not follow the one before."""
    CHANGED = "changed"
    """The entry does not say what it said when it was written."""


Line = tuple[Kind, str]
"""What the log says of something that is done again and again: its kind, and words with places to fill in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says, and what is hashed of it."""

    activation_id: UUID
    number: int
    """1, 2, 3… without gaps in each activation."""
    at: datetime
    kind: Kind
    text: str
    by: str
    authority: str
    automatic: bool
    """Whether the system wrote it because of what somebody did."""


@dataclass(frozen=True, slots=True)
class Chained:
    """An entry as it is kept."""

    entry: Entry
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong, and at which number."""

    number: int
    kind: FaultKind


def canonical(entry: Entry) -> bytes:
    """Return an entry's content as the bytes that are hashed: a JSON list in UTF-8 without spaces."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [str(entry.activation_id), entry.number, at, entry.kind.value, entry.text, entry.by, entry.authority]
    return json.dumps([*said, entry.automatic], ensure_ascii=False, separators=(",", ":")).encode()


def chain(previous: str, entry: Entry) -> Chained:
    """Return an entry with its hash: SHA-256 over the hash before, in hexadecimal, and the canonical content."""
    return Chained(entry, previous, hashlib.sha256(previous.encode() + canonical(entry)).hexdigest())


def first_fault(kept: Iterable[Chained]) -> Fault | None:
    """Return the first fault of a whole log in order; None where every entry follows the one before, unchanged."""
    previous, number = START_OF_CHAIN, 1
    for one in kept:
        if one.entry.number != number:
            return Fault(number, FaultKind.MISSING)
        if one.previous != previous:
            return Fault(number, FaultKind.UNCHAINED)
        if chain(previous, one.entry).hash != one.hash:
            return Fault(number, FaultKind.CHANGED)
        previous, number = one.hash, number + 1
    return None
