"""A look at each roster, every morning and after each change: which hole comes, and whose routes are tested next."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.gauges import looked_at, show
from contracts.hverdage import DANISH_TIME
from services.alerting.domain.rosters import Roster
from services.alerting.domain.shifts import LOOK_AHEAD, Shift, gaps, shifts
from services.alerting.domain.staff import next_day, tried_at
from services.alerting.handlers.changes import LOOK
from services.alerting.handlers.testing import try_by_itself
from services.alerting.store import alerts, rosters, swaps, testing

if TYPE_CHECKING:
    from asyncpg import Record

DUTY = "duty-test"
"""The deadline at which the routes of who begins a duty are tested."""

OFFER = "swap-offer"
"""The deadline at which an offered shift begins, and nobody can take it any more."""

LATE = timedelta(hours=1)
"""After so long a test at the start of a duty is left to the next one: the service was away, or its clock was moved."""

GAPS = Gauge("alerting_rosters_with_gaps", "Rosters with a hole within the next 14 days", ["authority"])


@due(LOOK)
async def look(roster_id: UUID, _: datetime, tx: Tx) -> None:
    """Find a roster's next hole and the next start of a duty; tomorrow it is looked at again."""
    row, now = await rosters.find(tx, roster_id), await alerts.now(tx)
    if row is None or _is_over(row, now):
        return
    [roster] = await rosters.laid_out(tx, [row], now - LOOK_AHEAD, now + LOOK_AHEAD)
    hole = next(iter(gaps(roster, now, now + LOOK_AHEAD)), None)
    await rosters.save_first_gap(tx, roster_id, hole.starts_at if hole else None)
    # A look that comes as a duty begins leaves its test alone; that one plans the next itself.
    if not await testing.is_due(tx, DUTY, roster_id, now):
        await _plan_test(tx, roster, now)
    morning = next_day(now.astimezone(DANISH_TIME).replace(hour=20, minute=0, second=0, microsecond=0))
    await set_deadline(tx, kind=LOOK, subject=roster_id, due_at=morning, correlation_id=roster_id)


def _is_over(row: "Record", now: datetime) -> bool:
    return row["ended_on"] is not None and row["ended_on"] <= now.astimezone(DANISH_TIME).date()


async def _plan_test(tx: Tx, roster: Roster, now: datetime) -> None:
    """Set the deadline of the next tests at the start of a duty; none where nobody begins one."""
    times = [tried_at(one.starts_at) for one in _beginning(roster, now, now + LOOK_AHEAD)]
    following = min((at for at in times if at > now), default=None)
    if following is None:
        await cancel_deadline(tx, kind=DUTY, subject=roster.roster_id)
    else:
        await set_deadline(tx, kind=DUTY, subject=roster.roster_id, due_at=following, correlation_id=roster.roster_id)


def _beginning(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """Return the shifts that begin within a span, with other people than had the duty before."""
    found = [one for one in shifts(roster, start - LOOK_AHEAD, end) if one.staff]
    before = [(), *(one.staff for one in found)]
    return [one for one, last in zip(found, before, strict=False) if one.starts_at >= start and one.staff != last]


@due(DUTY)
async def duty_begins(roster_id: UUID, due_at: datetime, tx: Tx) -> None:
    """Test a route of each who begins a duty, and plan the next."""
    row, now = await rosters.find(tx, roster_id), await alerts.now(tx)
    if row is None or _is_over(row, now):
        return
    [roster] = await rosters.laid_out(tx, [row], now - LOOK_AHEAD, now + LOOK_AHEAD)
    if now - due_at < LATE:
        for staff_id in _who_begins(roster, due_at):
            await try_by_itself(tx, staff_id)
    await _plan_test(tx, roster, now)


def _who_begins(roster: Roster, due_at: datetime) -> list[UUID]:
    """Return, in the order in which all lock them, those whose duty is tested at a moment."""
    found = _beginning(roster, due_at, due_at + timedelta(days=1))
    return sorted({who for one in found if tried_at(one.starts_at) == due_at for who in one.staff})


@looked_at
async def rosters_with_gaps(tx: Tx) -> None:
    """Show how many rosters of each authority have a hole ahead."""
    show(GAPS, await rosters.with_gaps(tx))


@due(OFFER)
async def offer_is_over(swap_id: UUID, _: datetime, tx: Tx) -> None:
    """End an offer that nobody took before the shift began: it stays with whoever offered it."""
    await swaps.close(tx, swap_id, "expired")
