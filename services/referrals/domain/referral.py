"""One referral: it goes the ways of `states` and no others, and each act is somebody's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.hverdage import DANISH_TIME
from contracts.refusal import StaleVersion
from services.referrals.domain import consents as consenting
from services.referrals.domain.consents import Consents, ConsentState
from services.referrals.domain.deadlines import due
from services.referrals.domain.programmes import Consenter, Programme
from services.referrals.domain.referral_refusals import (
    AlreadySettled,
    DetailMissing,
    NotDueYet,
    NothingProposed,
    NothingToMinimise,
    NotInThisState,
    NotYourAct,
    PassedOnTooOften,
)
from services.referrals.domain.referral_words import said
from services.referrals.domain.states import (
    AT_RECEIVER,
    COULD_NOT_REACH,
    ENDED,
    OPEN,
    OWES,
    PASSED_ON,
    TAKEN,
    WAYS,
    Action,
    Need,
    Side,
    Sight,
    State,
    allowed,
    sight_of_receiver,
)

MAX_DEPTH = 2
"""How many times a referral is passed on; after that somebody has to answer it."""


@dataclass(frozen=True, slots=True)
class Details:
    """What comes with an act."""

    text: str = ""
    code: str = ""
    consenter: Consenter | None = None
    review_at: datetime | None = None
    attempts: int = 0


NOTHING_MORE = Details()


@dataclass(frozen=True, slots=True)
class Referral:
    """A hand-over of one case from a sender to a receiver, under one programme."""

    id: UUID
    programme: str
    person: UUID | None
    """None where the programme names nobody."""
    receiver: str
    state: State
    due: datetime | None
    """When whoever owes the next act is late."""
    consents: Consents
    version: int = 1
    depth: int = 0
    """How many times it was passed on before."""
    parent: UUID | None = None
    """The one that was passed on."""
    continues: UUID | None = None
    """The ended one that it takes up again."""
    code: str = ""
    """Of the last act: why it was rejected, how it ended."""
    text: str = ""
    """Of the last act: the reason in words."""
    cancel_proposed: bool = False
    was_taken: bool = False
    minimisation_due: bool = False
    """The receiver has yet to confirm that it deleted what it had: the person withdrew, or it was sent by mistake."""
    settled: bool = False
    """The coordinator has said what became of an expired one."""
    first_contact_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to do something with it."""
        return self.state in OPEN

    @property
    def owed_by(self) -> Side | None:
        """Return whose turn it is."""
        if self.minimisation_due:
            return Side.RECEIVER
        return None if self.settled else OWES.get(self.state)

    @property
    def receiver_sees(self) -> Sight:
        """Return how much the receiver sees."""
        return sight_of_receiver(self.state, was_taken=self.was_taken)


def draft(
    new_id: UUID, programme: Programme, at: datetime, *, receiver: str, person: UUID | None, consents: Consents
) -> Referral:
    """Return a new referral, of which nobody but the sender knows.

    Raises:
        NotYetFounded: the programme does not exist yet.
    """
    programme.check_founded(at.astimezone(DANISH_TIME).date())
    return Referral(new_id, programme.code, person, receiver, State.DRAFT, due(programme, State.DRAFT, at), consents)


def act(
    referral: Referral,
    programme: Programme,
    action: Action,
    side: Side,
    at: datetime,
    details: Details = NOTHING_MORE,
    *,
    expected: int | None = None,
) -> Referral:
    """Return the referral after an act.

    Raises:
        Refusal: the act is not this side's, not of this state, or lacks something; the words say what is allowed.
    """
    if expected is not None and expected != referral.version:
        raise StaleVersion(version=referral.version)
    _check_way(referral, action, side)
    _check_details(action, details, at)
    if action in CHECKS:
        CHECKS[action](referral, at)
    changed = _moved(referral, action, details, at)
    until = details.review_at if action is Action.HOLD else _due(referral, changed, programme, at)
    return replace(changed, due=until, version=referral.version + 1)


def _check_way(referral: Referral, action: Action, side: Side) -> None:
    way = WAYS[action]
    facts = {"state": said(referral.state), "allowed": ", ".join(map(said, allowed(referral.state, side))) or "intet"}
    if way.side is not side:
        raise NotYourAct(action=action.value, belongs_to=said(way.side), **facts)
    if referral.state not in way.moves:
        raise NotInThisState(action=action.value, **facts)


def _check_details(action: Action, details: Details, at: datetime) -> None:
    way = WAYS[action]
    there = {
        Need.TEXT: bool(details.text.strip()),
        Need.CODE: details.code in way.codes,
        Need.CONSENTER: details.consenter is not None,
        Need.REVIEW: details.review_at is not None and details.review_at > at,
        Need.ATTEMPTS: details.attempts > 0,
    }
    needs = way.needs | ({Need.ATTEMPTS} if details.code == COULD_NOT_REACH else set())
    lacks = [need.value for need in Need if need in needs and not there[need]]
    if lacks:
        raise DetailMissing(missing=", ".join(lacks), codes=", ".join(way.codes))


def _check_no_consent_is_missing(referral: Referral, _: datetime) -> None:
    consenting.check_given(referral.consents)


def _check_something_to_ask(referral: Referral, _: datetime) -> None:
    if not consenting.missing(referral.consents):
        raise consenting.ConsentNotAsked(of="")


def _check_depth(referral: Referral, _: datetime) -> None:
    if referral.depth >= MAX_DEPTH:
        raise PassedOnTooOften(most=MAX_DEPTH)


def _check_proposed(referral: Referral, _: datetime) -> None:
    if not referral.cancel_proposed:
        raise NothingProposed


def _check_to_minimise(referral: Referral, _: datetime) -> None:
    if not referral.minimisation_due:
        raise NothingToMinimise


def _check_unsettled(referral: Referral, _: datetime) -> None:
    if referral.settled:
        raise AlreadySettled


def _check_late(referral: Referral, at: datetime) -> None:
    if referral.due is None or at < referral.due:
        raise NotDueYet(due=referral.due.isoformat() if referral.due else "")


CHECKS: Mapping[Action, Callable[[Referral, datetime], None]] = {
    Action.ASK_CONSENT: _check_something_to_ask,
    Action.REQUEST: _check_no_consent_is_missing,
    Action.REROUTE: _check_depth,
    Action.AGREE_CANCEL: _check_proposed,
    Action.CONFIRM_MINIMISED: _check_to_minimise,
    Action.EXPIRE: _check_late,
    Action.SETTLE: _check_unsettled,
}

ANSWERS: Mapping[Action, ConsentState] = {
    Action.GIVE_CONSENT: ConsentState.GIVEN,
    Action.DECLINE_CONSENT: ConsentState.DECLINED,
    Action.WITHDRAW: ConsentState.WITHDRAWN,
}


def _moved(referral: Referral, action: Action, details: Details, at: datetime) -> Referral:
    consents = _answered(referral.consents, action, details.consenter)
    state = WAYS[action].moves[referral.state]
    if action is Action.GIVE_CONSENT and consenting.missing(consents):
        state = referral.state
    return replace(
        referral,
        state=state,
        consents=consents,
        code=_code(referral, action, details),
        text=details.text.strip(),
        cancel_proposed=state in TAKEN and (referral.cancel_proposed or action is Action.PROPOSE_CANCEL),
        was_taken=referral.was_taken or state in TAKEN,
        minimisation_due=_is_to_minimise(referral, action),
        settled=action is Action.SETTLE,
        first_contact_at=at if action is Action.BEGIN else referral.first_contact_at,
    )


def _code(referral: Referral, action: Action, details: Details) -> str:
    if action is Action.REROUTE_ACCEPTED:
        return PASSED_ON
    return details.code if WAYS[action].codes else referral.code


def _is_to_minimise(referral: Referral, action: Action) -> bool:
    if action is Action.CONFIRM_MINIMISED:
        return False
    if action in {Action.WITHDRAW, Action.ENTER_IN_ERROR} and referral.state is not State.WITHDRAWN:
        return referral.state in AT_RECEIVER or referral.was_taken
    return referral.minimisation_due


def _answered(consents: Consents, action: Action, of: Consenter | None) -> Consents:
    if action is Action.ASK_CONSENT:
        return consenting.asked(consents)
    return consenting.moved(consents, of, ANSWERS[action]) if action in ANSWERS and of else consents


def _due(before: Referral, after: Referral, programme: Programme, at: datetime) -> datetime | None:
    """Return the new deadline; a receipt, or whatever else leaves it where it was, gives nobody more time."""
    if after.state in ENDED and after.owed_by is None:
        return None
    if after.state is before.state or (before.state, after.state) == (State.REQUESTED, State.RECEIVED):
        return before.due
    return due(programme, after.state, at)
