"""The checker of the staff: holds events, boards and alerts against the runner's book and providers' ledgers. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.alerting_checker import Line
from tests.chaos.checker import Findings, Told, falling, first_occurrences

FIRST_WITHIN_S = 5.0
"""From the promise to the first hand-over, also while the broker is away."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of an activation: its name, and the step where it has one."""

    event_id: str
    name: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """One activation: what was done to it, what it told, and what its board shows."""

    title: str
    """Words that stand in its texts and in no other's."""
    expected: Sequence[tuple[str, str]]
    """The events that it must tell, in order: names with steps."""
    told: Sequence[Event]
    telephones: frozenset[str]
    """Of everybody whom its steps call."""
    said: Mapping[str, str]
    """What was last said from each telephone."""
    board: Mapping[str, str | None]
    """The answer that the board shows for each telephone."""
    call_ins: int
    alerts: int
    """What alerting has raised because of it."""


@dataclass(frozen=True, slots=True)
class StaffEvidence:
    """Everything that was found when all was quiet again."""

    activations: Sequence[Called] = ()
    ledger: Sequence[Line] = ()
    topic: Sequence[Told] = ()
    parked: int = 0
    first_hand_over: Mapping[str, float] = field(default_factory=dict)
    """Seconds from an activation's promise, while the broker was away."""
    by_mirror: int = 0
    """Answers that came to the board while the broker was away."""


@dataclass(frozen=True, slots=True)
class StaffFindings:
    """What is wrong, as sentences that name it."""

    house: Findings
    unreached: list[str] = field(default_factory=list)
    doubled_at_provider: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    without_broker_s: float = 0.0
    """The slowest first hand-over of an activation while the broker was away."""
    by_mirror: int = 0

    def own(self) -> list[str]:
        """Return the sentences that no other layer has."""
        return [*self.unreached, *self.doubled_at_provider, *self.slow]


def check_staff(evidence: StaffEvidence) -> StaffFindings:
    """Hold everything against the book."""
    ledger = [line for line in evidence.ledger if line.kind == "message"]
    again = sum(n - 1 for n in Counter(one.event_id for one in evidence.topic).values())
    house = Findings(_lost(evidence), _ghosts(evidence), _doubled(evidence), _reordered(evidence), [], again)
    if evidence.parked:
        house.parked_wrongly.append(f"{evidence.parked} record(s) were parked by beredskabsstab")
    return StaffFindings(
        house,
        [line for one in evidence.activations for line in _unreached(one, ledger)],
        _doubled_at_provider(ledger),
        [
            f"{name}: the first hand-over came after {took:.1f} s"
            for name, took in evidence.first_hand_over.items()
            if took > FIRST_WITHIN_S
        ],
        round(max(evidence.first_hand_over.values(), default=0.0), 2),
        evidence.by_mirror,
    )


def _unreached(one: Called, ledger: Sequence[Line]) -> list[str]:
    reached = {line.to for line in ledger if one.title in line.text}
    return [f"nothing about {one.title} went to {number}" for number in sorted(one.telephones - reached)]


def _doubled_at_provider(ledger: Sequence[Line]) -> list[str]:
    times = Counter((line.provider, line.channel, line.to, line.text) for line in ledger)
    return [
        f"{provider} sent {to} the same {channel} {n} times" for (provider, channel, to, _), n in times.items() if n > 1
    ]


def _steps(one: Called) -> list[tuple[str, str]]:
    return [(event.name, event.step) for event in one.told]


def _lost(evidence: StaffEvidence) -> list[str]:
    on_topic = {one.event_id for one in evidence.topic}
    lost = []
    for one in evidence.activations:
        missing = Counter(one.expected) - Counter(_steps(one))
        lost += [f"{one.title} did not tell {name} {step}" for name, step in missing.elements()]
        lost += [
            f"{event.name} of {one.title} is not on its topic" for event in one.told if event.event_id not in on_topic
        ]
        lost += [
            f"what {number} said about {one.title} is not on the board"
            for number, word in one.said.items()
            if one.board.get(number) != word
        ]
        if one.alerts < one.call_ins:
            lost.append(f"{one.call_ins - one.alerts} call-in(s) of {one.title} were not heard by alerting")
    return lost


def _ghosts(evidence: StaffEvidence) -> list[str]:
    happened = {event.event_id for one in evidence.activations for event in one.told}
    return [
        f"event {one.event_id} on the topic never happened" for one in evidence.topic if one.event_id not in happened
    ]


def _doubled(evidence: StaffEvidence) -> list[str]:
    doubled = []
    for one in evidence.activations:
        more = Counter(_steps(one)) - Counter(one.expected)
        doubled += [f"{one.title} told {name} {step} once too often" for name, step in more.elements()]
        if one.alerts > one.call_ins:
            doubled.append(f"{one.title} was raised {one.alerts} times for {one.call_ins} call-in(s)")
    return doubled


def _reordered(evidence: StaffEvidence) -> list[str]:
    wrong = [f"{key} came as {versions} on its topic" for key, versions in falling(first_occurrences(evidence.topic))]
    return wrong + [
        f"{one.title} told {_steps(one)}"
        for one in evidence.activations
        if Counter(_steps(one)) == Counter(one.expected) and _steps(one) != list(one.expected)
    ]
