"""What providers told us: kept as it came, then handled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.alerting.domain.replies import Open

if TYPE_CHECKING:
    from asyncpg import Record

WAKE = "callbacks"
"""The name under which a commit wakes whoever handles callbacks (`Tx.wakes`)."""

RECEIPT = "receipt"


async def machine_time(tx: Tx) -> float:
    """Return the database's time in seconds since 1970: signatures are of machines, and no demonstration moves them."""
    seconds: float = await tx.fetchval("select extract(epoch from clock_timestamp())::float8")
    return seconds


async def keep(tx: Tx, provider: str, told: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Keep callbacks by message id, kind and body; one that is kept already is left as it is."""
    tx.wakes.add(WAKE)
    await tx.execute(
        "insert into callback (provider, message_id, kind, body, received_at)"
        " select $1, message_id, kind, body, clock() from unnest($2::text[], $3::text[], $4::jsonb[])"
        " as told (message_id, kind, body) on conflict do nothing",
        *(provider, [one[0] for one in told], [one[1] for one in told]),
        [orjson.dumps(one[2]).decode() for one in told],
    )


async def waiting_receipts(tx: Tx, limit: int) -> "list[Record]":
    """Return receipts that nobody has handled yet, the oldest first, locked."""
    return await tx.fetch(
        "select provider, message_id, body from callback where handled_at is null and kind = 'receipt'"
        " order by received_at limit $1 for no key update skip locked",
        limit,
    )


async def waiting_words(tx: Tx, limit: int) -> "list[Record]":
    """Return replies and pressed keys that nobody has handled yet, the oldest first, locked."""
    return await tx.fetch(
        "select provider, message_id, kind, body from callback where handled_at is null and kind <> 'receipt'"
        " order by received_at limit $1 for no key update skip locked",
        limit,
    )


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a callback: the call that it answered, or those that it may have been about."""

    outcome: str
    call_id: UUID | None = None
    about: Sequence[UUID] = ()


async def handled(tx: Tx, callback: "Record", found: Handled) -> None:
    """Say what became of a callback."""
    await tx.change_one(
        "update callback set handled_at = clock(), outcome = $3, call_id = $4, about = $5"
        " where provider = $1 and message_id = $2 and handled_at is null",
        *(callback["provider"], callback["message_id"], found.outcome, found.call_id, list(found.about)),
    )


async def receipts_handled(tx: Tx, receipts: "Sequence[Record]", outcomes: Sequence[str]) -> None:
    """Say what became of receipts, and that their providers are not silent."""
    await tx.execute(
        "update callback c set handled_at = clock(), outcome = h.outcome"
        " from unnest($1::text[], $2::text[], $3::text[]) as h (provider, message_id, outcome)"
        " where c.provider = h.provider and c.message_id = h.message_id",
        *([one["provider"] for one in receipts], [one["message_id"] for one in receipts], outcomes),
    )
    await tx.execute(
        "insert into provider_state (provider, last_receipt_at) select told, clock_timestamp()"
        " from unnest($1::text[]) as told on conflict (provider) do update set last_receipt_at = clock_timestamp()",
        sorted({one["provider"] for one in receipts}),
    )


async def calls_of(tx: Tx, keys: Sequence[str]) -> list[UUID]:
    """Return the calls of messages."""
    rows = await tx.fetch("select distinct call_id from delivery where key = any($1)", keys)
    return [row["call_id"] for row in rows]


async def lock_calls(tx: Tx, calls: Sequence[UUID]) -> None:
    """Lock calls before their messages, in the order in which an answer locks them."""
    await tx.execute("select from call where call_id = any($1) order by call_id for no key update", calls)


async def messages(tx: Tx, keys: Sequence[str]) -> "list[Record]":
    """Return messages by their keys, locked."""
    return await tx.fetch(
        "select delivery_id, key, call_id, channel, state, provider, provider_sequence from delivery"
        " where key = any($1) order by delivery_id for no key update",
        keys,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a receipt makes of a message."""

    delivery_id: UUID
    state: str
    sequence: int
    refused_by: str | None
    failure: str | None


async def apply_receipts(tx: Tx, told: Sequence[Told]) -> None:
    """Bring messages to where receipts say that they are."""
    await tx.execute(
        "update delivery d set state = t.state, provider_sequence = greatest(d.provider_sequence, t.sequence),"
        " refused_by = array_remove(d.refused_by || t.refused_by, null),"
        " failure = coalesce(t.failure, d.failure),"
        " attempt_ends = case when t.state = 'sending' then d.attempt_ends end,"
        " next_try_at = case when t.state = d.state then d.next_try_at else clock_timestamp() end,"
        " receipt_due_at = case when t.state = 'accepted' then d.receipt_due_at end,"
        " handed_over_at = coalesce(d.handed_over_at, case when t.state = 'delivered' then clock() end),"
        " delivered_at = coalesce(d.delivered_at, case when t.state = 'delivered' then clock() end),"
        " ended_at = coalesce(d.ended_at, case when t.state in ('delivered', 'failed') then clock() end)"
        " from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[])"
        " as t (delivery_id, state, sequence, refused_by, failure) where d.delivery_id = t.delivery_id",
        *([one.delivery_id for one in told], [one.state for one in told], [one.sequence for one in told]),
        *([one.refused_by for one in told], [one.failure for one in told]),
    )


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a number belongs to, with the route that a message back takes."""

    route_id: UUID | None
    calls: Sequence[Open]
    """The open calls of everybody who is reached by the number."""
    last: UUID | None
    """The latest call of the last day that has ended, where none is open."""


async def sender(tx: Tx, number: str) -> Sender:
    """Return whose calls a reply from a number may be to."""
    rows = await tx.fetch(
        "select r.route_id, c.call_id, c.letter, a.template, a.state from contact_route r"
        " join call c using (staff_id) join alert a using (alert_id)"
        " where r.address = $1 and r.channel in ('sms', 'voice') and r.removed_at is null"
        " and (a.state = 'open' or c.called_at > clock() - interval '1 day')"
        " order by r.channel, c.called_at desc",
        number,
    )
    still = {row["call_id"]: row for row in rows if row["state"] == "open"}
    calls = [Open(row["call_id"], row["letter"], row["template"]) for row in still.values()]
    return Sender(rows[0]["route_id"] if rows else None, calls, rows[0]["call_id"] if rows else None)


async def called_by(tx: Tx, key: str) -> "Record | None":
    """Return the call that a message rang for, with its text's code."""
    return await tx.fetchrow(
        "select d.call_id, a.template from delivery d join alert a on a.alert_id = d.alert_id where d.key = $1", key
    )


async def unread(tx: Tx, alert_id: UUID) -> "list[Record]":
    """Return replies about an alert's calls that nobody understood, until the call is answered after all."""
    return await tx.fetch(
        "select c.call_id, k.message_id, k.outcome, k.received_at, k.body ->> 'text' as said from callback k"
        " join call c on c.call_id = any(k.about) where c.alert_id = $1"
        " and k.kind <> 'receipt' and k.received_at >= (select raised_at from alert where alert_id = $1)"
        " and (c.answered_at is null or c.answered_at < k.received_at) order by k.received_at, k.message_id",
        alert_id,
    )


async def oldest_waiting_s(tx: Tx) -> float:
    """Return for how many seconds the oldest callback that is not handled has been waiting."""
    seconds: float = await tx.fetchval(
        "select coalesce(extract(epoch from clock_timestamp() - min(received_at)), 0)::float8"
        " from callback where handled_at is null"
    )
    return seconds
