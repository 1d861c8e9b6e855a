"""The checker of alerting: holds tables, boards and events against providers' ledgers. Pure; knows no server."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.checker import Findings, Told, falling, first_occurrences

ANSWER_STOPS_WITHIN_S = 5.0
"""What was claimed when somebody answers goes out within the provider's time-out; nothing later does."""

NEXT_HAND_OVER_WITHIN_S = 10.0
TAKEN_OVER_WITHIN_S = 15.0
STEP_WITHIN_S = 2.0
GONE = frozenset({"delivered", "superseded"})
"""Where a message ends when all is well: it arrived, or its receiver had answered."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a provider's ledger about a message."""

    provider: str
    kind: str
    """`message`: it went to a telephone; `repeat`: the same key came again and nothing went out."""
    key: str
    at: float
    channel: str = ""
    to: str = ""
    text: str = ""
    lost: bool = False
    """The provider took it and delivers nothing."""


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the table of deliveries, or one of a board."""

    key: str
    call: str
    channel: str
    wave: int
    state: str
    possible_duplicate: bool
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Called:
    """One person within one alert, as the table or a board has them."""

    call: str
    staff: str
    answer: str | None = None
    answered_at: float | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert: what was promised, what stands in the tables, what the board shows."""

    alert: str
    raised_at: float
    steps: Mapping[int, float]
    """Seconds after which each step is due that has come due."""
    on_duty: frozenset[str]
    """Everybody who is to be reached, from the runner's own book."""
    calls: Sequence[Called] = ()
    messages: Sequence[Message] = ()
    board: frozenset[tuple[str, str | None, str, int, str, bool]] = frozenset()
    """Call, answer, channel, wave, state and mark of each message that the board shows."""


@dataclass(frozen=True, slots=True)
class AlertingEvidence:
    """Everything that was found when all was quiet again."""

    accepted: frozenset[str] = frozenset()
    """The alerts that the desk was promised."""
    alerts: Sequence[Alert] = ()
    ledger: Sequence[Line] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    """What each call's person was made to answer."""
    away: Sequence[tuple[float, float]] = ()
    """Spans in which alerting or its database was away."""
    next_hand_over: Mapping[str, float] = field(default_factory=dict)
    """Seconds from the dependency's return until what waited was handed over, for each fault."""
    taken_over: Mapping[str, float] = field(default_factory=dict)
    """Seconds until the second provider had everything, for each way in which the first was broken."""
    history: Sequence[Told] = ()
    topic: Sequence[Told] = ()
    answers_told: Mapping[str, int] = field(default_factory=dict)
    """How many events tell of an answer to each call."""


@dataclass(frozen=True, slots=True)
class AlertingFindings:
    """What is wrong, each as sentences that name it, and the figures of the verdict."""

    house: Findings
    unreached: list[str] = field(default_factory=list)
    doubled_at_provider: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    step_errors_s: list[float] = field(default_factory=list)

    @property
    def step_error_p99_s(self) -> float:
        """Return how far off its time a step was, but for one in a hundred."""
        ordered = sorted(self.step_errors_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0

    def own(self) -> list[str]:
        """Return the sentences that no other layer has."""
        return [*self.unreached, *self.doubled_at_provider, *self.unmarked, *self.late, *self.slow]


def check_alerting(evidence: AlertingEvidence) -> AlertingFindings:
    """Hold everything against the ledgers."""
    house = Findings(_lost(evidence), _ghosts(evidence), _doubled(evidence), _reordered(evidence), [], _again(evidence))
    return AlertingFindings(
        house=house,
        unreached=[line for alert in evidence.alerts for line in _unreached(alert, evidence)],
        doubled_at_provider=_doubled_at_provider(evidence),
        unmarked=_unmarked(evidence),
        late=_late(evidence),
        slow=_slow(evidence),
        step_errors_s=[error for alert in evidence.alerts for error in _step_errors(alert, evidence.away)],
    )


def _messages(evidence: AlertingEvidence) -> dict[str, Message]:
    return {one.key: one for alert in evidence.alerts for one in alert.messages}


# -- people ------------------------------------------------------------------------------------------------------------


def _unreached(alert: Alert, evidence: AlertingEvidence) -> list[str]:
    """Name who is on duty, has not answered, and has nothing at a provider, or no confirmed delivery."""
    carried = {line.key for line in evidence.ledger if line.kind == "message" and not line.lost}
    calls = {one.staff: one for one in alert.calls}
    wrong = []
    for staff in sorted(alert.on_duty):
        call = calls.get(staff)
        own = [one for one in alert.messages if call and one.call == call.call]
        if call is None:
            wrong.append(f"{staff} was never called about {alert.alert}")
        elif call.answer:
            continue
        elif not carried & {one.key for one in own}:
            wrong.append(f"nothing went to {staff} about {alert.alert}")
        elif "delivered" not in {one.state for one in own}:
            wrong.append(f"{staff} has no confirmed delivery about {alert.alert}")
    return wrong


def _doubled_at_provider(evidence: AlertingEvidence) -> list[str]:
    """Name what went out twice at one provider: by its key, or in the same words to the same telephone."""
    sent = [line for line in evidence.ledger if line.kind == "message"]
    by_key = Counter((line.provider, line.key) for line in sent)
    by_words = Counter(
        (line.provider, line.channel, line.to, line.text)
        for line in {(one.provider, one.key): one for one in sent}.values()
    )
    doubled = [f"{provider} sent {key} {n} times" for (provider, key), n in by_key.items() if n > 1]
    return doubled + [
        f"{provider} sent {to} the same {channel} {n} times"
        for (provider, channel, to, _), n in by_words.items()
        if n > 1
    ]


def _unmarked(evidence: AlertingEvidence) -> list[str]:
    """Name each message that two providers had, or one had twice, and that is not called a possible duplicate."""
    known, times = _messages(evidence), Counter(line.key for line in evidence.ledger)
    return [
        f"{key} came to providers {n} times and is not marked"
        for key, n in times.items()
        if n > 1 and key in known and not known[key].possible_duplicate
    ]


def _late(evidence: AlertingEvidence) -> list[str]:
    answered = {one.call: one.answered_at for alert in evidence.alerts for one in alert.calls if one.answered_at}
    known = _messages(evidence)
    found = []
    for line in evidence.ledger:
        since = answered.get(known[line.key].call) if line.key in known else None
        if since is None:
            continue
        # What was queued only afterwards should not be there at all.
        if line.at > since + ANSWER_STOPS_WITHIN_S or known[line.key].created_at > since:
            found.append(f"{line.key} went out {line.at - since:.1f} s after its receiver answered")
    return found


# -- time --------------------------------------------------------------------------------------------------------------


def _slow(evidence: AlertingEvidence) -> list[str]:
    bounds: list[tuple[Mapping[str, float], float, str]] = [
        (evidence.next_hand_over, NEXT_HAND_OVER_WITHIN_S, "what waited was handed over"),
        (evidence.taken_over, TAKEN_OVER_WITHIN_S, "the second provider had all"),
    ]
    return [
        f"{name}: {what} only after {took:.1f} s"
        for every, bound, what in bounds
        for name, took in every.items()
        if took > bound
    ]


def _step_errors(alert: Alert, away: Sequence[tuple[float, float]]) -> list[float]:
    """Return how far from its time each step was taken, without the seconds in which what it needs was away."""
    taken: dict[int, float] = {}
    for one in alert.messages:
        taken[one.wave] = min(one.created_at, taken.get(one.wave, one.created_at))
    return [
        abs(taken[step] - (alert.raised_at + after)) - _away_between(alert.raised_at + after, taken[step], away)
        for step, after in alert.steps.items()
        if step in taken
    ]


def _away_between(start: float, end: float, away: Sequence[tuple[float, float]]) -> float:
    """Return the seconds between two moments in which at least one thing was away."""
    total, reached = 0.0, start
    for gone, back in sorted(away):
        total += max(0.0, min(back, end) - max(gone, reached))
        reached = max(reached, min(back, end))
    return total


# -- the house's own promises ------------------------------------------------------------------------------------------


def _lost(evidence: AlertingEvidence) -> list[str]:
    lost = [
        f"alert {one} was accepted and is not there"
        for one in sorted(evidence.accepted - {a.alert for a in evidence.alerts})
    ]
    answers = {one.call: one.answer for alert in evidence.alerts for one in alert.calls}
    lost += [f"the answer of call {call} is lost" for call in sorted(evidence.said) if not answers.get(call)]
    on_topic = {one.event_id for one in evidence.topic}
    lost += [
        f"event {one.event_id} of {one.key} is not on its topic"
        for one in evidence.history
        if one.event_id not in on_topic
    ]
    told = {one.key for one in evidence.history}
    lost += [f"alert {alert.alert} was told to nobody" for alert in evidence.alerts if alert.alert not in told]
    carried = {line.key for line in evidence.ledger if not line.lost}
    lost += [
        f"{one.key} is called delivered and no provider has it"
        for one in _messages(evidence).values()
        if one.state == "delivered" and one.key not in carried
    ]
    for alert in evidence.alerts:
        waves = {one.wave for one in alert.messages}
        lost += [f"step {step} of {alert.alert} was not taken" for step in alert.steps if step not in waves]
        lost += [f"{one.key} ended as {one.state}" for one in alert.messages if one.state not in GONE]
    return lost


def _ghosts(evidence: AlertingEvidence) -> list[str]:
    """Name messages, events and lines of boards that nothing accounts for."""
    known, happened = _messages(evidence), {one.event_id for one in evidence.history}
    ghosts = [f"{line.provider} has {line.key}, which nobody sent" for line in evidence.ledger if line.key not in known]
    ghosts += [
        f"event {one.event_id} on the topic never happened" for one in evidence.topic if one.event_id not in happened
    ]
    ghosts += [
        f"alert {one.alert} was raised by nobody" for one in evidence.alerts if one.alert not in evidence.accepted
    ]
    for alert in evidence.alerts:
        shown = _as_shown(alert)
        ghosts += [f"the board of {alert.alert} shows {line}" for line in sorted(alert.board - shown, key=str)]
        ghosts += [f"the board of {alert.alert} hides {line}" for line in sorted(shown - alert.board, key=str)]
    return ghosts


def _as_shown(alert: Alert) -> frozenset[tuple[str, str | None, str, int, str, bool]]:
    answers = {one.call: one.answer for one in alert.calls}
    return frozenset(
        (one.call, answers.get(one.call), one.channel, one.wave, one.state, one.possible_duplicate)
        for one in alert.messages
    )


def _doubled(evidence: AlertingEvidence) -> list[str]:
    doubled = [f"the answer of call {call} was told {n} times" for call, n in evidence.answers_told.items() if n > 1]
    per_wave = Counter((one.call, one.channel, one.wave) for one in _messages(evidence).values())
    return doubled + [
        f"call {call} has {n} messages by {channel} in wave {wave}"
        for (call, channel, wave), n in per_wave.items()
        if n > 1
    ]


def _reordered(evidence: AlertingEvidence) -> list[str]:
    return [f"{key} came as {versions} on its topic" for key, versions in falling(first_occurrences(evidence.topic))]


def _again(evidence: AlertingEvidence) -> int:
    return sum(n - 1 for n in Counter(one.event_id for one in evidence.topic).values())
