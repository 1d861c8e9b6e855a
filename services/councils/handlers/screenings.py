"""The screening of the district: planned for each quarter, run when it is due on the counts that are there."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.outbox import append
from contracts.councils.v1.areas import CrimeScreeningCompleted
from contracts.hverdage import DANISH_TIME
from services.councils.domain.screening import (
    Counted,
    QuarterNotOver,
    check_counts,
    next_quarter,
    quarter_end,
    runs_on,
    screen,
)
from services.councils.store import clock, screenings

SCREENING = "crime_screening"


async def send_counts(tx: Tx, year: int, quarter: int, counts: Sequence[Counted]) -> UUID:
    """Save a quarter's counts of the whole district; its screening and the next quarter's are planned.

    Raises:
        ScreeningNotWhole: a municipality is missing, or one is not the district's.
        QuarterNotOver: the quarter goes on.
    """
    check_counts(counts)
    now = await clock.now(tx)
    if now.astimezone(DANISH_TIME).date() < quarter_end(year, quarter):
        raise QuarterNotOver
    await screenings.put_counts(tx, year, quarter, counts)
    return await _plan(tx, year, quarter, now)


@due(SCREENING)
async def run(subject: UUID, due_at: datetime, tx: Tx) -> None:
    """Screen the district; a quarter without counts stays open for all to see, and the next one is planned."""
    del due_at
    row = await screenings.locked(tx, subject)
    if row is None:
        return
    now = await clock.now(tx)
    await _plan(tx, *next_quarter(row["year"], row["quarter"]), now)
    counts = await screenings.counts(tx, row["year"], row["quarter"])
    if not counts:
        return
    sha256, found = screen(row["year"], row["quarter"], counts)
    if sha256 == row["sha256"]:
        return
    version = await screenings.complete(tx, subject, sha256, found)
    event = CrimeScreeningCompleted(
        crime_screening_id=subject,
        year=row["year"],
        quarter=row["quarter"],
        sha256=sha256,
        proposed=sum(1 for one in found if one["proposed"]),
    )
    await append(tx, event, version=version, correlation_id=subject, time=now)


async def _plan(tx: Tx, year: int, quarter: int, now: datetime) -> UUID:
    screening_id = await screenings.planned(tx, year, quarter)
    at = datetime.combine(runs_on(year, quarter), time(6), DANISH_TIME)
    await set_deadline(tx, kind=SCREENING, subject=screening_id, due_at=at, at_once=at <= now)
    return screening_id
