"""What is kept no longer: ended alerts with all that belongs to them, past duties, and people who have none."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx

_OF_ALERTS = (
    "delete from callback where call_id in (select call_id from call where alert_id = any($1))",
    "delete from answer where call_id in (select call_id from call where alert_id = any($1))",
    "delete from delivery where alert_id = any($1)",
    "delete from call where alert_id = any($1)",
    "delete from escalation where alert_id = any($1)",
    "delete from watch_finding where alert_id = any($1)",
    "delete from merged_ledger where alert_id = any($1)",
    "delete from alert where alert_id = any($1)",
)

_OF_ROSTERS = (
    "delete from roster_override where ends_at < $1",
    (
        "delete from swap where ends_at < $1 and not exists"
        " (select from roster_override over where over.swap_id = swap.swap_id)"
    ),
    # A rotation holds until the next one begins, or its roster ends.
    (
        "delete from rotation was where exists (select from rotation next where next.roster_id = was.roster_id"
        " and next.starts_on > was.starts_on and next.starts_on < ($1::timestamptz)::date)"
        " or exists (select from roster where roster.roster_id = was.roster_id and ended_on < ($1::timestamptz)::date)"
    ),
)

_OF_ROUTES = (
    "delete from contact_route gone where removed_at < $1"
    " and not exists (select from delivery where delivery.route_id = gone.route_id)"
    " and not exists (select from route_test where route_test.route_id = gone.route_id)"
)

_NOT_NEEDED = """
select staff_id from staff s where coalesce(ended_at, case when ad_hoc then added_at end) < $1
    and not exists (select from call where call.staff_id = s.staff_id)
    and not exists (select from rotation where s.staff_id = any(members))
    and not exists (select from roster_override o where o.staff_id = s.staff_id)
    and not exists (select from swap where s.staff_id in (offered_by, taken_by))
    and not exists (select from route_test t where t.staff_id = s.staff_id)
limit $2
"""

_OF_STAFF = (
    "delete from contact_route where staff_id = any($1)",
    "delete from staff_role where staff_id = any($1)",
    "delete from staff where staff_id = any($1)",
)


async def ended_alerts(tx: Tx, before: datetime, at_most: int) -> list[UUID]:
    """Return alerts that ended before a moment, locked, the oldest first."""
    rows = await tx.fetch(
        "select alert_id from alert where closed_at < $1 order by closed_at limit $2 for update skip locked",
        *(before, at_most),
    )
    return [row["alert_id"] for row in rows]


async def alerts_of_case(tx: Tx, case_id: UUID) -> list[UUID]:
    """Return the alerts of a case, locked."""
    rows = await tx.fetch("select alert_id from alert where case_id = $1 order by alert_id for update", case_id)
    return [row["alert_id"] for row in rows]


async def erase_alerts(tx: Tx, alerts: list[UUID]) -> None:
    """Delete alerts with their paths, calls, answers, deliveries, callbacks and tests."""
    for statement in _OF_ALERTS:
        await tx.execute(statement, alerts)


async def erase_callbacks(tx: Tx, before: datetime) -> None:
    """Delete what providers told before a moment and no call explains, once it is handled."""
    await tx.execute("delete from callback where handled_at is not null and received_at < $1", before)


async def erase_past_duties(tx: Tx, before: datetime) -> None:
    """Delete who had which duty before a moment; a rotation stays as long as it holds."""
    for statement in _OF_ROSTERS:
        await tx.execute(statement, before)


async def erase_people(tx: Tx, before: datetime, at_most: int) -> int:
    """Delete routes that were removed, and people who ended, before a moment and whom nothing names any more."""
    await tx.execute(_OF_ROUTES, before)
    rows = await tx.fetch(_NOT_NEEDED, before, at_most)
    for statement in _OF_STAFF:
        await tx.execute(statement, [row["staff_id"] for row in rows])
    return len(rows)
