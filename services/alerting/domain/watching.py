"""What should have been reached by now, held against what is confirmed; the difference is what the watchdog finds.

Nothing here trusts what the dispatcher or the escalation say of themselves: who should have been called follows from
the rosters and the alert's own steps, and a message counts as arrived when a provider's receipt is kept, or its person
answered.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from services.alerting.domain.calling import CallState, delivery_key, is_satisfied
from services.alerting.domain.deliveries import State
from services.alerting.domain.rosters import Roster, on_duty
from services.alerting.domain.tables import EVERYONE, NAMED, UNREACHED, Step

WITH_RECEIPTS = frozenset({"sms", "voice"})
"""Channels whose providers say when a message has arrived; the others' last word is that they have taken it."""


class Kind(StrEnum):
    """What is wrong."""

    NO_CALLS = "no_calls"
    """An open alert has called nobody."""
    STEP_OVERDUE = "step_overdue"
    """A step of an office's escalation is due and not taken."""
    ENDED_EARLY = "ended_early"
    """An office's escalation has ended without the answers that end it."""
    NO_CALL = "no_call"
    """Somebody who had the duty at a step was not called."""
    NO_ROUTE = "no_route"
    """Somebody who was called has no way left by which to be reached."""
    NO_DELIVERY = "no_delivery"
    """A message that a step asks for is not there."""
    WRONG_ROUTE = "wrong_route"
    """A message goes to another's address, or not under its own key."""
    WAITS = "waits"
    """A message waits too long to be handed over."""
    UNCONFIRMED = "unconfirmed"
    """A provider has a message and nobody has said for too long that it arrived."""
    UNPROVED = "unproved"
    """A message is called delivered, and no receipt says so."""
    FAILED = "failed"
    """A message could not be delivered, and no other one to the same person is confirmed."""
    WITHDRAWN = "withdrawn"
    """A message was stopped though its person has not answered."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much later than due something may be before it is found."""

    overdue_s: float = 10.0
    waits_s: float = 30.0
    receipt_s: float = 60.0

    def overdue(self) -> timedelta:
        """Return the first as a span."""
        return timedelta(seconds=self.overdue_s)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it stands."""

    key: str
    route_id: UUID
    wave: int
    channel: str
    state: str
    waited_s: float
    """Since it was made, by the machine's clock."""
    handed_s: float | None
    """Since it was handed over."""
    has_receipts: bool
    """Whether its provider says when a message has arrived."""
    is_proved: bool
    """Whether a receipt is kept that says so."""
    is_own_route: bool

    @property
    def is_confirmed(self) -> bool:
        """Say whether it is certain that it arrived, as far as its channel can be."""
        if self.channel in WITH_RECEIPTS and self.has_receipts:
            return self.state == State.DELIVERED and self.is_proved
        return self.state in (State.ACCEPTED, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class Call:
    """One person's call."""

    call_id: UUID
    staff_id: UUID
    escalation_id: UUID
    answer: str | None
    called_at: datetime
    ad_hoc: bool = False
    """Added by the desk; no step of an escalation calls them."""
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """One office's escalation."""

    escalation_id: UUID
    place: tuple[str, str, str]
    state: str
    steps_taken: int


@dataclass(frozen=True, slots=True)
class Alert:
    """An open alert with everything that belongs to it."""

    alert_id: UUID
    wanted: str
    steps: tuple[Step, ...]
    raised_at: datetime
    is_merged: bool
    """Begun by `nodudkald`: what it sent follows other rules for which channels there are."""
    paths: tuple[Path, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has the duty at an office's role, and who belongs to it since when."""

    rosters: tuple[Roster, ...] = ()
    everyone: dict[UUID, datetime] = field(default_factory=dict)

    def whom(self, line: str, then: datetime, now: datetime) -> set[UUID]:
        """Return who had to be called at a moment and still has to."""
        if line == EVERYONE:
            return {who for who, since in self.everyone.items() if since <= then}
        if line in (UNREACHED, NAMED):
            return set()
        return {*on_duty(self.rosters, int(line), then)} & {*on_duty(self.rosters, int(line), now)}


@dataclass(frozen=True, slots=True)
class World:
    """All that the watchdog looks at, at one moment."""

    mode: str
    now: datetime
    alerts: tuple[Alert, ...]
    duties: dict[tuple[str, str, str], Duty]
    routes: dict[UUID, dict[str, datetime | None]]
    """The living channels of each person, with since when."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    kind: Kind
    alert_id: UUID
    subject: UUID
    """The call, where there is one; else the office's path, the person, or the alert."""
    expected_by: datetime
    call_id: UUID | None = None
    wave: int | None = None
    channel: str | None = None

    @property
    def finding_id(self) -> UUID:
        """Return its id: the same thing found again is the same finding."""
        return uuid5(self.alert_id, f"{self.kind}/{self.subject}/{self.wave}/{self.channel}")


def find(world: World, limits: Limits) -> list[Finding]:
    """Return everything that should have been reached by now and is not known to be."""
    found = [one for alert in world.alerts for one in _Look(world, limits, alert).findings()]
    return list({one.finding_id: one for one in found}.values())


class _Look:
    """One look at one alert."""

    def __init__(self, world: World, limits: Limits, alert: Alert) -> None:
        self.world, self.limits, self.alert, self.now = world, limits, alert, world.now
        self.by_staff = {call.staff_id: call for call in alert.calls}

    def findings(self) -> Iterator[Finding]:
        if not self.alert.calls and self.alert.raised_at + self.limits.overdue() < self.now:
            yield self._finding(Kind.NO_CALLS, self.alert.alert_id, self.alert.raised_at)
        for path in self.alert.paths:
            yield from self._path(path)
        for call in self.alert.calls:
            if call.answer is None:
                yield from self._call(call)

    def _due(self, step: Step) -> datetime:
        return self.alert.raised_at + timedelta(seconds=step.after_s)

    def _finding(self, kind: Kind, subject: UUID, expected_by: datetime, **more: object) -> Finding:
        return Finding(kind, self.alert.alert_id, subject, expected_by, **more)  # type: ignore[arg-type]  # its own fields

    def _path(self, path: Path) -> Iterator[Finding]:
        own = [one for one in self.alert.calls if one.escalation_id == path.escalation_id]
        if own and not path.steps_taken and all(one.ad_hoc for one in own):
            # The desk has added people of an office that was not called in: it has no steps.
            return
        late = [one for one in self.alert.steps if self._due(one) + self.limits.overdue() < self.now]
        waiting = [one for one in late if one.number > path.steps_taken]
        if path.state == "running" and waiting:
            yield self._finding(Kind.STEP_OVERDUE, path.escalation_id, self._due(waiting[0]), wave=waiting[0].number)
        if path.state == "stopped" or (path.state == "answered" and not self._is_answered(path)):
            yield self._finding(Kind.ENDED_EARLY, path.escalation_id, self.now)
        if path.state != "answered" or not self._is_answered(path):
            for step in self.alert.steps:
                if step.number <= path.steps_taken or step in late:
                    yield from self._step(path, step)

    def _is_answered(self, path: Path) -> bool:
        own = [one for one in self.alert.calls if one.escalation_id == path.escalation_id]
        return is_satisfied(self.alert.wanted, [CallState(one.escalation_id, one.answer) for one in own])

    def _step(self, path: Path, step: Step) -> Iterator[Finding]:
        then = min(self._due(step), self.now)
        if then + self.limits.overdue() > self.now:
            return
        duty = self.world.duties.get(path.place, Duty())
        for who in sorted(duty.whom(step.line, then, self.now)):
            call = self.by_staff.get(who)
            if call is None:
                yield self._finding(Kind.NO_CALL, who, then, wave=step.number)
            elif call.answer is None and not self.alert.is_merged:
                yield from self._channels(call, step, then)

    def _channels(self, call: Call, step: Step, then: datetime) -> Iterator[Finding]:
        there = {one.channel for one in call.sent if one.wave == step.number}
        living = self.world.routes.get(call.staff_id, {})
        for channel in step.channels:
            since = living.get(channel, self.now)
            if channel in living and channel not in there and (since is None or since <= then):
                yield self._finding(
                    Kind.NO_DELIVERY, call.call_id, then, call_id=call.call_id, wave=step.number, channel=channel
                )

    def _call(self, call: Call) -> Iterator[Finding]:
        by = call.called_at + self.limits.overdue()
        confirmed = any(one.is_confirmed for one in call.sent)
        if by < self.now and not self.world.routes.get(call.staff_id) and not confirmed:
            yield self._finding(Kind.NO_ROUTE, call.call_id, by, call_id=call.call_id)
        elif by < self.now and not call.sent:
            yield self._finding(Kind.NO_DELIVERY, call.call_id, by, call_id=call.call_id)
        for sent in call.sent:
            kind = self._wrong(call, sent, reached=confirmed)
            if kind is not None:
                yield self._finding(kind, call.call_id, by, call_id=call.call_id, wave=sent.wave, channel=sent.channel)

    def _wrong(self, call: Call, sent: Sent, *, reached: bool) -> Kind | None:
        if not sent.is_own_route or sent.key != delivery_key(self.world.mode, call.call_id, sent.route_id, sent.wave):
            return Kind.WRONG_ROUTE
        match sent.state:
            case State.QUEUED | State.SENDING:
                return Kind.WAITS if sent.waited_s > self.limits.waits_s else None
            case State.ACCEPTED:
                is_late = (sent.handed_s or 0) > self.limits.receipt_s
                return Kind.UNCONFIRMED if is_late and not sent.is_confirmed else None
            case State.DELIVERED:
                return None if sent.is_confirmed else Kind.UNPROVED
            case State.SUPERSEDED:
                return Kind.WITHDRAWN
        return None if reached else Kind.FAILED


def by_call(sent: Iterable[tuple[UUID, Sent]]) -> dict[UUID, tuple[Sent, ...]]:
    """Return messages by the calls that they belong to."""
    found: dict[UUID, list[Sent]] = defaultdict(list)
    for call_id, one in sent:
        found[call_id].append(one)
    return {call_id: tuple(own) for call_id, own in found.items()}


def kinds_of(findings: Sequence[Finding]) -> dict[Kind, int]:
    """Return how many there are of each kind, of every kind."""
    return {kind: sum(one.kind is kind for one in findings) for kind in Kind}
