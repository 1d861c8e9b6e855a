"""The port: one message out, and how that ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.alerting.domain.providers import Outcome
from services.alerting.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Message:
    """One message on its way to one person by one route."""

    key: str
    """The idempotency key: the same on every try and at every provider."""
    channel: str
    call_id: UUID
    alert_id: UUID
    address: str
    secret: str | None
    text: Text
    template: str
    urgency: str
    mode: str
    link: str
    at: datetime
    """When it was claimed: real time, for signatures that a receiver holds against its own clock."""


class Channel(Protocol):
    """A provider, or the receivers of a kind."""

    async def send(self, message: Message) -> Outcome:
        """Hand a message over and say how that ended; never raises for what a provider does."""

    async def close(self) -> None:
        """Close the connections."""
