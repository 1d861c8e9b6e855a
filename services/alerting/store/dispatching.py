"""The dispatcher's SQL: what is to be handed over, what came of it, and what was left behind.

Try-again times and time-outs are technical and follow `clock_timestamp()`; what a person reads follows `clock()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from services.alerting.domain.texts import without_answer

if TYPE_CHECKING:
    from asyncpg import Record

_DUE = """
select d.delivery_id, d.key, d.channel, d.call_id, d.alert_id, d.route_id, d.provider, d.providers_tried, d.refused_by,
    d.attempts, d.notice, d.notice_fields, r.address, r.secret, c.letter, a.template, a.fields, a.urgency,
    r.state = 'dead' or r.removed_at is not null as route_is_dead,
    d.notice is null and (c.answer is not null or a.state <> 'open') as is_answered,
    d.created_at < clock_timestamp() - make_interval(secs => $3) as is_late,
    exists (select from call o join alert oa using (alert_id)
        where o.staff_id = c.staff_id and o.call_id <> c.call_id and oa.state = 'open'
        and oa.template <> all($4)) as has_others,
    clock_timestamp() as claimed_at
from unnest($1::text[], $2::int[]) as lane (channel, room)
cross join lateral (
    select * from delivery q
    where q.channel = lane.channel and q.state = 'queued' and q.next_try_at <= clock_timestamp()
    order by q.urgency, q.next_try_at limit lane.room for no key update skip locked
) d
join call c on c.call_id = d.call_id
join alert a on a.alert_id = d.alert_id
join contact_route r on r.route_id = d.route_id
"""


async def due(tx: Tx, room: Mapping[str, int], expire_after_s: float) -> "list[Record]":
    """Return what is to be handed over now, urgent first, at most so much a channel; the rows are locked."""
    return await tx.fetch(_DUE, list(room), list(room.values()), expire_after_s, sorted(without_answer()))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim makes of one message: it is being sent by a provider, or it has ended."""

    delivery_id: UUID
    state: str
    provider: str | None = None
    failure: str | None = None
    lasts_s: float = 0.0
    """How long a process may be at it before another one takes it for dead."""
    tried: Sequence[str] = ()


async def claim(tx: Tx, claims: Sequence[Claim]) -> None:
    """Write claims down before anything is handed over."""
    await tx.execute(
        "update delivery d set state = m.state, provider = coalesce(m.provider, d.provider),"
        " failure = coalesce(m.failure, d.failure), attempts = d.attempts + (m.state = 'sending')::int,"
        " attempt_ends = case when m.state = 'sending' then clock_timestamp() + make_interval(secs => m.lasts_s) end,"
        " provider_sequence = case when m.provider is distinct from d.provider then 0 else d.provider_sequence end,"
        " ended_at = case when m.state <> 'sending' then clock() end"
        " from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::float8[])"
        " as m (delivery_id, state, provider, failure, lasts_s) where d.delivery_id = m.delivery_id",
        *([one.delivery_id for one in claims], [one.state for one in claims], [one.provider for one in claims]),
        *([one.failure for one in claims], [one.lasts_s for one in claims]),
    )


@dataclass(frozen=True, slots=True)
class Done:
    """How one hand-over ended, and what the message becomes."""

    delivery_id: UUID
    call_id: UUID
    attempts: int
    """The number of this hand-over: a later one makes this outcome void."""
    state: str
    tried: Sequence[str]
    refused: Sequence[str]
    wait_s: float
    possible_duplicate: bool
    reference: str | None
    failure: str | None
    receipt_within_s: float | None


_RECORD = """
update delivery d set state = o.state, attempt_ends = null,
    providers_tried = string_to_array(o.tried, ','), refused_by = string_to_array(o.refused, ','),
    next_try_at = clock_timestamp() + make_interval(secs => o.wait_s),
    possible_duplicate = d.possible_duplicate or o.possible_duplicate,
    provider_reference = coalesce(o.reference, d.provider_reference), failure = coalesce(o.failure, d.failure),
    handed_over_at = case when o.state in ('accepted', 'delivered') then coalesce(d.handed_over_at, clock())
        else d.handed_over_at end,
    delivered_at = case when o.state = 'delivered' then clock() end,
    ended_at = case when o.state in ('delivered', 'failed') then clock() end,
    receipt_due_at = case when o.state = 'accepted'
        then clock_timestamp() + make_interval(secs => o.receipt_within_s) end
from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::bool[], $8::text[], $9::text[],
    $10::float8[]) as o (delivery_id, attempts, state, tried, refused, wait_s, possible_duplicate, reference, failure,
    receipt_within_s)
where d.delivery_id = o.delivery_id and d.attempts = o.attempts and d.attempt_ends is not null
"""
# A message has an `attempt_ends` just while it is being sent. Asked for the state, the planner takes the index of what
# is being sent for a short one, and reads all of it for each outcome.


async def record(tx: Tx, done: Sequence[Done]) -> None:
    """Write down how hand-overs ended; one that a receipt has overtaken is left as the receipt made it."""
    # Receipts lock many at once too: all in one order.
    await tx.execute(
        "select from delivery where delivery_id = any($1) order by delivery_id for no key update",
        [one.delivery_id for one in done],
    )
    await tx.execute(
        _RECORD,
        *([one.delivery_id for one in done], [one.attempts for one in done], [one.state for one in done]),
        *([",".join(one.tried) for one in done], [",".join(one.refused) for one in done]),
        *([one.wait_s for one in done], [one.possible_duplicate for one in done], [one.reference for one in done]),
        *([one.failure for one in done], [one.receipt_within_s for one in done]),
    )


async def reached(tx: Tx, calls: Sequence[UUID]) -> None:
    """Say of people that a message has reached them, where none had before; their rows are locked in one order."""
    if calls:
        await tx.execute(
            "update call set state = 'reached', reached_at = clock() where call_id in (select call_id from call"
            " where call_id = any($1) and state = 'called' order by call_id for no key update)",
            calls,
        )


async def put_back(tx: Tx) -> bool:
    """Queue again what a process was handing over when it died: the same key, and perhaps a second message."""
    status = await tx.execute(
        "update delivery set state = 'queued', attempt_ends = null, possible_duplicate = true,"
        " next_try_at = clock_timestamp(), failure = 'process_died'"
        " where delivery_id in (select delivery_id from delivery where state = 'sending'"
        " and attempt_ends <= clock_timestamp() limit 1000 for no key update skip locked)"
    )
    return status != "UPDATE 0"


async def without_provider(tx: Tx, channels: Sequence[str]) -> None:
    """Give up what waits for a channel that has no provider here."""
    await tx.execute(
        "update delivery set state = 'failed', failure = 'no_provider', ended_at = clock() where delivery_id in"
        " (select delivery_id from delivery where state = 'queued' and channel <> all($1) limit 1000"
        "  for no key update skip locked)",
        channels,
    )


async def without_receipt(tx: Tx, within_s: float, limit: int) -> "list[Record]":
    """Return what a provider took and gave no receipt for in time, locked."""
    return await tx.fetch(
        "select d.delivery_id, d.channel, d.provider, d.providers_tried, d.refused_by, d.attempts,"
        " d.notice is null and (c.answer is not null or a.state <> 'open') as is_answered,"
        " coalesce((select p.last_receipt_at < d.receipt_due_at - make_interval(secs => $2) from provider_state p"
        "  where p.provider = d.provider), true) as provider_is_silent,"
        " d.providers_tried @> array[d.provider] as is_last"
        " from delivery d join call c using (call_id) join alert a on a.alert_id = d.alert_id"
        " where d.state = 'accepted' and d.receipt_due_at <= clock_timestamp()"
        " order by d.receipt_due_at limit $1 for no key update of d skip locked",
        *(limit, within_s),
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """What a message becomes for which no receipt came."""

    delivery_id: UUID
    state: str
    tried: Sequence[str]
    wait_s: float | None
    """How long a late receipt is waited for, where no other provider is left; None: not at all."""


async def after_silence(tx: Tx, found: Sequence[Silence]) -> None:
    """Let another provider take what was given no receipt for, wait on where there is none, or give it up."""
    await tx.execute(
        "update delivery d set state = s.state, providers_tried = string_to_array(s.tried, ','),"
        " possible_duplicate = d.possible_duplicate or s.state = 'queued',"
        " failure = case when s.state in ('queued', 'expired') then 'no_receipt' else d.failure end,"
        " next_try_at = clock_timestamp(), ended_at = case when s.state = 'expired' then clock() end,"
        " receipt_due_at = case when s.state = 'accepted' then clock_timestamp() + make_interval(secs => s.wait_s) end"
        " from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[]) as s (delivery_id, state, tried, wait_s)"
        " where d.delivery_id = s.delivery_id",
        *([one.delivery_id for one in found], [one.state for one in found]),
        *([",".join(one.tried) for one in found], [one.wait_s for one in found]),
    )


async def kill_routes(tx: Tx, routes: Sequence[UUID]) -> None:
    """Mark routes dead where nobody is any more."""
    await tx.execute(
        "update contact_route set state = 'dead', dead_since = clock(), version = version + 1"
        " where route_id = any($1) and state <> 'dead'",
        routes,
    )


async def add_notice(
    tx: Tx, call_id: UUID, route_id: UUID, key: str, wave: int, template: str, fields: Mapping[str, str]
) -> None:
    """Queue a message of our own to somebody who was called; the same key again is nothing."""
    await tx.execute(
        "insert into delivery (delivery_id, alert_id, call_id, route_id, raised_by, raised_by_office, authority,"
        " office, channel, wave, key, urgency, state, notice, notice_fields)"
        " select gen_random_uuid(), c.alert_id, c.call_id, r.route_id, c.raised_by, c.raised_by_office, c.authority,"
        " c.office, r.channel, $3, $4, 1, 'queued', $5, $6 from call c, contact_route r"
        " where c.call_id = $1 and r.route_id = $2"
        " on conflict (key) do nothing",
        *(call_id, route_id, wave, key, template, orjson.dumps(dict(fields)).decode()),
    )


async def other_route(tx: Tx, call_id: UUID, dead: UUID) -> "Record | None":
    """Return the first living route by which somebody who was called can be told that another one is dead."""
    return await tx.fetchrow(
        "select r.route_id from contact_route r join call c using (staff_id) where c.call_id = $1 and r.route_id <> $2"
        " and r.channel in ('sms', 'email', 'push') and r.state <> 'dead' and r.removed_at is null"
        " order by array_position(array['sms', 'email', 'push'], r.channel), r.rank limit 1",
        *(call_id, dead),
    )


async def provider_did(tx: Tx, provider: str, failure: str | None) -> None:
    """Keep what a provider did last: failed, and since when, or took a message."""
    await tx.execute(
        "insert into provider_state (provider, failing_since, last_ok_at, last_failure)"
        " values ($1, case when $2::text is not null then clock_timestamp() end,"
        " case when $2::text is null then clock_timestamp() end, $2)"
        " on conflict (provider) do update set"
        " failing_since = case when $2::text is null then null"
        " else coalesce(provider_state.failing_since, clock_timestamp()) end,"
        " last_ok_at = case when $2::text is null then clock_timestamp() else provider_state.last_ok_at end,"
        " last_failure = coalesce($2, provider_state.last_failure)",
        *(provider, failure),
    )


async def failing(tx: Tx) -> list[str]:
    """Return the providers that failed the last time."""
    rows = await tx.fetch("select provider from provider_state where failing_since is not null")
    return [row["provider"] for row in rows]


async def to_poll(tx: Tx, provider: str, since_s: float, limit: int) -> "list[Record]":
    """Return messages whose receipt must be fetched, because none can come by itself."""
    return await tx.fetch(
        "select key, provider_sequence from delivery where provider = $1 and state = 'accepted'"
        " and handed_over_at > clock() - make_interval(secs => $2) order by handed_over_at limit $3",
        *(provider, since_s, limit),
    )
