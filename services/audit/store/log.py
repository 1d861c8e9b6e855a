"""The log: appended under the lock of one row, read in order."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.audit.domain.entry import Told, looked_up
from services.audit.domain.tree import HASH_BYTES, Tree, chained

if TYPE_CHECKING:
    from asyncpg import Record

AT_ONCE = 2_000
"""Entries that a reader of the whole log holds at a time."""

_APPEND = """
with entered as (
    insert into entry (position, told, leaf_hash, chain_hash, event_id, kind, service, told_at, day, value_sha256,
                       authority, subject, operation, receiver, sender)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning position
), persons as (
    insert into entry_person (person_id, position) select person_id, $1 from unnest($16::uuid[]) as p (person_id)
)
update log_head set size = $1, chain_hash = $4, peaks = $17
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends."""

    chain_hash: bytes
    tree: Tree


async def now(tx: Tx) -> datetime:
    """Return the service's time."""
    at: datetime = await tx.fetchval("select clock()")
    return at


async def append(tx: Tx, told: Told) -> None:
    """Enter one record as the last of the log; writers wait for each other, so there is one order."""
    head = await _head(tx, "for update")
    leaf, found = told.leaf, looked_up(told)
    tree = head.tree.with_leaf(leaf)
    await tx.execute(
        _APPEND,
        *(tree.size, told.canonical(), leaf, chained(head.chain_hash, leaf)),
        *(told.event_id, told.kind, told.service, told.time, told.day, told.value_sha256),
        *(found["authority"], found["subject"], found["operation"], found["receiver"], found["sender"]),
        found["person_ids"],
        b"".join(tree.peaks),
    )


async def lock_head(tx: Tx) -> Head:
    """Return the log's end and keep it there until the transaction ends."""
    return await _head(tx, "for update")


async def head(tx: Tx) -> Head:
    """Return the log's end."""
    return await _head(tx, "")


async def _head(tx: Tx, lock: str) -> Head:
    rows = await tx.fetch(f"select size, chain_hash, peaks from log_head {lock}")  # noqa: S608  a constant of ours
    if not rows:
        return Head(b"", Tree())
    peaks: bytes = rows[0]["peaks"]
    split = tuple(peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES))
    return Head(rows[0]["chain_hash"], Tree(rows[0]["size"], split))


async def in_order(tx: Tx, upto: int) -> "AsyncIterator[Sequence[Record]]":
    """Give every entry of the log with the persons that it names, some thousands at a time."""
    last = -(2**62)
    while rows := await tx.fetch(
        "select e.*, array(select person_id from entry_person p where p.position = e.position order by person_id)"
        " as person_ids from entry e where position > $1 and position <= $2 order by position limit $3",
        *(last, upto, AT_ONCE),
    ):
        yield rows
        last = rows[-1]["position"]


async def leaves(tx: Tx, upto: int) -> AsyncIterator[bytes]:
    """Give the leaf hashes of the first entries, in order."""
    last = 0
    while rows := await tx.fetch(
        "select position, leaf_hash from entry where position > $1 and position <= $2 order by position limit $3",
        *(last, upto, AT_ONCE),
    ):
        for row in rows:
            yield row["leaf_hash"]
        last = rows[-1]["position"]


async def repeated(tx: Tx) -> "list[Record]":
    """Return the records that stand in the log twice, with where they stand the second time."""
    return await tx.fetch(
        "select event_id, max(position) as position from entry group by event_id having count(*) > 1 order by position"
    )


async def strays(tx: Tx) -> list[int]:
    """Return the positions that persons are listed under and that the log does not have."""
    rows = await tx.fetch(
        "select distinct position from entry_person p where not exists"
        " (select from entry e where e.position = p.position) order by position"
    )
    return [row["position"] for row in rows]


async def beyond(tx: Tx) -> list[int]:
    """Return the entries that stand beyond the end of the log."""
    rows = await tx.fetch("select position from entry where position > (select size from log_head) order by position")
    return [row["position"] for row in rows]


async def merge(tx: Tx, merged: UUID, surviving: UUID) -> None:
    """Remember which id a person has today."""
    await tx.execute("update merged_person set person_id = $2 where person_id = $1", merged, surviving)
    await tx.execute(
        "insert into merged_person (merged_person_id, person_id) values ($1, $2)"
        " on conflict (merged_person_id) do update set person_id = excluded.person_id",
        *(merged, surviving),
    )
