"""The steps of a run: claim, ask, judge, complete. Each is a transaction of its own and can be done again.

A crash between two steps, or in the middle of one, leaves the run where the last commit was; the next look goes on
there. Only one run is under way at a time, the earliest week first, beside any number of processes.
"""

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import orjson

from chassis import telemetry
from chassis.clients import ServiceAway, ServiceRefused
from chassis.database import Tx
from chassis.ids import new_id
from chassis.infrastructure import describe
from chassis.outbox import Recorded, append, append_all
from contracts.concerns.v1 import CandidateFound, SearchCompleted, SearchStarted
from contracts.concerns.v1 import Rule as ToldRule
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.family import Child
from services.concerns.domain.search import Reason, families, scope
from services.concerns.handlers.judging import ASKED_AT_ONCE, JUDGED_AT_ONCE, around, judge_children
from services.concerns.handlers.keeping import keep_papers
from services.concerns.store import candidates, clock, code_lists, households, registrations, searches
from services.concerns.store.searches import Search

if TYPE_CHECKING:
    from chassis.service import Service

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 0.5
TOLD_AT_ONCE = 1000
UNRESOLVED = "unresolved_child"
"""Beside the reasons of C19: a child who could not be named, for the manual queue."""

Outcomes = list[tuple[Child, frozenset[str], dict[str, Any]]]
"""What became of children, with their ties, in order of their ids."""

RUNS = asyncio.Event()
"""Set when a run was asked for in this process: it begins without waiting for the next look."""


async def carry_on(service: "Service") -> None:
    """Do the next step of the earliest open run, for ever."""
    while True:
        try:
            while await step(service):
                continue
        except (ServiceAway, ServiceRefused) as error:
            log.warning("the run waits for persons", extra={"cause": type(error).__name__})
        except Exception as error:
            # The run stays open for all to see, and the rest of the service goes on.
            log.warning("the run looks again", extra={"cause": describe(error)}, exc_info=error)
        try:
            await asyncio.wait_for(RUNS.wait(), LOOK_AGAIN_S)
        except TimeoutError:
            continue
        finally:
            RUNS.clear()


async def step(service: "Service") -> bool:
    """Do one step; returns whether there may be another at once."""
    async with service.database.tx(service.worker) as tx:
        search = await searches.next_open(tx)
        if search is None:
            return False
        with telemetry.span(f"search {search.state}", {}):
            telemetry.tag_case(search.id)
            if search.state == "due":
                return await _claim(tx, search)
            if search.state == "asked":
                return await _judge(tx, search)
            if search.state == "judged":
                return await _complete(tx, search)
    return await _ask(service, search)


async def _claim(tx: Tx, search: Search) -> bool:
    """Claim what the run looks at: exactly what was committed before this statement (C3, C5)."""
    now = await clock.now(tx)
    codes = await code_lists.in_force(tx, danish_day(now))
    if codes is None:
        log.error("a run waits for a released code list")
        return False
    first = await searches.first_monday(tx)
    if search.number == 1 and first:
        await registrations.take_as_history(tx, first)
    seen = await registrations.claim(tx, search.number, search.week.sunday)
    await searches.started(tx, search, codes.version, seen, now)
    event = SearchStarted(search_id=search.id, week=str(search.week), code_list_number=codes.version)
    await append(tx, event, version=search.version + 1, correlation_id=search.id, time=now)
    return True


async def _ask(service: "Service", search: Search) -> bool:
    """Ask about the families of some of what is current; no transaction is open while persons answers."""
    async with service.database.tx(service.worker) as tx:
        codes = await code_lists.numbered(tx, search.code_list or 0)
        some = await registrations.not_asked(tx, search.id, search.number, ASKED_AT_ONCE)
    usable = [one for one in some if one.usable(codes)]
    persons = {person for one in usable for person in (one.person, *one.children_present)}
    rows = await households.ask(service.clients, persons, search.id) if persons else []
    async with service.database.tx(service.worker) as tx:
        mine = await searches.next_open(tx)
        if mine is None or mine.id != search.id or mine.state != "claimed":
            return False
        if not some:
            await searches.moved(tx, mine, "asked")
            return True
        await households.keep(tx, search.id, rows)
        facts = households.facts_of(rows)
        scoped = scope(some, facts, codes, search.week)
        await searches.keep_scope(tx, search.id, around(scoped, facts))
        await searches.keep_excluded(tx, search.id, {name: str(reason) for name, reason in scoped.excluded.items()})
        await searches.keep_excluded(tx, search.id, dict.fromkeys(scoped.unresolved, UNRESOLVED))
        await searches.asked(tx, search.id, [one.id for one in some])
    return True


async def _judge(tx: Tx, search: Search) -> bool:
    """Judge some of the children in scope."""
    some = await searches.not_judged(tx, search.id, JUDGED_AT_ONCE)
    if some:
        await searches.keep_judged(tx, search.id, await judge_children(tx, search, some))
    else:
        await searches.moved(tx, search, "judged")
    return True


async def _complete(tx: Tx, search: Search) -> bool:
    """Save what was found, tell it, and put the checksum under it."""
    now = await clock.now(tx)
    outcomes = await searches.outcomes(tx, search.id)
    found = await _new_candidates(tx, search, outcomes)
    await candidates.merge_into(tx, found)
    await candidates.add(tx, search.id, found, now)
    dropped = await registrations.dropped_of(tx, search.week.monday)
    result = await result_of(tx, search, dropped, outcomes)
    await searches.completed(tx, search, dropped, checksum(result), now)
    await keep_papers(tx, search.id, now)
    for start in range(0, len(found), TOLD_AT_ONCE):
        some = found[start : start + TOLD_AT_ONCE]
        await append_all(tx, [Recorded(_found(search, one), 1, one.case_id, now) for one in some])
    event = SearchCompleted(
        search_id=search.id,
        week=str(search.week),
        code_list_number=search.code_list or 0,
        seen=search.seen or 0,
        candidates=len(found),
        suppressed=len(result["suppressed"]),
        excluded=len(result["excluded"]),
        dropped=dropped,
    )
    await append(tx, event, version=search.version + 1, correlation_id=search.id, time=now)
    return True


async def _new_candidates(tx: Tx, search: Search, outcomes: Outcomes) -> list[candidates.New]:
    mine = [(child, ties, outcome) for child, ties, outcome in outcomes if "rules" in outcome]
    unsent = await candidates.unsent_of(tx, [child for child, _, _ in mine])
    family_of = {
        child: uuid5(search.id, str(family[0]))
        for family in families({child: ties for child, ties, _ in mine})
        for child in family
    }
    cases = await candidates.cases_of(tx, [child for child, _, _ in mine])
    return [
        candidates.New(
            id=(candidate_id := new_id()),
            case_id=cases.get(child, candidate_id),
            child=child,
            outcome=outcome,
            merges=tuple(one for one, _ in unsent.get(child, [])),
            family_id=family_of[child],
        )
        for child, _, outcome in mine
    ]


def _found(search: Search, one: candidates.New) -> CandidateFound:
    return CandidateFound(
        candidate_id=one.id,
        search_id=search.id,
        week=str(search.week),
        child_person_id=one.child.person,
        unborn=one.child.unborn,
        rules=tuple(ToldRule(rule) for rule in one.outcome["rules"]),
        current=tuple(told_id(name) for name in one.outcome["current"]),
        history=tuple(told_id(name) for name in one.outcome["history"]),
        code_list_number=search.code_list or 0,
    )


_REGISTRATIONS = uuid5(UUID(int=0), "samvirke registrations")


def told_id(registration: str) -> UUID:
    """Return the id under which a registration is told: the source's own reference stays inside."""
    return uuid5(_REGISTRATIONS, registration)


async def result_of(tx: Tx, search: Search, dropped: dict[str, int], outcomes: Outcomes) -> dict[str, Any]:
    """Return what a run gave: the same bytes whenever it is asked."""
    used = {name for _, _, outcome in outcomes for name in outcome["current"]}
    excluded = await searches.excluded(tx, search.id)
    return {
        "week": str(search.week),
        "code_list": search.code_list,
        "candidates": [outcome for _, _, outcome in outcomes if "rules" in outcome],
        "suppressed": [outcome for _, _, outcome in outcomes if "reason" in outcome],
        "excluded": [
            {"registration": name, "reason": reason}
            for name, reason in excluded
            if name not in used and reason in set(Reason)
        ],
        "unresolved": [name for name, reason in excluded if reason == UNRESOLVED],
        "dropped": dropped,
    }


def checksum(result: dict[str, Any]) -> str:
    """Return the checksum of a run's result."""
    return hashlib.sha256(orjson.dumps(result, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def replayed(tx: Tx, search: Search) -> str:
    """Run a finished week again from what it claimed and was answered; return the checksum of what it gives now."""
    children = await searches.judged(tx, search.id)
    outcomes = []
    for start in range(0, len(children), JUDGED_AT_ONCE):
        some = children[start : start + JUDGED_AT_ONCE]
        noted = await searches.backgrounds(tx, search.id, some)
        judged = await judge_children(tx, search, some, noted)
        outcomes += [(child, ties, outcome) for child, _, ties, outcome in judged if outcome]
    outcomes.sort(key=lambda row: str(row[0]))
    return checksum(await result_of(tx, search, dict(search.dropped or {}), outcomes))
