"""Erasing: what is gone leaves a tombstone without content, and takes its part of the history with it.

A service deletes its own rows, calls `bury` in the same transaction, and `bury_case` with a case's last part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx

CASE = "case"


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is erased: a code, and the rule that says so."""

    reason: str
    rule: str


async def bury(tx: Tx, kind: str, ids: Iterable[UUID], why: Why, case_id: UUID | None = None) -> None:
    """Write the tombstones of things of one kind."""
    await tx.execute(
        "insert into tombstone (kind, id, case_id, reason, rule) select $1, id, $3, $4, $5 from unnest($2::uuid[]) id"
        " on conflict (kind, id) do update set reason = excluded.reason, rule = excluded.rule, erased_at = clock()",
        *(kind, list(dict.fromkeys(ids)), case_id, why.reason, why.rule),
    )


async def erase_history(tx: Tx, kind: str, its_id: UUID) -> int:
    """Delete from the history what was told of a thing, or of a whole case; its tombstone must be of this transaction.

    Records of access stay. What has been published runs out with its topic.
    """
    gone: int = await tx.fetchval("select erase_history($1, $2)", kind, its_id)
    return gone


async def bury_case(tx: Tx, case_id: UUID, why: Why) -> int:
    """Write a case's own tombstone and delete its history, with what waits of it in this service."""
    await bury(tx, CASE, [case_id], why, case_id)
    await tx.execute("delete from deadline where correlation_id = $1", case_id)
    await tx.execute("delete from parked_message where correlation_id = $1", case_id)
    return await erase_history(tx, CASE, case_id)


async def erased_since(tx: Tx, days: int) -> dict[str, int]:
    """Count what was erased in the last days, by kind."""
    rows = await tx.fetch(
        "select kind, count(*) as count from tombstone where erased_at > clock() - make_interval(days => $1)"
        " group by kind order by kind",
        days,
    )
    return {row["kind"]: row["count"] for row in rows}
