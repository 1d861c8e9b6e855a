"""What has ended before anybody was called about it: an event and a request about one thing overtake each other."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chassis.database import Tx

if TYPE_CHECKING:
    from asyncpg import Record


async def is_ended(tx: Tx, source_event_id: str) -> bool:
    """Say whether something ended before it was called about; whoever ends it meanwhile waits for this transaction."""
    found: bool = await tx.fetchval("select is_ended($1)", source_event_id)
    return found


async def end(tx: Tx, source_event_id: str) -> None:
    """Remember that something has ended; whoever raises an alert about it meanwhile is waited for."""
    await tx.execute("select end_source($1)", source_event_id)


async def open_alerts(tx: Tx, source_event_id: str) -> "Sequence[Record]":
    """Return the open alerts about something, locked."""
    return await tx.fetch(
        "select * from alert where source_event_id = $1 and state = 'open' order by alert_id for update",
        source_event_id,
    )


async def erase(tx: Tx, before: datetime) -> None:
    """Forget what ended before a moment: no event about it is read any more."""
    await tx.execute("delete from ended_source where ended_at < $1", before)
