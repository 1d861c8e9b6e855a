"""The states of a referral and the ways between them: who may do what, and where it leads.

```
draft -> awaiting_consent -> requested -> received -> accepted -> in_progress <-> on_hold -> completed, failed
```

Aside of that way lie rejected (with a reason), rerouted (open until the new receiver has answered), cancelled (by the
sender; after acceptance by agreement), withdrawn (by the person), expired (by the clock; the coordinator takes over)
and entered_in_error (hidden, never deleted). A referral that has ended is never opened again: a new one continues it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """What a referral stands at."""

    DRAFT = "draft"
    AWAITING_CONSENT = "awaiting_consent"
    REQUESTED = "requested"
    """Sent; the receiver's system has not confirmed it."""
    RECEIVED = "received"
    """The receiver sees a preview and has to answer."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REROUTED = "rerouted"
    IN_PROGRESS = "in_progress"
    """The person has been contacted."""
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


ENDED = frozenset(
    {
        *(State.REJECTED, State.COMPLETED, State.FAILED, State.CANCELLED, State.WITHDRAWN, State.EXPIRED),
        State.ENTERED_IN_ERROR,
    }
)
OPEN = frozenset(State) - ENDED
TAKEN = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD})
"""The receiver has said yes, and has all that was sent."""
AT_RECEIVER = TAKEN | {State.RECEIVED, State.REROUTED}
"""The receiver's system has something of it."""


class Side(StrEnum):
    """On whose behalf somebody, or something, acts."""

    SENDER = "sender"
    RECEIVER = "receiver"
    PERSON = "person"
    """The person, whoever has custody, or the counterpart; or somebody who enters what they said."""
    CLOCK = "clock"
    MANAGER = "manager"
    """The sender's manager, who is the coordinator of what nobody answered."""
    SYSTEM = "system"


class Action(StrEnum):
    """What can be done with a referral."""

    ASK_CONSENT = "ask_consent"
    REQUEST = "request"
    GIVE_CONSENT = "give_consent"
    DECLINE_CONSENT = "decline_consent"
    WITHDRAW = "withdraw"
    RECEIVE = "receive"
    ACCEPT = "accept"
    REJECT = "reject"
    REROUTE = "reroute"
    REROUTE_ACCEPTED = "reroute_accepted"
    """The new receiver has accepted: this one is done."""
    REROUTE_ENDED = "reroute_ended"
    """The new one ended without being accepted: this receiver has to answer again."""
    BEGIN = "begin"
    """The first contact with the person."""
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    PROPOSE_CANCEL = "propose_cancel"
    AGREE_CANCEL = "agree_cancel"
    CONFIRM_MINIMISED = "confirm_minimised"
    """The receiver has deleted what it had of a person who withdrew, or of what was sent by mistake."""
    EXPIRE = "expire"
    SETTLE = "settle"
    """The coordinator says what became of a referral that nobody answered."""
    ENTER_IN_ERROR = "enter_in_error"


class Need(StrEnum):
    """What must come with an action."""

    TEXT = "text"
    """A reason, in words."""
    CODE = "code"
    """One of the action's codes."""
    CONSENTER = "consenter"
    REVIEW = "review"
    """A day on which it is looked at again."""
    ATTEMPTS = "attempts"
    """How many times it was tried to reach the person."""


REJECTIONS = {
    "not_target_group": "uden for målgruppen",
    "no_capacity": "ingen plads",
    "too_little_known": "for få oplysninger",
    "already_known": "er allerede i et forløb",
    "wrong_receiver": "forkert modtager",
    "other": "andet",
}
PASSED_ON, COULD_NOT_REACH = "passed_on", "could_not_reach"
ENDINGS = {
    "finished": "forløbet er gennemført",
    "guided": "rådgivning er givet",
    "agreement": "der er indgået en aftale",
    "no_agreement": "mødet endte uden aftale",
    "recommended": "indstilling er givet",
    "person_stopped": "personen ønskede ikke mere",
}
FAILURES = {
    COULD_NOT_REACH: "personen kunne ikke nås",
    "interrupted": "forløbet blev afbrudt",
    "not_possible": "det var ikke muligt",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One action: whose it is, from where to where, and what must come with it."""

    side: Side
    moves: Mapping[State, State]
    needs: frozenset[Need] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)


def _all(sources: frozenset[State], to: State) -> Mapping[State, State]:
    return dict.fromkeys(sources, to)


def _stay(sources: frozenset[State]) -> Mapping[State, State]:
    return {state: state for state in sources}


_S, _A, _N = State, Action, Need
UNANSWERED = frozenset({_S.REQUESTED, _S.RECEIVED})
BEFORE_ACCEPTANCE = UNANSWERED | {_S.DRAFT, _S.AWAITING_CONSENT, _S.REROUTED}
UNDER_WAY = frozenset({_S.IN_PROGRESS, _S.ON_HOLD})

WAYS: Mapping[Action, Way] = {
    _A.ASK_CONSENT: Way(Side.SENDER, {_S.DRAFT: _S.AWAITING_CONSENT}),
    _A.REQUEST: Way(Side.SENDER, {_S.DRAFT: _S.REQUESTED}),
    _A.GIVE_CONSENT: Way(Side.PERSON, {_S.AWAITING_CONSENT: _S.REQUESTED}, frozenset({_N.CONSENTER})),
    _A.DECLINE_CONSENT: Way(Side.PERSON, {_S.AWAITING_CONSENT: _S.WITHDRAWN}, frozenset({_N.CONSENTER})),
    _A.WITHDRAW: Way(Side.PERSON, _all(OPEN - {_S.DRAFT}, _S.WITHDRAWN), frozenset({_N.CONSENTER})),
    _A.RECEIVE: Way(Side.SYSTEM, {_S.REQUESTED: _S.RECEIVED}),
    _A.ACCEPT: Way(Side.RECEIVER, {_S.RECEIVED: _S.ACCEPTED}),
    _A.REJECT: Way(Side.RECEIVER, {_S.RECEIVED: _S.REJECTED}, frozenset({_N.CODE, _N.TEXT}), REJECTIONS),
    _A.REROUTE: Way(Side.RECEIVER, _all(frozenset({_S.RECEIVED, _S.ACCEPTED}), _S.REROUTED), frozenset({_N.TEXT})),
    _A.REROUTE_ACCEPTED: Way(Side.SYSTEM, {_S.REROUTED: _S.COMPLETED}),
    _A.REROUTE_ENDED: Way(Side.SYSTEM, {_S.REROUTED: _S.RECEIVED}),
    _A.BEGIN: Way(Side.RECEIVER, {_S.ACCEPTED: _S.IN_PROGRESS}),
    _A.HOLD: Way(Side.RECEIVER, {_S.IN_PROGRESS: _S.ON_HOLD}, frozenset({_N.TEXT, _N.REVIEW})),
    _A.RESUME: Way(Side.RECEIVER, {_S.ON_HOLD: _S.IN_PROGRESS}),
    _A.COMPLETE: Way(Side.RECEIVER, _all(UNDER_WAY, _S.COMPLETED), frozenset({_N.CODE}), ENDINGS),
    # Whoever is never reached has not been contacted, so a referral can fail before it is in progress.
    _A.FAIL: Way(Side.RECEIVER, _all(TAKEN, _S.FAILED), frozenset({_N.CODE, _N.TEXT}), FAILURES),
    _A.CANCEL: Way(Side.SENDER, _all(BEFORE_ACCEPTANCE, _S.CANCELLED), frozenset({_N.TEXT})),
    _A.PROPOSE_CANCEL: Way(Side.SENDER, _stay(TAKEN), frozenset({_N.TEXT})),
    _A.AGREE_CANCEL: Way(Side.RECEIVER, _all(TAKEN, _S.CANCELLED)),
    _A.CONFIRM_MINIMISED: Way(Side.RECEIVER, _stay(frozenset({_S.WITHDRAWN, _S.ENTERED_IN_ERROR}))),
    _A.EXPIRE: Way(Side.CLOCK, _all(UNANSWERED | {_S.AWAITING_CONSENT}, _S.EXPIRED)),
    _A.SETTLE: Way(Side.MANAGER, _stay(frozenset({_S.EXPIRED})), frozenset({_N.TEXT})),
    _A.ENTER_IN_ERROR: Way(
        Side.MANAGER, _all(frozenset(State) - {_S.ENTERED_IN_ERROR}, _S.ENTERED_IN_ERROR), frozenset({_N.TEXT})
    ),
}
"""Every way there is; docs/architecture/referrals.md shows the same."""

REOPENED = frozenset({State.COMPLETED, State.FAILED, State.REJECTED, State.EXPIRED})
"""What a new referral may continue, by the manager."""

OWES: Mapping[State, Side] = {
    State.DRAFT: Side.SENDER,
    State.AWAITING_CONSENT: Side.SENDER,
    State.REQUESTED: Side.RECEIVER,
    State.RECEIVED: Side.RECEIVER,
    State.ACCEPTED: Side.RECEIVER,
    State.REROUTED: Side.RECEIVER,
    State.IN_PROGRESS: Side.RECEIVER,
    State.ON_HOLD: Side.RECEIVER,
    State.EXPIRED: Side.MANAGER,
}
"""Whose turn it is: no open referral is without one, and an expired one is the coordinator's."""


def allowed(state: State, side: Side) -> tuple[Action, ...]:
    """Return what a side may do in a state."""
    return tuple(action for action, way in WAYS.items() if way.side is side and state in way.moves)


class Sight(StrEnum):
    """How much of a referral its receiver sees."""

    NOTHING = "nothing"
    PREVIEW = "preview"
    """Programme, age band and municipality."""
    ALL = "all"
    CODE = "code"
    """That there was one, and how it ended."""


def sight_of_receiver(state: State, *, was_taken: bool) -> Sight:
    """Return how much the receiver sees: all of it once accepted, and only a code of what it never accepted."""
    if state in {State.DRAFT, State.AWAITING_CONSENT, State.REQUESTED}:
        return Sight.NOTHING
    if state is State.RECEIVED:
        return Sight.PREVIEW
    if state in TAKEN or (was_taken and state in {State.COMPLETED, State.FAILED, State.CANCELLED}):
        return Sight.ALL
    return Sight.CODE
