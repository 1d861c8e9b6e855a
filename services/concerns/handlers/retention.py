"""What concerns erases when its time has come, or on order. Each duty asks again: what is open stays."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.erasure import Why
from chassis.ids import new_id
from chassis.outbox import append
from contracts.persons.v1 import PersonsReleased
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.retention import LET_GO, LOOK_AGAIN, RUNS_LATE, SWEEP, is_open, may_go, months_kept
from services.concerns.domain.underretning import State
from services.concerns.handlers import erasing, keeping
from services.concerns.store import candidates, clock, retention

RULE = "Retshåndhævelsesloven § 4, stk. 5"
"""Kept no longer than the purpose needs."""
NOTHING_FOUND = Why("led-to-nothing", RULE)
PERIOD_OVER = Why("period-over", RULE)


@due(keeping.CANDIDATE_RETENTION)
async def a_candidate_led_to_nothing(candidate_id: UUID, _: datetime, tx: Tx) -> None:
    """Erase a candidate that was dismissed, or whose ground fell, when its 30 days have passed."""
    loaded = await candidates.locked(tx, candidate_id)
    if loaded and may_go(loaded.candidate.state):
        await erasing.erase_candidate(tx, candidate_id, loaded.case_id, NOTHING_FOUND)


@due(keeping.UNDERRETNING_RETENTION)
async def the_period_of_an_underretning_is_over(underretning_id: UUID, _: datetime, tx: Tx) -> None:
    """Erase an underretning whose period is over; one that is still open is looked at again."""
    found = await retention.is_waiting(tx, underretning_id)
    if found is None:
        return
    _candidate, case_id, state, retracted, waits = found
    if is_open(State(state), retracted=retracted, correction_waits=waits):
        await set_deadline(
            tx,
            kind=keeping.UNDERRETNING_RETENTION,
            subject=underretning_id,
            due_at=await clock.now(tx) + LOOK_AGAIN,
            correlation_id=case_id,
        )
    else:
        await erasing.erase_underretning(tx, underretning_id, case_id, PERIOD_OVER)


@due(keeping.RUN_PAPERS)
async def a_runs_papers_are_no_longer_needed(search_id: UUID, _: datetime, tx: Tx) -> None:
    """Erase what a run was answered and noted."""
    if await retention.papers_of(tx, search_id):
        await erasing.erase_papers(tx, search_id, PERIOD_OVER)


@due(keeping.REGISTRATION_RETENTION)
async def look_through_the_registrations(_: UUID, __: datetime, tx: Tx) -> None:
    """Erase some registrations whose window has passed, and let go of persons whom nothing names; daily."""
    now = await clock.now(tx)
    more = False if await retention.run_under_way(tx) else await _some_registrations(tx, now)
    await _let_go(tx, now)
    await keeping.look_through_registrations(tx, now if more else now + SWEEP)


async def _some_registrations(tx: Tx, now: datetime) -> bool:
    months = months_kept(await retention.released_lists(tx))
    names = await retention.expired(tx, months, danish_day(now) - RUNS_LATE)
    if names:
        await erasing.erase_registrations(tx, names, PERIOD_OVER)
    return len(names) == retention.AT_ONCE


async def _let_go(tx: Tx, now: datetime) -> None:
    """Tell persons whom no row names any more; whoever an import asked for in the last hour is held still."""
    as_of = now - LET_GO
    while persons := await retention.let_go(tx, as_of):
        event = PersonsReleased(release_id=new_id(), service=tx.service, person_ids=tuple(persons), as_of=as_of)
        await append(tx, event, version=1, correlation_id=event.release_id, time=now)


@due(keeping.CASE_ERASURE)
async def a_case_is_erased_on_order(case_id: UUID, _: datetime, tx: Tx) -> None:
    """Erase a case that two people have ordered erased."""
    order = await retention.order_of(tx, case_id)
    if order and order.confirmed_by:
        await erasing.erase_case(
            tx, case_id, Why(f"ordered-{order.reason.replace('_', '-')}", "Retshåndhævelsesloven § 17")
        )
