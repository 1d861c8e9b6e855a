"""What the receiver notes of a course between the first contact and the end; no state changes by it.

Nothing of it is told to the sender: the criminal case never learns how it goes (O-6.8.1-04). Treatment starts at most
14 days after the day on which the person asks for it (L-28, sundhedsloven § 141).
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from services.referrals.domain.referral_refusals import NotInThisState, NotYourAct
from services.referrals.domain.referral_words import said
from services.referrals.domain.states import UNDER_WAY, Side, State, allowed

START_WITHIN = timedelta(days=14)


class Step(StrEnum):
    """What is noted."""

    TRIED = "tried"
    """Nobody was reached."""
    CONVERSATION = "conversation"
    FURTHER = "further"
    TREATMENT_ASKED = "treatment_asked"
    TREATMENT_STARTED = "treatment_started"


class AlreadyNoted(Refusal):
    """It is noted before."""

    slug = "already-noted"
    title = "Det er registreret før."
    todo = "Hent henvisningen igen. Kun den første af hver slags registreres."


class NoConversationYet(Refusal):
    """A second conversation comes after a first."""

    slug = "no-conversation-yet"
    title = "Der er ikke registreret en første samtale."
    todo = "Registrér den første samtale, og så de følgende."


class DayUnusable(Refusal):
    """What is noted has happened, and not before the hand-over."""

    slug = "day-unusable"
    status = 422
    title = "Dagen kan ikke bruges."
    todo = "Angiv i on en dag fra henvisningens dag til i dag, eller udelad den, hvis det er i dag."


IN: Mapping[Step, frozenset[State]] = dict.fromkeys(Step, UNDER_WAY) | {Step.TRIED: frozenset({State.ACCEPTED})}
"""In which states each is noted."""


def check(step: Step, side: Side, state: State, noted: frozenset[Step]) -> None:
    """Refuse what is not to be noted now.

    Raises:
        NotYourAct: it is the receiver's.
        NotInThisState: the person has not been contacted, or it has ended.
        NoConversationYet: there is no first conversation.
        AlreadyNoted: it is noted before.
    """
    facts = {
        "action": step.value,
        "state": said(state),
        "allowed": ", ".join(map(said, allowed(state, side))) or "intet",
    }
    if side is not Side.RECEIVER:
        raise NotYourAct(belongs_to=said(Side.RECEIVER), **facts)
    if state not in IN[step]:
        raise NotInThisState(**facts)
    if step in noted:
        raise AlreadyNoted
    if step is Step.FURTHER and Step.CONVERSATION not in noted:
        raise NoConversationYet


def day_of(on: date | None, requested_at: datetime, now: datetime) -> date:
    """Return the day on which it happened: today, or one between the request and today.

    Raises:
        DayUnusable: it lies ahead, or before the request.
    """
    today = now.astimezone(DANISH_TIME).date()
    if on and not requested_at.astimezone(DANISH_TIME).date() <= on <= today:
        raise DayUnusable
    return on or today


def start_by(asked_on: date) -> datetime:
    """Return until when treatment is to start: the end of the fourteenth day after it was asked for."""
    return datetime.combine(asked_on + START_WITHIN + timedelta(days=1), time(0), DANISH_TIME)
