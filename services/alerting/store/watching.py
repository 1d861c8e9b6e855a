"""What the watchdog looks at, and what it found."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from services.alerting.domain.tables import Step
from services.alerting.domain.watching import Alert, Call, Duty, Finding, Path, Sent, World, by_call
from services.alerting.store import alerts, rosters
from services.alerting.store.alerts import Place

if TYPE_CHECKING:
    from asyncpg import Record

READ_ONLY = "set transaction read only;"
"""A look changes nothing, and the database holds it to that."""


async def world(tx: Tx, without_receipts: Collection[str]) -> World:
    """Return everything that an open alert should have reached, and what is known of it."""
    now = await alerts.now(tx)
    rows = await tx.fetch(
        "select a.*, exists (select from merged_ledger m where m.alert_id = a.alert_id) as is_merged"
        " from alert a where state = 'open' order by raised_at"
    )
    ids = [row["alert_id"] for row in rows]
    paths, calls = await _paths(tx, ids), await _calls(tx, ids, without_receipts)
    found = tuple(_alert(row, paths[row["alert_id"]], calls[row["alert_id"]]) for row in rows)
    since: dict[tuple[str, str, str], datetime] = {}
    for alert in found:
        for path in alert.paths:
            since[path.place] = min(alert.raised_at, since.get(path.place, now))
    duties = {place: await _duty(tx, place, start, now) for place, start in since.items()}
    return World(tx.mode, now, found, duties, await _routes(tx))


def _alert(row: "Record", paths: list[Path], calls: list[Call]) -> Alert:
    steps = tuple(Step.from_json(one) for one in orjson.loads(row["policy"]))
    return Alert(row["alert_id"], row["wanted"], steps, row["raised_at"], row["is_merged"], tuple(paths), tuple(calls))


async def _paths(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[Path]]:
    found: dict[UUID, list[Path]] = defaultdict(list)
    for row in await tx.fetch("select * from escalation where alert_id = any($1)", ids):
        place = row["authority"], row["office"], row["role"]
        found[row["alert_id"]].append(Path(row["escalation_id"], place, row["state"], row["steps_taken"]))
    return found


async def _calls(tx: Tx, ids: Sequence[UUID], without_receipts: Collection[str]) -> dict[UUID, list[Call]]:
    sent = by_call(await _sent(tx, ids, without_receipts))
    found: dict[UUID, list[Call]] = defaultdict(list)
    for row in await tx.fetch("select * from call where alert_id = any($1)", ids):
        own = sent.get(row["call_id"], ())
        found[row["alert_id"]].append(
            Call(
                row["call_id"],
                row["staff_id"],
                row["escalation_id"],
                row["answer"],
                row["called_at"],
                row["ad_hoc"],
                own,
            )
        )
    return found


async def _sent(tx: Tx, ids: Sequence[UUID], without_receipts: Collection[str]) -> list[tuple[UUID, Sent]]:
    rows = await tx.fetch(
        "select d.*, extract(epoch from clock_timestamp() - d.created_at)::float8 as waited_s,"
        " extract(epoch from clock() - d.handed_over_at)::float8 as handed_s, r.staff_id = c.staff_id as is_own_route,"
        " coalesce(d.provider <> all($2), true) as has_receipts,"
        " exists (select from callback k where k.kind = 'receipt' and k.body ->> 'key' = d.key"
        "  and k.body ->> 'state' = 'delivered') as is_proved"
        " from delivery d join call c using (call_id) join contact_route r using (route_id)"
        # A notice is a message of our own to somebody who was called, and no part of the alert.
        " where c.alert_id = any($1) and c.answer is null and d.notice is null",
        *(ids, list(without_receipts)),
    )
    return [(row["call_id"], Sent(**{name: row[name] for name in Sent.__slots__})) for row in rows]


async def _duty(tx: Tx, place: tuple[str, str, str], start: datetime, now: datetime) -> Duty:
    own = Place(*place)
    found = await rosters.between(tx, own.authority, own.office, own.role, (start, now))
    everyone = await alerts.everyone(tx, own)
    rows = await tx.fetch("select staff_id, added_at from staff where staff_id = any($1)", everyone)
    return Duty(tuple(found), {row["staff_id"]: row["added_at"] for row in rows})


async def _routes(tx: Tx) -> dict[UUID, dict[str, datetime | None]]:
    rows = await tx.fetch(
        "select staff_id, channel, min(coalesce(added_at, '-infinity')) as since from contact_route"
        " where removed_at is null and state <> 'dead' group by staff_id, channel"
    )
    found: dict[UUID, dict[str, datetime | None]] = defaultdict(dict)
    for row in rows:
        # The driver reads minus infinity as a moment without a zone.
        found[row["staff_id"]][row["channel"]] = row["since"] if row["since"].tzinfo else None
    return found


# -- findings ----------------------------------------------------------------------------------------------------------


async def add(tx: Tx, findings: Sequence[Finding], now: datetime) -> "list[Record]":
    """Save findings; returns those that are new."""
    return await tx.fetch(
        "insert into watch_finding (finding_id, kind, alert_id, call_id, wave, channel, expected_by, found_at)"
        " select *, $8 from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::smallint[], $6::text[],"
        " $7::timestamptz[]) on conflict (finding_id) do nothing returning *",
        *([one.finding_id for one in findings], [one.kind for one in findings], [one.alert_id for one in findings]),
        *([one.call_id for one in findings], [one.wave for one in findings], [one.channel for one in findings]),
        *([one.expected_by for one in findings], now),
    )


async def settle(tx: Tx, findings: Sequence[Finding], now: datetime) -> None:
    """Say of findings that are no more when that was seen."""
    await tx.execute(
        "update watch_finding set settled_at = $2 where settled_at is null and finding_id <> all($1)",
        *([one.finding_id for one in findings], now),
    )


async def open_again(tx: Tx, findings: Sequence[Finding]) -> None:
    """Let findings that had settled and are there again stand open; they are not told a second time."""
    await tx.execute(
        "update watch_finding set settled_at = null where settled_at is not null and finding_id = any($1)",
        [one.finding_id for one in findings],
    )


async def first_of_call(tx: Tx, call_id: UUID, finding_id: UUID) -> bool:
    """Say whether nothing else was found about a call before."""
    found: bool = await tx.fetchval(
        "select not exists (select from watch_finding where call_id = $1 and finding_id <> $2"
        " and (found_at, finding_id) < (select found_at, finding_id from watch_finding where finding_id = $2))",
        *(call_id, finding_id),
    )
    return found


async def to_raise(tx: Tx) -> "list[Record]":
    """Return the findings that nobody has been told of yet."""
    return await tx.fetch("select * from watch_finding where raised_at is null order by found_at limit 1000")


async def raised(tx: Tx, ids: Sequence[UUID]) -> None:
    """Remember that somebody was told of findings."""
    await tx.execute("update watch_finding set raised_at = clock() where finding_id = any($1)", ids)


async def progress(tx: Tx) -> tuple[float, float]:
    """Return for how many seconds the oldest step of an escalation, and the oldest message, have been waiting."""
    row = await tx.fetchrow(
        "select coalesce((select extract(epoch from clock() - min(due_at)) from deadline"
        "  where kind in ('escalation-step', 'alert-review') and due_at < clock()), 0)::float8 as steps_s,"
        " coalesce((select extract(epoch from clock_timestamp() - min(created_at)) from delivery"
        "  where state in ('queued', 'sending')), 0)::float8 as messages_s"
    )
    return (row["steps_s"], row["messages_s"]) if row else (0.0, 0.0)


# -- what gauges show --------------------------------------------------------------------------------------------------


async def unanswered(tx: Tx) -> int:
    """Return how many open alerts nobody has answered for two minutes."""
    count: int = await tx.fetchval(
        "select count(*) from alert a where state = 'open' and raised_at < clock() - interval '2 minutes'"
        # What is only told waits for nobody.
        " and exists (select from escalation e where e.alert_id = a.alert_id and e.state <> 'told')"
        " and not exists (select from call c where c.alert_id = a.alert_id and c.answer is not null)"
    )
    return count


async def undeliverable(tx: Tx) -> "list[Record]":
    """Return by channel how many messages of open alerts, to people who have not answered, were given up."""
    return await tx.fetch(
        "select d.channel, count(*) from delivery d join call c using (call_id) join alert a on a.alert_id = d.alert_id"
        " where d.state in ('failed', 'expired') and a.state = 'open' and c.answer is null group by d.channel"
    )


async def providers_failing(tx: Tx) -> "list[Record]":
    """Return each provider with 1 while its last hand-over failed, and 0."""
    return await tx.fetch("select provider, (failing_since is not null)::int from provider_state")
