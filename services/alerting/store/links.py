"""What the holder of a personal link may see and leave behind: rows of one alert, chosen column by column."""

from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.ids import new_id
from services.alerting.domain.phone import Person

if TYPE_CHECKING:
    from asyncpg import Record


async def call(tx: Tx, call_id: UUID) -> "Record | None":
    """Return one call with its alert, and what time it is; None when there is none that the link may see."""
    return await tx.fetchrow(
        "select c.call_id, c.alert_id, c.authority, c.office, c.role, c.answer, c.eta_minutes, c.answered_at,"
        " a.template, a.fields, a.raised_at, a.state, a.closed_at, clock() as now"
        " from call c join alert a using (alert_id) where c.call_id = $1",
        call_id,
    )


async def called(tx: Tx, own: "Record") -> list[Person]:
    """Return everybody who was called; no telephone, and no name outside the own office, leaves the database."""
    rows = await tx.fetch(
        "select authority, office, answer, eta_minutes, answered_at, call_id = $2 as own,"
        " case when authority = $3 and office = $4 then name end as name"
        " from call where alert_id = $1 order by authority, office, name, call_id",
        *(own["alert_id"], own["call_id"], own["authority"], own["office"]),
    )
    return [Person(**row) for row in rows]


async def subscribe(tx: Tx, staff_of: UUID, endpoint: str, keys: dict[str, str]) -> UUID | None:
    """Keep a browser's subscription as an unverified way to reach whoever holds the link; None where it is known."""
    route_id = new_id()
    status = await tx.execute(
        "insert into contact_route (route_id, staff_id, channel, address, secret, rank, state, version)"
        " select $1, staff_id, 'push', $3, $4, 1, 'unverified', 1 from call where call_id = $2"
        " on conflict do nothing",
        *(route_id, staff_of, endpoint, orjson.dumps(keys).decode()),
    )
    return route_id if status == "INSERT 0 1" else None
