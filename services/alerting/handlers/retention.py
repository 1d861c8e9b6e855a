"""What alerting deletes when its time has come, once a day, some at a time."""

from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from services.alerting.store import alerts, ended, retention

SWEEP = "alerting-retention"
"""The deadline of the daily look."""

ONLY = UUID(int=0)
"""There is one such look in an installation."""

KEPT_DAYS = timedelta(days=2 * 365 + 1)
"""How long an alert is kept after its end, and a duty after it was had (docs/data-protection/columns/alerting.toml)."""

HEARD_DAYS = timedelta(days=70)
"""How long it is known that something ended before it was called about: twice as long as topics keep the call."""

AT_ONCE = 500
AGAIN, TOMORROW = timedelta(seconds=1), timedelta(days=1)


async def begin(tx: Tx) -> None:
    """Look now, and from then on every day; after each start, so that a new installation has its first look."""
    await set_deadline(tx, kind=SWEEP, subject=ONLY, due_at=await alerts.now(tx))


@due(SWEEP)
async def sweep(_: UUID, __: datetime, tx: Tx) -> None:
    """Delete what is kept no longer; where more waits than one look takes, the next one follows at once."""
    now = await alerts.now(tx)
    old = await retention.ended_alerts(tx, now - KEPT_DAYS, AT_ONCE)
    await retention.erase_alerts(tx, old)
    await ended.erase(tx, now - HEARD_DAYS)
    await retention.erase_callbacks(tx, now - KEPT_DAYS)
    await retention.erase_past_duties(tx, now - KEPT_DAYS)
    people = await retention.erase_people(tx, now - KEPT_DAYS, AT_ONCE)
    pause = AGAIN if AT_ONCE in {len(old), people} else TOMORROW
    await set_deadline(tx, kind=SWEEP, subject=ONLY, due_at=now + pause)
