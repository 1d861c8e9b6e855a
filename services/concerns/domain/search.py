"""The run of one week: which registrations concern which children, and what becomes of each (C5, C11 to C24)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.concerns.domain.calendar import Week, add_months, eighteen_on
from services.concerns.domain.codes import CodeList
from services.concerns.domain.explanation import explain
from services.concerns.domain.family import Child, Facts, Kind
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.rules import Ground, Pool, Question, Rule, ground


class Reason(StrEnum):
    """Why a listed registration counts for no child (C19), in the order in which they are asked."""

    ROLE_NOT_LISTED = "role_not_listed"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    INVESTIGATIVE_HOLD = "investigative_hold"
    EXPIRED_ON_ARRIVAL = "expired_on_arrival"
    CHILD_NOT_RESOLVABLE = "child_not_resolvable"
    ADULT_NOT_IN_SCOPE = "adult_not_in_scope"


_UNUSABLE = {
    Status.WITHDRAWN: Reason.WITHDRAWN,
    Status.DISPUTED: Reason.DISPUTED,
    Status.HOLD: Reason.INVESTIGATIVE_HOLD,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of a run's current registrations concern which child, and those that concern none."""

    children: Mapping[Child, tuple[Registration, ...]]
    excluded: Mapping[str, Reason]
    unresolved: tuple[str, ...]
    """Those with a child whom the source could not name: the manual queue, never a candidate (C11, D23)."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier notification about a child, and which registrations it told."""

    id: UUID
    registrations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Background:
    """What is known about a child when the run judges it, besides registrations and household."""

    told: tuple[Earlier, ...] = ()
    unsent: tuple[Week, ...] = ()
    """The weeks of candidates that are not yet sent nor dismissed (C22)."""
    dismissed: frozenset[tuple[str, ...]] = frozenset()
    """What the registrations of dismissed candidates said; unchanged they make no new candidate (D24)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child whom two people must look at; nothing is sent by the run itself (L-17)."""

    child: Child
    rules: tuple[Rule, ...]
    current: tuple[str, ...]
    history: tuple[str, ...]
    known: tuple[str, ...]
    merges: tuple[Week, ...]
    turns_18: bool
    explanation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A child about whom all that is current has been told, or was dismissed as it stands."""

    child: Child
    current: tuple[str, ...]
    reason: str
    earlier: tuple[UUID, ...]


def scope(current: Iterable[Registration], facts: Facts, codes: CodeList, week: Week) -> Scope:
    """Find the children whom each current registration concerns on its own date (C12)."""
    children: dict[Child, list[Registration]] = defaultdict(list)
    excluded: dict[str, Reason] = {}
    unresolved = []
    for one in sorted(current, key=lambda row: (row.occurred_on, row.id)):
        reason = _unusable(one, codes, week)
        concerned = set() if reason else concerned_by(one, facts)
        for child in concerned:
            children[child].append(one)
        unnamed = not reason and _has_an_unresolved_child(one, facts)
        if unnamed:
            unresolved.append(one.id)
        if reason or not concerned:
            excluded[one.id] = reason or (Reason.CHILD_NOT_RESOLVABLE if unnamed else Reason.ADULT_NOT_IN_SCOPE)
    return Scope({child: tuple(rows) for child, rows in children.items()}, excluded, tuple(unresolved))


def _unusable(one: Registration, codes: CodeList, week: Week) -> Reason | None:
    if not codes.lists(one.code, one.role):
        return Reason.ROLE_NOT_LISTED
    if one.status is not Status.VALID:
        return _UNUSABLE[one.status]
    if add_months(one.occurred_on, codes.entries[one.code].window) < week.sunday:  # D4
        return Reason.EXPIRED_ON_ARRIVAL
    return None


def _has_an_unresolved_child(one: Registration, facts: Facts) -> bool:
    """Say whether a child was present whom the source could not name, or whom nobody knows by the number given."""
    return one.child_unknown or any(child not in facts.births for child in one.children_present)


def concerned_by(one: Registration, facts: Facts) -> set[Child]:
    """Return the children in scope by custody, household or presence (C9 to C11), and the unborn one (C13)."""
    day = one.occurred_on
    linked = facts.children_of(one.person, day)  # D21: a holder of custody need not be an adult
    if facts.is_adult(one.person, day):
        linked = linked | facts.household_of(one.person, day) | one.children_present
    born = {Child(person) for person in linked - {one.person} if facts.is_child(person, day)}
    return born | ({Child(one.person, unborn=True)} if one.pregnant else set())


def judge(asked: Question, background: Background) -> Candidate | Suppressed | None:
    """Say what becomes of one child: a candidate, suppressed because it is known, or nothing."""
    found = ground(asked)
    if found is None:
        return None
    current = tuple(one for one in found.used if one.id in asked.claimed)
    ids = tuple(one.id for one in current)
    told = frozenset[str]().union(*(earlier.registrations for earlier in background.told))
    if told.issuperset(ids):
        earlier = tuple(sorted(row.id for row in background.told if row.registrations & set(ids)))
        return Suppressed(asked.child, ids, "suppressed_known", earlier)
    if all(one.fact in background.dismissed for one in current):
        return Suppressed(asked.child, ids, "dismissed_unchanged", ())
    return _candidate(asked, found, background, told)


def _candidate(asked: Question, found: Ground, background: Background, told: frozenset[str]) -> Candidate:
    current = tuple(one.id for one in found.used if one.id in asked.claimed)
    return Candidate(
        child=asked.child,
        rules=found.rules,
        current=current,
        history=tuple(one.id for one in found.used if one.id not in asked.claimed),
        known=tuple(one.id for one in found.used if one.id in told),
        merges=background.unsent,
        turns_18=_turns_18(asked),
        explanation=explain(asked.child, found, asked.claimed, asked.codes),
    )


def _turns_18(asked: Question) -> bool:
    """Say whether the child's 18th birthday has come by the end of the week; it is shown, it decides nothing (C8)."""
    born = asked.facts.births.get(asked.child.person)
    return not asked.child.unborn and born is not None and eighteen_on(born) <= asked.sunday


def ties(child: Child, days: Iterable[date], facts: Facts) -> frozenset[str]:
    """Return what ties a child to siblings: holders of custody and dwellings on the days that are asked about (C24)."""
    found = {f"custody {child.person}"} if child.unborn else set[str]()
    for day in days:
        holders = set() if child.unborn else facts.holders_of(child.person, day)
        homes = facts.homes_of(child.person, day)
        found |= {f"custody {holder}" for holder in holders}
        found |= {f"dwelling {home.dwelling}" for home in homes if home.kind is Kind.DWELLING}
    return frozenset(found)


def families(tied: Mapping[Child, Collection[str]]) -> list[tuple[Child, ...]]:
    """Group the children who have a tie in common: one screen, one family reference."""
    group: dict[Child, set[Child]] = {child: {child} for child in tied}
    owner: dict[str, Child] = {}
    for child, own in tied.items():
        for tie in own:
            other = group[owner.setdefault(tie, child)]
            if other is not group[child]:
                other |= group[child]
                group |= dict.fromkeys(tuple(group[child]), other)
    distinct = {id(members): members for members in group.values()}
    return sorted(tuple(sorted(members)) for members in distinct.values())


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run sees of one registration: the highest committed revision, and whether it is the first to see it."""

    registration: Registration
    current: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gives."""

    candidates: tuple[Candidate, ...]
    suppressed: tuple[Suppressed, ...]
    excluded: Mapping[str, Reason]
    unresolved: tuple[str, ...]
    families: tuple[tuple[Child, ...], ...]


def pool_of(registrations: Iterable[Registration], codes: CodeList) -> Pool:
    """Index the usable ones by person."""
    pool: dict[UUID, list[Registration]] = defaultdict(list)
    for one in registrations:
        if one.usable(codes):
            pool[one.person].append(one)
    return pool


def search(
    week: Week, codes: CodeList, seen: Collection[Seen], facts: Facts, backgrounds: Mapping[Child, Background]
) -> Result:
    """Run a whole week at once; the service does the same in steps."""
    visible = [row for row in seen if row.registration.occurred_on <= week.sunday]  # C3
    current = [row.registration for row in visible if row.current]
    scoped = scope(current, facts, codes, week)
    pool = pool_of((row.registration for row in visible), codes)
    claimed = frozenset(one.id for one in current)
    judged = [
        judge(Question(child, rows, pool, facts, codes, week.sunday, claimed), backgrounds.get(child, Background()))
        for child, rows in sorted(scoped.children.items())
    ]
    candidates = tuple(row for row in judged if isinstance(row, Candidate))
    tied = {row.child: ties(row.child, days_asked(scoped.children[row.child], week), facts) for row in candidates}
    return Result(
        candidates=candidates,
        suppressed=tuple(row for row in judged if isinstance(row, Suppressed)),
        excluded=left_out(scoped, judged),
        unresolved=scoped.unresolved,
        families=tuple(families(tied)),
    )


def left_out(scoped: Scope, judged: Iterable[Candidate | Suppressed | None]) -> dict[str, Reason]:
    """Return what counts for no child; one that a rule used for another day's scope does count (C19, D1)."""
    used = {name for row in judged if row for name in row.current}
    return {name: reason for name, reason in scoped.excluded.items() if name not in used}


def days_asked(current: Iterable[Registration], week: Week) -> set[date]:
    """Return the days on which a child's family is asked for."""
    return {one.occurred_on for one in current} | {week.sunday}
