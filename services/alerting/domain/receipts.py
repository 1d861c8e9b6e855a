"""What a provider's receipt makes of a message. Receipts come twice, late and out of order."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.alerting.domain.deliveries import State, may_follow

ACCEPTED, DELIVERED, FAILED, EXPIRED = "accepted", "delivered", "failed", "expired"

MACHINE = "machine"
"""A call that a machine took: it has reached nobody."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says about a message that it took."""

    key: str
    state: str
    sequence: int
    reference: str | None = None
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What a receipt is held against."""

    call_id: UUID
    state: State
    provider: str | None
    sequence: int
    refused_by: str | None = None
    """Who has refused it for good by a receipt."""
    failure: str | None = None


def after_receipt(message: Message, provider: str, receipt: Receipt) -> Message | None:
    """Return what a receipt makes of a message; None when it changes nothing.

    That it arrived counts whoever tells it and however late. That it failed counts from the provider that has it now:
    then another one takes it.
    """
    own = provider == message.provider
    if receipt.state == DELIVERED and not receipt.machine:
        return _to(message, State.DELIVERED, receipt if own else None)
    if not own or receipt.sequence <= message.sequence:
        return None
    seen = replace(message, sequence=receipt.sequence)
    if message.state is not State.ACCEPTED or receipt.state == ACCEPTED:
        return seen
    if receipt.machine:
        return replace(seen, state=State.FAILED, failure=MACHINE)
    return replace(seen, state=State.QUEUED, refused_by=provider, failure=f"receipt_{receipt.state}")


def _to(message: Message, state: State, receipt: Receipt | None) -> Message | None:
    if not may_follow(message.state, state):
        return None
    sequence = max(message.sequence, receipt.sequence) if receipt else message.sequence
    return replace(message, state=state, sequence=sequence)
