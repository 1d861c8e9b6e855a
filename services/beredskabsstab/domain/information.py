"""The one numbered line of information products: written, cleared by the sectors that it touches, approved, sent.

Whoever wrote any of a message never approves it. A sector speaks for itself; the chair may go on without it, with a
reason. When nobody has answered for as long as the plan gives, the chair may publish alone, and that is reviewed after.
The words and the states of that are here; who may do what, and when, is in `information_rules` and, of what is sent, in
`information_sending`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.beredskabsstab.domain.cap import Info, Words

APPROVAL_WAIT_S = 180
"""How long the approver has before the chair may publish alone, where the plan says nothing else."""
LEGAL_QUESTION = "Er situationen akut og livstruende for et større antal mennesker?"


class State(StrEnum):
    """Where a message is."""

    DRAFT = "draft"
    CLEARING = "clearing"
    """Waits for the sectors that it touches."""
    CLEARED = "cleared"
    """Waits for an approver with the mandate of the police."""
    RETURNED = "returned"
    """Goes back to whoever wrote it."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    """May be sent; lasts no longer than the transaction that sends it, unless sending was refused."""
    SENT = "sent"
    UPDATED = "updated"
    """A later message has taken its place."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.CLEARING, State.CLEARED, State.WITHDRAWN}),
    State.CLEARING: frozenset({State.CLEARED, State.DRAFT, State.RETURNED, State.REFUSED}),
    State.CLEARED: frozenset({State.APPROVED, State.DRAFT, State.RETURNED, State.REFUSED}),
    State.RETURNED: frozenset({State.DRAFT, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.SENT, State.RETURNED}),
    State.SENT: frozenset({State.UPDATED, State.CANCELLED, State.EXPIRED}),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.UPDATED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}
"""Every transition that there is."""


class Audience(StrEnum):
    """Who is told."""

    INTERNAL = "internal"
    AUTHORITIES = "authorities"
    PRESS = "press"
    POPULATION = "population"


class Form(StrEnum):
    """As what it is sent."""

    INFORMATION = "information"
    """Ordinary information, also for the press."""
    WARNING = "warning"
    """A public warning, published as CAP."""


class Correction(StrEnum):
    """What a message does to the one that it refers to."""

    UPDATE = "update"
    CANCEL = "cancel"


class Tell(StrEnum):
    """What others are told; each is an event, a task or a line of the log."""

    DRAFTED = "drafted"
    CLEARANCE_ASKED = "clearance_asked"
    OBJECTED = "objected"
    CLEARED = "cleared"
    APPROVAL_ASKED = "approval_asked"
    """Due is when the chair may publish alone."""
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    CORRECTED = "corrected"
    """Told of the original: a later message has taken its place or cancelled it."""
    REVIEW_ASKED = "review_asked"
    REVIEWED = "reviewed"
    EXPIRED = "expired"
    WARNED = "warned"
    CHECK_BACK = "check_back"
    """Due is when somebody asks whether it was received in the area."""
    RECEIVED = "received"
    NOT_RECEIVED = "not_received"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that others are told, with the authorities that it is for and the time when it is due."""

    what: Tell
    authorities: tuple[str, ...] = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it."""

    person: str
    authority: str
    has_police_mandate: bool = False
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something, when, and why."""

    person: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """The population was warned by a channel that is not ours, as an officer records it."""

    channel: str
    at: datetime
    receipt: str
    recorded: Signed
    received: bool | None = None
    """Whether it was in fact received in the area; None until somebody has asked."""


@dataclass(frozen=True, slots=True)
class Message:
    """One number of the line."""

    number: int
    form: Form
    audiences: frozenset[Audience]
    life_threatening: bool | None
    """The answer to the legal question; asked of what goes to the population."""
    danish: Words
    english: Words | None
    info: Info | None
    """A warning's facts; nothing else has them."""
    authority: str
    """Whose draft it is."""
    written_by: frozenset[str]
    """Everybody who has written in it: none of them approves it."""
    sectors: frozenset[str] = frozenset()
    """The authorities whose sectors it touches."""
    cleared_beforehand: frozenset[str] = frozenset()
    """Those that have cleared the text in peacetime; an edit ends that."""
    standard: str = ""
    """The text, approved beforehand, that it was filled in from."""
    state: State = State.DRAFT
    clearances: Mapping[str, Signed] | None = None
    objections: Mapping[str, Signed] | None = None
    overridden: Signed | None = None
    approval_asked_at: datetime | None = None
    approved: Signed | None = None
    is_alone: bool = False
    """The chair published it alone; somebody else looks at that afterwards."""
    reviewed: Signed | None = None
    decided: Signed | None = None
    """Who returned or refused it last."""
    corrects: int | None = None
    correction: Correction | None = None
    sent_at: datetime | None = None
    warned: tuple[Warned, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the affected authorities that have not cleared it."""
        return tuple(sorted(self.sectors - set(self.clearances or ())))

    @property
    def needs_review(self) -> bool:
        """Say whether it was published alone and nobody has looked at that yet."""
        return self.is_alone and self.reviewed is None


@dataclass(frozen=True, slots=True)
class Decision:
    """The message as it is now, and what others are told."""

    message: Message
    told: tuple[Told, ...]
