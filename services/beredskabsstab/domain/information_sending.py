"""What is sent: it takes the place of what it corrects, ends, and is recorded as received or not.

Samvirke publishes a message; it triggers no siren and sends no cell broadcast. Whether the population has been warned
is what an officer records, and whether it arrived is asked in the area afterwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from contracts.codes import Mode
from services.beredskabsstab.domain.cap import Alert, MsgType, Publisher, Reference
from services.beredskabsstab.domain.information import (
    Actor,
    Correction,
    Decision,
    Form,
    Message,
    Signed,
    State,
    Tell,
    Told,
    Warned,
)
from services.beredskabsstab.domain.information_refusals import (
    AlreadyExpired,
    InformationWrongState,
    NotAWarning,
    NotSent,
    PoliceMandateNeeded,
    UnusableRecord,
)
from services.beredskabsstab.domain.information_rules import draft

CHECK_BACK_S = 600
"""How long after a warning somebody asks whether it was received, where the plan says nothing else."""
NOT_WARNED = "IKKE VARSLET: Samvirke sender ikke S!RENEN eller beredskabsmeddelelser"
WARNED = "VARSLET"
NOT_RECEIVED = "VARSLET, MEN IKKE MODTAGET I OMRÅDET"
AFTER = {Correction.UPDATE: State.UPDATED, Correction.CANCEL: State.CANCELLED}
MSG_TYPES = {None: MsgType.ALERT, Correction.UPDATE: MsgType.UPDATE, Correction.CANCEL: MsgType.CANCEL}
WAS_SENT = frozenset({State.SENT, State.UPDATED, State.CANCELLED, State.EXPIRED})


class Way(Protocol):
    """A channel by which the population was warned."""

    @property
    def received(self) -> bool | None:
        """Return whether it was in fact received in the area."""


class Shown(Protocol):
    """What a page shows of a message."""

    @property
    def form(self) -> Form:
        """Return as what it was sent."""

    @property
    def state(self) -> State:
        """Return where it is."""

    @property
    def warned(self) -> Sequence[Way]:
        """Return how the population was warned of it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent, and the one that it corrects as it is after that."""

    decision: Decision
    original: Decision | None = None


def correct(original: Message, new: Message, kind: Correction, by: Actor, now: datetime) -> Decision:
    """Draft an update or a cancellation: it goes to those who got the original, in the same form.

    Raises:
        NotSent: the original was not sent, or is no longer in force.
    """
    _in_force(original, now)
    return draft(
        replace(
            new,
            form=original.form,
            audiences=original.audiences,
            life_threatening=original.life_threatening,
            corrects=original.number,
            correction=kind,
        ),
        by,
        now,
    )


def send(message: Message, original: Message | None, now: datetime) -> Sent:
    """Send what is approved; of a correction the original, as it is now, ends with it.

    Raises:
        NotSent: the original was corrected by another message, or expired, while this one was being approved.
        AlreadyExpired: its own end has passed.
    """
    if message.state is not State.APPROVED:
        raise InformationWrongState(state=message.state)
    if message.info is not None and message.info.expires <= now:
        raise AlreadyExpired
    sent = Decision(replace(message, state=State.SENT, sent_at=now), (Told(Tell.RELEASED),))
    if message.correction is None:
        return Sent(sent)
    if original is None or original.number != message.corrects:
        raise NotSent
    _in_force(original, now)
    return Sent(sent, Decision(replace(original, state=AFTER[message.correction]), (Told(Tell.CORRECTED),)))


def expire(message: Message, now: datetime) -> Decision | None:
    """Return a warning that is over; None where it is not, or has ended otherwise: a deadline may fire twice."""
    if message.state is not State.SENT or message.info is None or now < message.info.expires:
        return None
    return Decision(replace(message, state=State.EXPIRED), (Told(Tell.EXPIRED),))


def record_warned(
    message: Message,
    by: Actor,
    channel: str,
    at: datetime,
    receipt: str,
    now: datetime,
    check_back_s: int = CHECK_BACK_S,
) -> Decision:
    """Record that the population was warned by a channel outside of Samvirke; ten minutes later somebody asks there.

    Raises:
        UnusableRecord: channel or receipt is missing, the time lies in the future, or the channel is recorded already.
    """
    _warning_that_was_sent(message, by)
    name = " ".join(channel.split())
    is_known = name.casefold() in {one.channel.casefold() for one in message.warned}
    if not name or not receipt.strip() or at > now or is_known:
        raise UnusableRecord
    warned = Warned(name, at, receipt.strip(), Signed(by.person, now))
    told = Told(Tell.WARNED), Told(Tell.CHECK_BACK, due=at + timedelta(seconds=check_back_s))
    return Decision(replace(message, warned=(*message.warned, warned)), told)


def record_received(message: Message, by: Actor, channel: str, *, received: bool) -> Decision:
    """Record what the check-back found: whether it was in fact received in the area; the last answer counts."""
    _warning_that_was_sent(message, by)
    name = " ".join(channel.split()).casefold()
    if name not in {one.channel.casefold() for one in message.warned}:
        raise UnusableRecord
    after = (replace(one, received=received) if one.channel.casefold() == name else one for one in message.warned)
    return Decision(replace(message, warned=tuple(after)), (Told(Tell.RECEIVED if received else Tell.NOT_RECEIVED),))


def banner(messages: Iterable[Shown]) -> str:
    """Return what a page says in its largest type: has the population been warned of what is in force now?

    A cancellation is in force too: people must be told that it is over as they were told that it began.
    """
    current = [one for one in messages if one.form is Form.WARNING and one.state is State.SENT]
    if not current or any(not one.warned for one in current):
        return NOT_WARNED
    if any(all(way.received is False for way in one.warned) for one in current):
        return NOT_RECEIVED
    return WARNED


def identifier(activation: str, number: int) -> str:
    """Return a message's CAP identifier: the activation's reference and the number on its line."""
    return f"{activation}-{number}"


def alert_of(message: Message, activation: str, earlier: Iterable[Message], publisher: Publisher, web: str) -> Alert:
    """Return the CAP message of a warning that was sent, for `cap_write.write`.

    Args:
        message: the warning.
        activation: its reference, without spaces or commas, such as `LBS-2026-0007`; an exercise's own is its id.
        earlier: the messages that it takes the place of, the original last.
        publisher: who we are.
        web: the message's public page.

    Raises:
        NotAWarning: it is ordinary information.
    """
    if message.info is None or message.form is not Form.WARNING or message.sent_at is None:
        raise NotAWarning
    return Alert(
        identifier=identifier(activation, message.number),
        sent=message.sent_at,
        msg_type=MSG_TYPES[message.correction],
        info=message.info,
        danish=message.danish,
        english=message.english,
        references=tuple(
            Reference(publisher.sender, identifier(activation, one.number), one.sent_at)
            for one in earlier
            if one.sent_at is not None
        ),
        exercise=activation if publisher.mode is Mode.EXERCISE else "",
        web=web,
    )


def _in_force(original: Message, now: datetime) -> None:
    is_over = original.info is not None and original.info.expires <= now
    if original.state is not State.SENT or is_over:
        raise NotSent(state=original.state)


def _warning_that_was_sent(message: Message, by: Actor) -> None:
    if message.state not in WAS_SENT:
        raise InformationWrongState(state=message.state)
    if message.form is not Form.WARNING:
        raise NotAWarning
    if not by.has_police_mandate:
        raise PoliceMandateNeeded
