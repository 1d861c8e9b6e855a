"""The checker of the real journey, from an import to an acknowledgement. Pure; knows no server."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.checker import Findings, Parked, Told, falling, first_occurrences, parked_wrongly, twice
from tests.chaos.journal import Line

ONCE_EACH = ("UnderretningSent", "UnderretningDelivered", "UnderretningAcknowledged")


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: in which run, for which child, by which registration."""

    run: int
    child: str
    registration: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A line in the ledger of a municipality's system."""

    underretning: str
    sha256: str
    complete: bool
    """Receipted and acknowledged."""


@dataclass(frozen=True, slots=True)
class JourneyEvidence:
    """Everything that was found when all was quiet again."""

    journal: Sequence[Line] = ()
    """Keys are `registration <name>`, `review <candidate>` and `approve <candidate>`."""
    expected: Mapping[str, int] = field(default_factory=dict)
    """How many children each registration finds in a run that nothing disturbs."""
    claimed: Mapping[str, int | None] = field(default_factory=dict)
    """Which run each stored registration is current in."""
    found: Sequence[Found] = ()
    underretninger: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Candidate and state of each."""
    acts: Sequence[tuple[str, str]] = ()
    """Underretning and event name, as the history has them."""
    history: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    """What each topic and mailbox must hold."""
    topics: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    """What each topic and mailbox holds, in order."""
    ledger: Sequence[Settled] = ()
    served: frozenset[tuple[str, str]] = frozenset()
    """Each underretning with the checksums that were served."""
    poison: frozenset[tuple[int, int]] = frozenset()
    parked: Sequence[Parked] = ()


def check_journey(evidence: JourneyEvidence) -> Findings:
    """Hold everything against the client's book and against a run that nothing disturbs."""
    carried = Counter(one.event_id + topic for topic, found in evidence.topics.items() for one in found)
    return Findings(
        lost=[*_lost_registrations(evidence), *_lost_underretninger(evidence), *_lost_events(evidence)],
        ghosts=_ghosts(evidence),
        doubled=_doubled(evidence),
        reordered=_reordered(evidence),
        parked_wrongly=parked_wrongly(evidence.parked, evidence.poison),
        redelivered=sum(count - 1 for count in carried.values()),
    )


def _keys(journal: Iterable[Line], what: str, *states: str) -> set[str]:
    return {line.key.removeprefix(f"{what} ") for line in journal if line.state in states and line.key.startswith(what)}


def _lost_registrations(evidence: JourneyEvidence) -> list[str]:
    lost = []
    children = Counter(one.registration for one in evidence.found)
    for name in sorted(_keys(evidence.journal, "registration", "accepted")):
        if name not in evidence.claimed:
            lost.append(f"accepted registration {name} is not stored")
        elif evidence.claimed[name] is None:
            lost.append(f"accepted registration {name} is current in no run")
        elif children[name] < evidence.expected[name]:
            lost.append(f"registration {name} found {children[name]} of {evidence.expected[name]} children")
    return lost


def _lost_underretninger(evidence: JourneyEvidence) -> list[str]:
    told = set(_candidates(evidence))
    approved = _keys(evidence.journal, "approve", "accepted")
    settled = {one.underretning for one in evidence.ledger if one.complete}
    lost = [f"approved candidate {one} has no underretning" for one in sorted(approved - told)]
    lost += [f"underretning {one} is not settled in a ledger" for one in sorted(set(evidence.underretninger) - settled)]
    return lost + [
        f"underretning {one} is only {state}"
        for one, (_, state) in sorted(evidence.underretninger.items())
        if state != "acknowledged"
    ]


def _lost_events(evidence: JourneyEvidence) -> list[str]:
    return [
        f"event {one.event_id} is not on {topic}"
        for topic, told in evidence.history.items()
        for one in told
        if one.event_id not in {carried.event_id for carried in evidence.topics.get(topic, ())}
    ]


def _ghosts(evidence: JourneyEvidence) -> list[str]:
    intended = _keys(evidence.journal, "registration", "intended")
    children = Counter(one.registration for one in set(evidence.found))
    ghosts = [f"registration {one} was never sent" for one in sorted(set(evidence.claimed) - intended)]
    ghosts += [f"{name} found {n} children" for name, n in children.items() if n > evidence.expected.get(name, 0)]
    asked = _keys(evidence.journal, "approve", "intended")
    ghosts += [
        f"underretning {one} was never approved" for one, (c, _) in evidence.underretninger.items() if c not in asked
    ]
    for topic, carried in evidence.topics.items():
        happened = {one.event_id for one in evidence.history.get(topic, ())}
        ghosts += [f"event {one.event_id} on {topic} never happened" for one in carried if one.event_id not in happened]
    settled = {(one.underretning, one.sha256) for one in evidence.ledger}
    return ghosts + [f"a ledger has {one} as it was never served" for one, _ in sorted(settled - evidence.served)]


def _candidates(evidence: JourneyEvidence) -> list[str]:
    """Return the candidates that have an underretning, as often as they have one."""
    return [candidate for candidate, _ in evidence.underretninger.values()]


def _doubled(evidence: JourneyEvidence) -> list[str]:
    runs = {(one.registration, one.run) for one in evidence.found}
    doubled = [f"registration {one} is current in two runs" for one in twice(name for name, _ in runs)]
    doubled += [f"{one.child} was found twice by {one.registration}" for one in twice(evidence.found)]
    doubled += [
        f"candidate {one} has two underretninger" for one in twice(c for c, _ in evidence.underretninger.values())
    ]
    doubled += [f"{name} happened twice to {one}" for one, name in twice(evidence.acts) if name in ONCE_EACH]
    return doubled + [f"a ledger has {one} twice" for one in twice(line.underretning for line in evidence.ledger)]


def _reordered(evidence: JourneyEvidence) -> list[str]:
    return [
        f"{key} came as {versions} on {topic}"
        for topic, carried in evidence.topics.items()
        for key, versions in falling(first_occurrences(carried))
    ]
