"""One message to one person by one channel: its states, and what may follow on what."""

from enum import StrEnum


class State(StrEnum):
    """Where a delivery is."""

    QUEUED = "queued"
    """Waits to be handed to a provider."""
    SENDING = "sending"
    """Is being handed over; a process that dies here leaves it for the next try, with the same key."""
    ACCEPTED = "accepted"
    """A provider has it."""
    DELIVERED = "delivered"
    """The provider says that it has arrived."""
    FAILED = "failed"
    """No provider could deliver it."""
    EXPIRED = "expired"
    """It was not handed over in time, or no receipt came from any provider."""
    SUPERSEDED = "superseded"
    """The person has answered, or the alert has ended, before it was handed over."""


TRANSITIONS: dict[State, frozenset[State]] = {
    # A receipt may overtake the answer of the provider, or come when the message waits for the next one.
    State.QUEUED: frozenset({State.SENDING, State.SUPERSEDED, State.EXPIRED, State.FAILED, State.DELIVERED}),
    State.SENDING: frozenset({State.ACCEPTED, State.QUEUED, State.FAILED, State.SUPERSEDED, State.DELIVERED}),
    State.ACCEPTED: frozenset({State.DELIVERED, State.QUEUED, State.FAILED, State.EXPIRED}),
    # A failure may be told after all tries, and then it arrives after all.
    State.FAILED: frozenset({State.DELIVERED}),
    State.EXPIRED: frozenset({State.DELIVERED}),
    State.DELIVERED: frozenset(),
    State.SUPERSEDED: frozenset({State.DELIVERED}),
}
"""Every transition that there is; docs/architecture/alerting.md shows the same table."""


def may_follow(before: State, after: State) -> bool:
    """Say whether a delivery may go from one state to another."""
    return after in TRANSITIONS[before]
