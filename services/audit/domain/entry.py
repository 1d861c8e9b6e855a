"""What the log keeps of one told record: its exact words, and from them what can be looked up."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.audit.domain.tree import leaf_hash

ACCESS, REFUSAL, CLOSING = "AccessRecorded", "AccessRefused", "DayClosed"
"""The kinds of records that the log chains; the first two are what a closing counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One record as a service told it."""

    event_id: UUID
    kind: str
    """The event's name."""
    service: str
    time: datetime
    """When it happened, by the service's clock."""
    value: str
    """The value of the record, word by word."""

    def canonical(self) -> str:
        """Return the one way to write it down: sorted keys, no spaces, UTF-8."""
        fields = {
            "event_id": str(self.event_id),
            "kind": self.kind,
            "service": self.service,
            "time": self.time.astimezone(UTC).isoformat(),
            "value": self.value,
        }
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def leaf(self) -> bytes:
        """Return the hash of the entry."""
        return leaf_hash(self.canonical().encode())

    @property
    def value_sha256(self) -> bytes:
        """Return the hash of the value: what a service's closing counts."""
        return hashlib.sha256(self.value.encode()).digest()

    @property
    def day(self) -> date:
        """Return the day, UTC, that closes it."""
        return self.time.astimezone(UTC).date()


def read(canonical: str) -> Told:
    """Return what was told from how it was written down; a ValueError or KeyError says that it is not that."""
    fields = json.loads(canonical)
    return Told(
        event_id=UUID(fields["event_id"]),
        kind=fields["kind"],
        service=fields["service"],
        time=datetime.fromisoformat(fields["time"]),
        value=fields["value"],
    )


def looked_up(told: Told) -> dict[str, Any]:
    """Return the fields of a record by which it is found, as its value says them."""
    value: dict[str, Any] = json.loads(told.value)
    return {
        "authority": value.get("authority") or "",
        "subject": value.get("subject") or "",
        "operation": value.get("operation") or "",
        "receiver": value.get("receiver"),
        "sender": value.get("sender"),
        "person_ids": sorted({UUID(one) for one in value.get("person_ids") or ()}),
    }
