"""A council's own events count 1, 2, 3… under the lock of its row."""

from dataclasses import replace

from chassis.database import Tx
from chassis.outbox import append
from contracts.event import Event
from services.councils.domain.bodies import Body
from services.councils.store import bodies, clock


async def tell(tx: Tx, body: Body, event: Event) -> Body:
    """Tell something of a locked council; return it with the number of that event."""
    version = await bodies.told(tx, body)
    await append(tx, event, version=version, correlation_id=body.id, time=await clock.now(tx))
    return replace(body, version=version)
