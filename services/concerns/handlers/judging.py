"""Judging the children in a run's scope from what the run has stored: the same whenever it is done."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.concerns.domain.calendar import Week
from services.concerns.domain.family import Child, Facts
from services.concerns.domain.rules import Question
from services.concerns.domain.search import (
    Background,
    Candidate,
    Earlier,
    Scope,
    Suppressed,
    days_asked,
    judge,
    pool_of,
    ties,
)
from services.concerns.store import candidates, code_lists, households, registrations, searches, underretninger
from services.concerns.store.searches import Search

ASKED_AT_ONCE, JUDGED_AT_ONCE = 400, 400

Note = dict[str, list[Any]]
"""What was known about a child, as it is kept."""

NOTHING_NOTED: Note = {"told": [], "unsent": [], "dismissed": []}

Judged = tuple[Child, Note, frozenset[str], dict[str, Any] | None]


def around(scoped: Scope, facts: Facts) -> Iterator[tuple[Child, str, set[UUID]]]:
    """Yield which registration concerns which child, with everybody whose facts and history its rules may need."""
    for child, rows in scoped.children.items():
        for one in rows:
            day = one.occurred_on
            holders = facts.holders_of(child.person, day)
            yield child, one.id, {child.person, one.person} | holders | facts.household_of(child.person, day)


async def judge_children(
    tx: Tx, search: Search, children: Collection[Child], noted: Mapping[Child, Note] | None = None
) -> list[Judged]:
    """Judge children; a replay brings what was noted about them then."""
    codes = await code_lists.numbered(tx, search.code_list or 0)
    scoped = await searches.scope_of(tx, search.id, children)
    people = {person for _, _, family in scoped for person in family}
    facts = await households.kept(tx, search.id, people)
    seen = await registrations.seen(tx, search.number, search.week.sunday, people)
    pool = pool_of((row.registration for row in seen), codes)
    current = {row.registration.id: row.registration for row in seen if row.current}
    notes = await _notes(tx, children) if noted is None else noted
    judged = []
    for child in sorted(children):
        rows = tuple(current[name] for about, name, _ in sorted(scoped, key=_by_name) if about == child)
        asked = Question(child, rows, pool, facts, codes, search.week.sunday, frozenset(current))
        note = notes.get(child, NOTHING_NOTED)
        tied = ties(child, days_asked(rows, search.week), facts)
        judged.append((child, note, tied, _written(judge(asked, _background(note)))))
    return judged


def _by_name(row: tuple[Child, str, list[UUID]]) -> str:
    return row[1]


async def _notes(tx: Tx, children: Collection[Child]) -> dict[Child, Note]:
    """Note what is known about children now: a replay must not see what comes later."""
    told = await underretninger.earlier_of(tx, children)
    unsent = await candidates.unsent_of(tx, children)
    dismissed = await candidates.dismissed_of(tx, children)
    return {
        child: {
            "told": [{"id": str(one.id), "registrations": sorted(one.registrations)} for one in told.get(child, [])],
            "unsent": [str(week) for _, week in unsent.get(child, [])],
            "dismissed": await _dismissed(tx, dismissed.get(child, [])),
        }
        for child in {*told, *unsent, *dismissed}
    }


async def _dismissed(tx: Tx, runs: list[tuple[int, list[str]]]) -> list[list[str]]:
    return [list(one.fact) for run, names in runs for one in await registrations.claimed(tx, run, names)]


def _background(note: Note) -> Background:
    return Background(
        told=tuple(Earlier(UUID(one["id"]), frozenset(one["registrations"])) for one in note["told"]),
        unsent=tuple(Week.parse(week) for week in note["unsent"]),
        dismissed=frozenset(tuple(fact) for fact in note["dismissed"]),
    )


def _written(outcome: Candidate | Suppressed | None) -> dict[str, Any] | None:
    """Return an outcome as it is kept: JSON, the same for the same outcome."""
    if outcome is None:
        return None
    written = {name: _plain(value) for name, value in asdict(outcome).items()}
    return written | {"child": str(outcome.child)} | _weeks(outcome)


def _weeks(outcome: Candidate | Suppressed) -> dict[str, list[str]]:
    return {"merges": [str(week) for week in outcome.merges]} if isinstance(outcome, Candidate) else {}


def _plain(value: object) -> object:
    return [str(each) for each in value] if isinstance(value, tuple) else value
