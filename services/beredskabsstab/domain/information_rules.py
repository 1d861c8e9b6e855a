"""Who may do what to a message that is not sent yet, and what follows.

Each function takes the message as it is, who does it and the time, and returns a decision or raises a refusal.
Approving and sending are two decisions of one transaction: see `information_sending`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.beredskabsstab.domain.cap import Info, Words
from services.beredskabsstab.domain.information import (
    APPROVAL_WAIT_S,
    Actor,
    Audience,
    Decision,
    Form,
    Message,
    Signed,
    State,
    Tell,
    Told,
)
from services.beredskabsstab.domain.information_refusals import (
    AlreadyExpired,
    ApproverHasTime,
    ChairNeeded,
    InformationWrongState,
    LegalQuestionOpen,
    NotAWarning,
    NothingSaid,
    NotYourMessage,
    NotYourSector,
    PoliceMandateNeeded,
    ReasonNeeded,
    SectorNotCleared,
    SelfApproval,
)


def draft(message: Message, by: Actor, now: datetime) -> Decision:
    """Take a new message into the line; its number comes from whoever keeps the line, and is nobody else's.

    Raises:
        NothingSaid: it has no words, no audience, or is a warning without facts.
        LegalQuestionOpen: it goes to the population and the legal question has no answer.
        NotAWarning: it would be a warning of what may not be one.
        AlreadyExpired: its end has passed.
    """
    _check(message, now)
    new = replace(message, state=State.DRAFT, authority=by.authority, written_by=frozenset({by.person}))
    return Decision(new, (Told(Tell.DRAFTED),))


def edit(
    message: Message, by: Actor, danish: Words, english: Words | None, info: Info | None, now: datetime
) -> Decision:
    """Write other words; what was cleared, here or in peacetime, was cleared for the old ones."""
    _in(message, State.DRAFT, State.RETURNED)
    _own(message, by)
    changed = replace(
        message,
        danish=danish,
        english=english,
        info=info,
        state=State.DRAFT,
        written_by=message.written_by | {by.person},
        cleared_beforehand=frozenset(),
        standard="",
    )
    _check(changed, now)
    return Decision(changed, (Told(Tell.DRAFTED),))


def submit(message: Message, by: Actor, now: datetime, wait_s: int = APPROVAL_WAIT_S) -> Decision:
    """Ask the affected sectors; where none is missing, ask the approver at once."""
    _in(message, State.DRAFT)
    _own(message, by)
    _check(message, now)
    known = {one: Signed("", now, message.standard) for one in message.sectors & message.cleared_beforehand}
    asked = replace(message, state=State.CLEARING, clearances=known, objections={}, overridden=None)
    return _cleared(asked, now, wait_s) or Decision(asked, (Told(Tell.CLEARANCE_ASKED, asked.missing),))


def clear(message: Message, by: Actor, now: datetime, wait_s: int = APPROVAL_WAIT_S) -> Decision:
    """Let an affected authority say yes for its own sector."""
    _in(message, State.CLEARING)
    _of_sector(message, by)
    objections = {one: said for one, said in (message.objections or {}).items() if one != by.authority}
    clearances = {**(message.clearances or {}), by.authority: Signed(by.person, now)}
    after = replace(message, clearances=clearances, objections=objections)
    return _cleared(after, now, wait_s) or Decision(after, ())


def object_to(message: Message, by: Actor, reason: str, now: datetime) -> Decision:
    """Let an affected authority say no for its own sector: it stays uncleared, and the chair sees why."""
    _in(message, State.CLEARING)
    _of_sector(message, by)
    clearances = {one: said for one, said in (message.clearances or {}).items() if one != by.authority}
    objections = {**(message.objections or {}), by.authority: _signed(by, now, reason)}
    after = replace(message, clearances=clearances, objections=objections)
    return Decision(after, (Told(Tell.OBJECTED, (by.authority,)),))


def override(message: Message, by: Actor, reason: str, now: datetime, wait_s: int = APPROVAL_WAIT_S) -> Decision:
    """Go on without the sectors that are missing; only the chair, and the reason is kept."""
    _in(message, State.CLEARING)
    _chair(by)
    return _asked(replace(message, overridden=_signed(by, now, reason)), now, wait_s)


def recall(message: Message, by: Actor) -> Decision:
    """Take it back to write in it again."""
    _in(message, State.CLEARING, State.CLEARED)
    _own(message, by)
    return Decision(_open(message, State.DRAFT), ())


def withdraw(message: Message, by: Actor) -> Decision:
    """Give it up; its number stays its own."""
    _in(message, State.DRAFT, State.RETURNED)
    _own(message, by)
    return Decision(replace(message, state=State.WITHDRAWN), (Told(Tell.WITHDRAWN),))


def give_back(message: Message, by: Actor, reason: str, now: datetime) -> Decision:
    """Return it to be written differently."""
    _in(message, State.CLEARING, State.CLEARED, State.APPROVED)
    _police(by)
    after = replace(_open(message, State.RETURNED), decided=_signed(by, now, reason))
    return Decision(after, (Told(Tell.RETURNED, (message.authority,)),))


def refuse(message: Message, by: Actor, reason: str, now: datetime) -> Decision:
    """Say that it is not sent."""
    _in(message, State.CLEARING, State.CLEARED)
    _police(by)
    after = replace(_open(message, State.REFUSED), decided=_signed(by, now, reason))
    return Decision(after, (Told(Tell.REFUSED, (message.authority,)),))


def approve(message: Message, by: Actor, now: datetime) -> Decision:
    """Say that it may be sent: another person than any who wrote it, with the mandate of the police.

    Raises:
        SectorNotCleared: an affected sector is missing and the chair has not gone on without it.
        SelfApproval: the approver has written in it.
    """
    _ready(message, now)
    _police(by)
    if by.person in message.written_by:
        raise SelfApproval
    return Decision(replace(message, state=State.APPROVED, approved=Signed(by.person, now)), ())


def approve_alone(message: Message, by: Actor, reason: str, now: datetime, wait_s: int = APPROVAL_WAIT_S) -> Decision:
    """Let the chair publish alone when no approver has answered in time; somebody else reviews it afterwards.

    Raises:
        ApproverHasTime: the wait that the plan gives is not over.
    """
    _ready(message, now)
    _chair(by)
    signed = _signed(by, now, reason)
    left = (message.approval_asked_at or now) + timedelta(seconds=wait_s) - now
    if left > timedelta():
        raise ApproverHasTime(seconds_left=-int(-left.total_seconds() // 1))
    after = replace(message, state=State.APPROVED, approved=signed, is_alone=True)
    return Decision(after, (Told(Tell.REVIEW_ASKED),))


def review(message: Message, by: Actor, reason: str, now: datetime) -> Decision:
    """Say afterwards what another person thinks of a message that the chair published alone."""
    if not message.needs_review or message.sent_at is None:
        raise InformationWrongState(state=message.state)
    _police(by)
    if by.person in message.written_by or (message.approved and by.person == message.approved.person):
        raise SelfApproval
    return Decision(replace(message, reviewed=_signed(by, now, reason)), (Told(Tell.REVIEWED),))


def _check(message: Message, now: datetime) -> None:
    words = [message.danish, *([message.english] if message.english else [])]
    is_warning = message.form is Form.WARNING
    if not message.audiences or any(not one.headline.strip() or not one.description.strip() for one in words):
        raise NothingSaid
    if Audience.POPULATION in message.audiences and message.life_threatening is None:
        raise LegalQuestionOpen
    if is_warning and not (Audience.POPULATION in message.audiences and message.life_threatening):
        raise NotAWarning
    if is_warning != (message.info is not None):
        raise NothingSaid
    _not_expired(message, now)


def _not_expired(message: Message, now: datetime) -> None:
    if message.info is not None and message.info.expires <= now:
        raise AlreadyExpired


def _cleared(message: Message, now: datetime, wait_s: int) -> Decision | None:
    """Return what follows when no sector is missing; None where one is."""
    return None if message.missing else _asked(message, now, wait_s)


def _asked(message: Message, now: datetime, wait_s: int) -> Decision:
    asked = Told(Tell.APPROVAL_ASKED, due=now + timedelta(seconds=wait_s))
    return Decision(replace(message, state=State.CLEARED, approval_asked_at=now), (Told(Tell.CLEARED), asked))


def _open(message: Message, state: State) -> Message:
    """Return it with everything undone that was said of these words; that it was said stays in the log."""
    undone = replace(message, clearances=None, objections=None, overridden=None, approval_asked_at=None)
    return replace(undone, state=state, approved=None, is_alone=False)


def _in(message: Message, *states: State) -> None:
    if message.state not in states:
        raise InformationWrongState(state=message.state)


def _ready(message: Message, now: datetime) -> None:
    if message.state is State.CLEARING:
        raise SectorNotCleared(missing=" ".join(message.missing))
    _in(message, State.CLEARED)
    _not_expired(message, now)


def _own(message: Message, by: Actor) -> None:
    if by.authority != message.authority and not (by.is_chair and by.has_police_mandate):
        raise NotYourMessage


def _of_sector(message: Message, by: Actor) -> None:
    if by.authority not in message.sectors:
        raise NotYourSector


def _police(by: Actor) -> None:
    if not by.has_police_mandate:
        raise PoliceMandateNeeded


def _chair(by: Actor) -> None:
    if not (by.is_chair and by.has_police_mandate):
        raise ChairNeeded


def _signed(by: Actor, now: datetime, reason: str) -> Signed:
    if not reason.strip():
        raise ReasonNeeded
    return Signed(by.person, now, reason.strip())
