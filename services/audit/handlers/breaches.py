"""A day before the 72 hours of a breach have passed, it is told that nobody has decided about it."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due
from chassis.outbox import append
from contracts.audit.v1 import BreachDeadlineNear
from services.audit.domain.breach import DEADLINE
from services.audit.store import breaches


@due(DEADLINE)
async def warn(breach_id: UUID, due_at: datetime, tx: Tx) -> None:
    """Tell that a breach's time runs out; one that is decided has no deadline any more."""
    row = await breaches.lock(tx, breach_id)
    if row is None or row["decision"]:
        return
    event = BreachDeadlineNear(breach_id=breach_id, authority=row["authority"], notify_by=row["notify_by"])
    await append(tx, event, version=1, correlation_id=breach_id, time=due_at)
