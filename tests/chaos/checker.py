"""The checker: compares what the client was promised with what databases and topics hold. Pure; knows no server."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from tests.chaos.journal import Line

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of an aggregate, as the history, a topic or a hearer has it."""

    key: str
    version: int
    number: int
    """The command that it tells of."""
    event_id: str = ""
    """Empty where the hearer's table does not keep it."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that the hearer has parked."""

    place: tuple[int, int]
    """Partition and offset."""
    cause: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found when all was quiet again."""

    journal: Sequence[Line] = ()
    states: dict[str, int] = field(default_factory=dict)
    """The version of each aggregate's row."""
    history: Sequence[Told] = ()
    """What the teller's event table holds."""
    topic: Sequence[Told] = ()
    """What the topic holds, by partition and offset, poison left out."""
    heard: Sequence[Told] = ()
    """The effects of the hearer, in the order in which they happened."""
    side_told: Sequence[str] = ()
    """Ids of the other events in the history: access records."""
    side_topic: Sequence[str] = ()
    """Ids of the other events on their topics."""
    poison: frozenset[tuple[int, int]] = frozenset()
    """Where poison was put."""
    parked: Sequence[Parked] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong, each as sentences that name it."""

    lost: list[str]
    ghosts: list[str]
    doubled: list[str]
    reordered: list[str]
    parked_wrongly: list[str]
    redelivered: int
    """How many records came more than once onto the topic: no fault, but proof that faults were met."""

    def all(self) -> list[str]:
        """Return every sentence."""
        return [*self.lost, *self.ghosts, *self.doubled, *self.reordered, *self.parked_wrongly]


def check(evidence: Evidence) -> Findings:
    """Hold everything against the client's book."""
    on_topic = Counter(one.event_id for one in evidence.topic)
    return Findings(
        lost=[*_lost(evidence), *_side_lost(evidence)],
        ghosts=_ghosts(evidence),
        doubled=_doubled(evidence),
        reordered=_reordered(evidence),
        parked_wrongly=parked_wrongly(evidence.parked, evidence.poison),
        redelivered=sum(count - 1 for count in on_topic.values()),
    )


def _lost(evidence: Evidence) -> list[str]:
    """Name each accepted command that is missing somewhere, and each event that did not arrive."""
    accepted = {line.number for line in evidence.journal if line.state == "accepted"}
    places = {"history": evidence.history, "topic": evidence.topic, "hearer": evidence.heard}
    lost = [
        f"accepted command {number} is not in the {name}"
        for name, found in places.items()
        for number in sorted(accepted - {one.number for one in found})
    ]
    told = {one.number for one in evidence.history} - accepted
    heard = {one.number for one in evidence.heard}
    return lost + [f"event of command {number} was told and not heard" for number in sorted(told - heard)]


def _side_lost(evidence: Evidence) -> list[str]:
    missing = sorted(set(evidence.side_told) - set(evidence.side_topic))
    few = len(evidence.history) - len(set(evidence.side_told))
    return [f"access record {one} is not on its topic" for one in missing] + ["access records are missing"] * (few > 0)


def _ghosts(evidence: Evidence) -> list[str]:
    """Name what nobody asked for, and what is told although it never happened."""
    intended = {line.number for line in evidence.journal}
    happened = {one.event_id for one in evidence.history}
    said = {(line.number, line.key, line.version) for line in evidence.journal if line.state == "accepted"}
    wanted = {number: (key, version) for number, key, version in said}
    ghosts = [f"command {one.number} in the history was never sent" for one in _not_in(evidence.history, intended)]
    ghosts += [f"command {one.number} was heard and never sent" for one in _not_in(evidence.heard, intended)]
    ghosts += [f"event {one} on the topic never happened" for one in _strangers(evidence.topic, happened)]
    ghosts += [
        f"command {one.number} was answered otherwise than it happened"
        for one in evidence.history
        if one.number in wanted and wanted[one.number] != (one.key, one.version)
    ]
    strange = sorted(set(evidence.side_topic) - set(evidence.side_told))
    return ghosts + [f"access record {one} on the topic never happened" for one in strange]


def _not_in(found: Iterable[Told], numbers: set[int]) -> list[Told]:
    return [one for one in found if one.number not in numbers]


def _strangers(found: Iterable[Told], ids: set[str]) -> list[str]:
    return sorted({one.event_id for one in found} - ids)


def _doubled(evidence: Evidence) -> list[str]:
    """Name each command with two effects, in the history or at the hearer."""
    doubled = [f"command {number} happened twice" for number in twice(one.number for one in evidence.history)]
    return doubled + [f"command {number} was heard twice" for number in twice(one.number for one in evidence.heard)]


def twice(values: Iterable[T]) -> list[T]:
    """Return what is there more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


def _reordered(evidence: Evidence) -> list[str]:
    """Name each key whose versions do not run 1, 2, 3… in a place where they have to."""
    wrong = [f"{key}'s history has versions {versions}" for key, versions in _gaps(evidence.history)]
    for key, versions in _versions(evidence.history).items():
        if evidence.states.get(key) != max(versions):
            wrong.append(f"{key}'s row has version {evidence.states.get(key)} after {max(versions)} events")
    for name, found in (("on the topic", first_occurrences(evidence.topic)), ("at the hearer", evidence.heard)):
        wrong += [f"{key} came as {versions} {name}" for key, versions in falling(found)]
    return wrong


def first_occurrences(found: Sequence[Told]) -> list[Told]:
    """Leave repetitions out: a record may come again, but nothing may come before its predecessor."""
    first: dict[str, Told] = {}
    for one in found:
        first.setdefault(one.event_id, one)
    return list(first.values())


def _versions(found: Iterable[Told]) -> dict[str, list[int]]:
    by_key: dict[str, list[int]] = defaultdict(list)
    for one in found:
        by_key[one.key].append(one.version)
    return by_key


def _gaps(found: Iterable[Told]) -> list[tuple[str, list[int]]]:
    return [(key, v) for key, v in _versions(found).items() if sorted(v) != list(range(1, len(v) + 1))]


def falling(found: Iterable[Told]) -> list[tuple[str, list[int]]]:
    """Return the keys whose versions do not rise, with their versions."""
    return [(key, v) for key, v in _versions(found).items() if any(later < before for before, later in pairwise(v))]


def parked_wrongly(found: Sequence[Parked], poison: frozenset[tuple[int, int]]) -> list[str]:
    """Name poison that was let through and good records that were held."""
    parked = {one.place: one.cause for one in found}
    wrong = [f"the record at {place} was parked ({parked[place]})" for place in sorted(set(parked) - poison)]
    return wrong + [f"the poison at {place} was not parked" for place in sorted(poison - set(parked))]
