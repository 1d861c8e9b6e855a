"""What alerting is still to be told over HTTP, in order, until it has taken it.

When it is tried again is a time-out and follows the machine's clock: a demonstration's clock that jumps ends none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.ids import new_id
from services.beredskabsstab.domain.calling import CallIn, Errand

if TYPE_CHECKING:
    from asyncpg import Record

RUN = "errands"
"""The name under which a commit wakes who runs errands to alerting (`Tx.wakes`)."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that alerting is told over HTTP."""

    kind: Errand
    path: str
    body: dict[str, Any]


async def add(tx: Tx, call_in: "Record | CallIn", activation_id: UUID, told: Told) -> UUID:
    """Save what alerting is to be told; it is told as soon as this is committed, and again until it has taken it."""
    errand_id = new_id()
    call_in_id = call_in.call_in_id if isinstance(call_in, CallIn) else call_in["call_in_id"]
    await tx.execute(
        "insert into errand (errand_id, activation_id, call_in_id, kind, path, body, made_at)"
        " values ($1, $2, $3, $4, $5, $6::jsonb, clock())",
        *(errand_id, activation_id, call_in_id, told.kind, told.path, orjson.dumps(told.body, default=str).decode()),
    )
    tx.wakes.add(RUN)
    return errand_id


async def take(tx: Tx, at_most: int) -> "list[Record]":
    """Take errands that are due, each the first of its call-in: an alert is raised before it is answered.

    Whoever takes one has ten seconds: then another process takes it, in case that this one has died.
    """
    return await tx.fetch(
        "update errand set next_try_at = clock_timestamp() + interval '10 seconds', attempts = attempts + 1"
        " where errand_id in (select errand_id from errand e"
        "  where done_at is null and next_try_at <= clock_timestamp() and not exists"
        "  (select from errand f where f.call_in_id = e.call_in_id and f.done_at is null and f.place < e.place)"
        "  order by place limit $1 for update skip locked) returning *",
        at_most,
    )


async def done(tx: Tx, row: "Record", failure: str | None = None) -> None:
    """Save that an errand was run; with a failure where alerting said no for good, which a person sees."""
    await tx.execute(
        "update errand set done_at = clock(), failure = $2 where errand_id = $1",
        *(row["errand_id"], failure),
    )
    if row["kind"] == Errand.RAISE and failure is None:
        await tx.execute(
            "update call_in set raised_at = coalesce(raised_at, clock()) where call_in_id = $1", row["call_in_id"]
        )


async def refused(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return what alerting has refused for good of an activation, in order, with whom it is about where that is one."""
    return await tx.fetch(
        "select e.errand_id, e.kind, e.failure, e.done_at, c.kind as call_kind,"
        " coalesce(e.body ->> 'name', m.name, '') as who from errand e join call_in c using (call_in_id)"
        " left join member m on e.kind = 'answer' and m.call_id::text = split_part(e.path, '/', 5)"
        " where e.activation_id = $1 and e.done_at is not null and e.failure is not null order by e.place",
        activation_id,
    )


async def count_refused(tx: Tx) -> "list[Record]":
    """Return how many errands of each kind were refused for good within the last hour."""
    return await tx.fetch(
        "select kind, count(*)::int from errand where failure is not null and done_at > clock() - interval '1 hour'"
        " group by kind"
    )


async def later(tx: Tx, errand_id: UUID, failure: str) -> None:
    """Run an errand again soon: within a second at first, and at least every five."""
    await tx.execute(
        "update errand set failure = $2, next_try_at = clock_timestamp()"
        " + least(interval '5 seconds', interval '200 milliseconds' * 2 ^ least(attempts, 10)) where errand_id = $1",
        *(errand_id, failure),
    )
