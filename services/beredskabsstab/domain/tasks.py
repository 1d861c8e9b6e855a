"""Tasks of the staff: it asks an authority, and only that authority says yes, no or done (ledger O-5.3-08)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from contracts.refusal import Refusal
from services.beredskabsstab.domain.plan import Party
from services.beredskabsstab.domain.steps import ReasonMissing


class State(StrEnum):
    """What a task stands at."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """Back with the chair, who asks somebody else or takes it back."""
    DONE = "done"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    """It was open when the staff ended, and somebody by name took it over."""


class Act(StrEnum):
    """What is done with a task."""

    ACCEPT = "accept"
    DECLINE = "decline"
    COMPLETE = "complete"
    REASSIGN = "reassign"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"


OPEN = frozenset({State.PROPOSED, State.ACCEPTED, State.DECLINED})
"""Neither done nor out of the staff's hands; a declined one is the chair's."""

RUNNING = frozenset({State.PROPOSED, State.ACCEPTED})
"""Those whose time can run out."""

OF_THE_SECTOR = frozenset({Act.ACCEPT, Act.DECLINE, Act.COMPLETE})
"""What only the asked authority does."""

TRANSITIONS: Mapping[Act, Mapping[State, State]] = {
    Act.ACCEPT: {State.PROPOSED: State.ACCEPTED},
    Act.DECLINE: {State.PROPOSED: State.DECLINED, State.ACCEPTED: State.DECLINED},
    Act.COMPLETE: {State.ACCEPTED: State.DONE},
    Act.REASSIGN: {State.DECLINED: State.PROPOSED},
    Act.WITHDRAW: dict.fromkeys(OPEN, State.WITHDRAWN),
    Act.HAND_OVER: dict.fromkeys(OPEN, State.HANDED_OVER),
}
"""Where each act leads from each state; docs/architecture/beredskabsstab.md shows the same."""

NEEDS_REASON = frozenset({Act.DECLINE, Act.REASSIGN, Act.WITHDRAW, Act.HAND_OVER})


class OutsideSector(Refusal):
    """A task of one sector was meant for an authority of another."""

    slug = "outside-sector"
    status = 422
    title = "Opgaven ligger uden for myndighedens sektor."
    todo = "Bed den myndighed, hvis sektor opgaven hører til. Staben koordinerer og leder ikke sektorernes arbejde."


class TaskState(Refusal):
    """The task does not stand where that can be done."""

    slug = "task-state"
    title = "Opgaven er ikke i en tilstand, hvor det kan lade sig gøre."
    todo = "Hent opgaven igen: en anden kan have svaret på den."


class DueInThePast(Refusal):
    """A task is due before it was asked for."""

    slug = "due-in-the-past"
    status = 422
    title = "Fristen er allerede passeret."
    todo = "Sæt en frist, der ligger efter nu."


def require_sector(party: Party, sector: str) -> None:
    """Refuse a task outside the sector that an authority answers for."""
    if party.sector != sector:
        raise OutsideSector(sector=party.sector)


def require_time(due_at: datetime | None, now: datetime) -> None:
    """Refuse a due time that has passed."""
    if due_at is not None and due_at <= now:
        raise DueInThePast


def decide(state: State, act: Act, reason: str) -> State:
    """Return what a task stands at after an act."""
    after = TRANSITIONS[act].get(state)
    if after is None:
        raise TaskState(state=state.value)
    if act in NEEDS_REASON and not reason.strip():
        raise ReasonMissing
    return after
