"""Reckons what a restore has lost, and what it must not have: pure, and knows no server."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

TELLS_OF_ACCESS = ("AccessRecorded", "AccessRefused", "DayClosed")


@dataclass(frozen=True, slots=True)
class Command:
    """One command that was acknowledged; its name says what to look for in the database."""

    name: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as a history or a topic has it."""

    event_id: str
    type: str
    service: str
    topic: str
    key: str
    number: int
    """The aggregate's version, or on a mailbox the copy's number."""
    digest: str
    at: datetime
    """When the broker took it; of a history, when it was recorded."""
    effect: str = ""
    """What whoever hears it does once, where that can be looked up."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was found when all was quiet again."""

    stopped_at: datetime
    silent_at: datetime
    """When every service had been stopped: an answer that was under way at the stop has arrived by then, too."""
    restored_at: datetime
    bound_s: float
    commands: Sequence[Command] = ()
    known_then: Collection[str] = frozenset()
    """The names of the commands that the restored database knew before anybody went on."""
    known_now: Collection[str] = frozenset()
    history: Sequence[Fact] = ()
    records: Sequence[Fact] = ()
    """What the domain topics hold."""
    copies: Sequence[Fact] = ()
    """What the mailboxes hold."""
    effects: Sequence[str] = ()
    effects_then: Sequence[str] = ()
    """What the restored databases knew of them before anybody went on."""
    entries: Sequence[str] = ()
    """The event ids in the audit log."""
    reported: Collection[str] = frozenset()
    """The event ids that the operator was shown as told and forgotten."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the window took, and what is wrong beyond it."""

    window_s: float
    lost: list[str]
    """Acknowledged commands that the restored database did not know."""
    strangers: list[str]
    """Ids of events that others hold and the service that told them does not know."""
    made_good: int
    """Effects that the restored databases had forgotten and that were done again from the topics."""
    told_twice: int
    """How many versions of an aggregate stand on a topic with two contents: before the loss, and after it."""
    faults: list[str] = field(default_factory=list)


def reckon(found: Evidence) -> Reckoning:
    """Say what was lost in the window, and name everything that is wrong outside it."""
    window_s = (found.stopped_at - found.restored_at).total_seconds()
    before = [one for one in found.commands if one.acknowledged_at <= found.silent_at]
    lost = [one for one in before if one.name not in found.known_then]
    strangers = _strangers(found)
    faults = [
        *_beyond(window_s, found, lost),
        *_forgotten_since(found),
        *_silent(found, strangers),
        *_contents(found),
        *_untold(found),
        *_effects(found),
        *_entries(found),
        *numbers(found.copies),
    ]
    ids = sorted({one.event_id for one in strangers})
    return Reckoning(window_s, [one.name for one in lost], ids, _made_good(found), _told_twice(found.records), faults)


def _strangers(found: Evidence) -> list[Fact]:
    known = {one.event_id for one in found.history}
    return [one for one in found.records if one.event_id not in known]


def _beyond(window_s: float, found: Evidence, lost: Iterable[Command]) -> list[str]:
    """Name what was lost outside the window, and a window larger than was promised."""
    wrong = [
        f"{one.name} was acknowledged before the restored moment and is lost"
        for one in lost
        if one.acknowledged_at <= found.restored_at
    ]
    return wrong + [f"the window is {window_s:.1f} s, more than {found.bound_s:.1f} s"] * (window_s > found.bound_s)


def _forgotten_since(found: Evidence) -> list[str]:
    later = {one.name for one in found.commands if one.acknowledged_at > found.silent_at}
    return [f"{name} is lost after the restore" for name in sorted((later | {*found.known_then}) - {*found.known_now})]


def _silent(found: Evidence, strangers: Iterable[Fact]) -> list[str]:
    """Name what others hold and nobody is told of, or was told before anything was lost."""
    wrong = [f"{one.event_id} was told before the restored moment" for one in strangers if one.at < found.restored_at]
    ids = {one.event_id for one in strangers}
    wrong += [f"{one} is told and forgotten, and not reported" for one in sorted(ids - {*found.reported})]
    return wrong + [f"{one} is reported and not forgotten" for one in sorted({*found.reported} - ids)]


def _contents(found: Evidence) -> list[str]:
    """Name ids that were given to two contents."""
    contents = defaultdict(set)
    for one in [*found.history, *found.records, *found.copies]:
        contents[one.event_id].add(one.digest)
    return [f"{event_id} has two contents" for event_id, several in sorted(contents.items()) if len(several) > 1]


def _untold(found: Evidence) -> list[str]:
    told = {one.event_id for one in found.records}
    return [f"{one.event_id} is in the history and on no topic" for one in found.history if one.event_id not in told]


def _effects(found: Evidence) -> list[str]:
    """Hold effects against what was told: once each, whether the teller still knows it or not."""
    wanted = {one.event_id: one.effect for one in found.records if one.effect}
    return _once("effect", Counter(wanted.values()), Counter(found.effects))


def _made_good(found: Evidence) -> int:
    """Count what was told before the stop, was forgotten, and has been done again."""
    told = Counter(
        {one.event_id: one.effect for one in found.records if one.effect and one.at <= found.silent_at}.values()
    )
    return ((told & Counter(found.effects)) - Counter(found.effects_then)).total()


def _entries(found: Evidence) -> list[str]:
    wanted = {one.event_id for one in found.records if one.type in TELLS_OF_ACCESS}
    return _once("entry of", Counter(wanted), Counter(found.entries))


def _once(what: str, wanted: Counter[str], there: Counter[str]) -> list[str]:
    wrong = [f"{what} {one} is missing" for one in sorted((wanted - there).elements())]
    return wrong + [f"{what} {one} is there too often" for one in sorted((there - wanted).elements())]


def numbers(copies: Iterable[Fact]) -> list[str]:
    """Name each aggregate whose copies in a mailbox are not numbered 1, 2, 3…, one event a number."""
    by_place: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for one in copies:
        by_place[one.topic, one.key][one.event_id] = one.number
    return [
        f"{key} has the numbers {sorted(found.values())} in {topic}"
        for (topic, key), found in sorted(by_place.items())
        if sorted(found.values()) != list(range(1, len(found) + 1))
    ]


def _told_twice(records: Iterable[Fact]) -> int:
    versions = defaultdict(set)
    for one in records:
        versions[one.topic, one.key, one.number].add(one.event_id)
    return sum(len(ids) > 1 for ids in versions.values())
