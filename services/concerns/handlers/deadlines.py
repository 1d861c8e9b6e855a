"""What concerns does when a time has come: the week's run, and an acknowledgement that is missing."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from chassis.outbox import append
from contracts.concerns.v1 import SearchMissed
from services.concerns.domain.calendar import Week, danish_day
from services.concerns.domain.underretning import overdue
from services.concerns.handlers.keeping import look_through_registrations
from services.concerns.store import clock, searches, underretninger

WEEKLY_SEARCH, ACKNOWLEDGEMENT = "weekly_search", "acknowledgement"
AFTER_THE_RUN = timedelta(hours=12)
GRACE = timedelta(minutes=15)
"""How late a run may begin before it counts as missed."""


def deadline_of(week: Week) -> UUID:
    """Return the id under which a week's run is woken."""
    return uuid5(NAMESPACE_URL, f"samvirke:weekly-search:{week}")


async def wake_for(tx: Tx, week: Week) -> None:
    """Set the deadline of a week's run."""
    await set_deadline(tx, kind=WEEKLY_SEARCH, subject=deadline_of(week), due_at=week.searched_at)


@due(WEEKLY_SEARCH)
async def the_weeks_run_is_due(_: UUID, due_at: datetime, tx: Tx) -> None:
    """Note that a week's run is to begin, and set the next week's deadline; one that is late is told as missed."""
    week = Week.of(danish_day(due_at)).previous()
    await searches.lock_service(tx)
    await wake_for(tx, week.next())
    await look_through_registrations(tx, due_at + AFTER_THE_RUN)
    if await searches.of_week(tx, week):
        return
    search, now = await searches.add(tx, new_id(), week), await clock.now(tx)
    if now > due_at + GRACE:
        await searches.told(tx, search)
        event = SearchMissed(search_id=search.id, week=str(week), due_at=due_at)
        await append(tx, event, version=search.version + 1, correlation_id=search.id, time=now)


@due(ACKNOWLEDGEMENT)
async def an_acknowledgement_is_overdue(underretning_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell once that a municipality has not acknowledged in time."""
    stored = await underretninger.locked(tx, underretning_id, None)
    event = overdue(stored.underretning) if stored else None
    if stored and event:
        await underretninger.told(tx, stored)
        await append(tx, event, version=stored.version + 1, correlation_id=stored.case_id, time=stored.now)
