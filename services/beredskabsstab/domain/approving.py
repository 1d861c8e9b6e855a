"""Whether the approvers on duty are called about a message, and how loudly; the text says nothing of what it says."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.beredskabsstab.domain.information import Audience, Form, Message, State

OUTWARD = frozenset({Audience.PRESS, Audience.POPULATION})
"""Who is outside the staff and its authorities: a message to them does not lie until somebody happens to look."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How approvers are asked: the text, its fields by their source, and how it escalates."""

    template: str
    policy: str
    names_incident: bool


ASKED: Mapping[Form, Asking] = {
    # The chair may publish a warning alone after three minutes: every channel at once.
    Form.WARNING: Asking("warning_approval", "all_at_once", names_incident=True),
    # Nobody is woken by telephone for a press message: it is said, and said again.
    Form.INFORMATION: Asking("information_approval", "readiness", names_incident=False),
}


def is_asked_for(message: Message) -> bool:
    """Say whether approvers are called when a message waits: a warning, and whatever goes outward."""
    return message.form is Form.WARNING or bool(OUTWARD & message.audiences)


def asking(message: Message) -> Asking | None:
    """Return how approvers are asked about a message; None where it does not wait for them, or lies until one looks."""
    return ASKED[message.form] if message.state is State.CLEARED and is_asked_for(message) else None
