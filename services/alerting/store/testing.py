"""The tests of contact routes: which is under way, and what an answer says about the route."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx

if TYPE_CHECKING:
    from asyncpg import Record


async def add(tx: Tx, alert_id: UUID, route: "Record", asked_by: str, now: datetime) -> None:
    """Save that an alert tests a locked route."""
    await tx.execute(
        "insert into route_test (alert_id, route_id, staff_id, asked_by, raised_at) values ($1, $2, $3, $4, $5)",
        *(alert_id, route["route_id"], route["staff_id"], asked_by, now),
    )
    await tx.execute("update contact_route set tested_at = $2 where route_id = $1", route["route_id"], now)


async def is_under_way(tx: Tx, staff_id: UUID) -> bool:
    """Say whether a route of somebody is being tested."""
    found: bool = await tx.fetchval(
        "select exists (select from route_test join alert using (alert_id) where staff_id = $1 and state = 'open')",
        staff_id,
    )
    return found


async def of_alert(tx: Tx, alert_id: UUID) -> "Record | None":
    """Return the route that an alert tests, unless it was removed meanwhile; None when the alert is no test."""
    return await tx.fetchrow(
        "select t.staff_id, t.answered_at, r.route_id, r.channel, r.state, r.removed_at"
        " from route_test t join contact_route r using (route_id) where alert_id = $1",
        alert_id,
    )


async def verify(tx: Tx, alert_id: UUID, route_id: UUID, now: datetime) -> None:
    """Remember that a test was answered: the route reaches somebody, also one that was thought dead."""
    await tx.execute("update route_test set answered_at = $2 where alert_id = $1", alert_id, now)
    await tx.change_one(
        "update contact_route set state = 'verified', verified_at = $2, dead_since = null, version = version + 1"
        " where route_id = $1",
        *(route_id, now),
    )


async def is_due(tx: Tx, kind: str, subject: UUID, now: datetime) -> bool:
    """Say whether a deadline is due and has not fired yet."""
    found: bool = await tx.fetchval(
        "select exists (select from deadline where kind = $1 and subject = $2 and due_at <= $3)", kind, subject, now
    )
    return found


async def longest_untested(tx: Tx, staff_id: UUID) -> "Record | None":
    """Return the route of somebody that was tested the longest ago, or never, its row locked."""
    return await tx.fetchrow(
        "select r.* from contact_route r join staff s using (staff_id) where staff_id = $1 and removed_at is null"
        " and s.ended_at is null order by tested_at nulls first, rank, route_id limit 1 for update of r skip locked",
        staff_id,
    )
