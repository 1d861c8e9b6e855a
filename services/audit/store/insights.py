"""Answers to citizens, drafted and released."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.audit.domain.insight import Insight

if TYPE_CHECKING:
    from asyncpg import Record

_WITH_COUNT = """
select i.*, (select count(*) from insight_line l
             where l.insight_id = i.insight_id and l.proposed_rule is not null and l.decided_by is null) as undecided
from insight i where insight_id = $1
"""


async def add(tx: Tx, insight_id: UUID, person_id: UUID, at: datetime) -> None:
    """Save a new draft of the authority that asks."""
    await tx.execute(
        "insert into insight (insight_id, authority, person_id, state, drafted_by, drafted_at)"
        " values ($1, $2, $3, 'draft', $4, $5)",
        *(insight_id, tx.principal.authority, person_id, tx.principal.subject, at),
    )


async def add_lines(tx: Tx, insight_id: UUID, lines: Sequence[tuple[int, str | None]]) -> None:
    """Save the lines of a draft by their places in the log, each with what is proposed."""
    await tx.execute(
        "insert into insight_line (insight_id, position, proposed_rule)"
        " select $1, position, rule from unnest($2::bigint[], $3::text[]) as l (position, rule)",
        *(insight_id, [position for position, _ in lines], [rule for _, rule in lines]),
    )


async def lock(tx: Tx, insight_id: UUID) -> "tuple[Insight, Record] | None":
    """Return an answer, its row locked; None when there is none that the caller may see."""
    row = await tx.fetchrow(_WITH_COUNT + " for update", insight_id)
    return (insight_of(row), row) if row else None


async def find(tx: Tx, insight_id: UUID) -> "tuple[Insight, Record] | None":
    """Return an answer; None when there is none that the caller may see."""
    row = await tx.fetchrow(_WITH_COUNT, insight_id)
    return (insight_of(row), row) if row else None


def insight_of(row: "Record") -> Insight:
    """Return an answer as its rules know it."""
    return Insight(row["authority"], row["drafted_by"], row["state"] == "released", row["undecided"])


async def lines(tx: Tx, insight_id: UUID) -> "list[Record]":
    """Return the lines of an answer with the records that they stand for."""
    return await tx.fetch(
        "select l.*, (told::jsonb ->> 'value') as value from insight_line l join entry using (position)"
        " where insight_id = $1 order by position",
        insight_id,
    )


async def decide(
    tx: Tx, insight_id: UUID, position: int, *, withheld: bool, paragraph: str | None, reason: str, at: datetime
) -> bool:
    """Save what was decided of a line; returns whether the answer has such a line."""
    status = await tx.execute(
        "update insight_line set withheld = $3, paragraph = $4, reason = $5, decided_by = $6, decided_at = $7"
        " where insight_id = $1 and position = $2",
        *(insight_id, position, withheld, paragraph, reason, tx.principal.subject, at),
    )
    return status == "UPDATE 1"


async def changed(tx: Tx, insight_id: UUID, version: int) -> int:
    """Count a change of an answer; returns its next version."""
    await tx.change_one(
        "update insight set version = version + 1 where insight_id = $1 and version = $2", insight_id, version
    )
    return version + 1


async def release(tx: Tx, insight_id: UUID, version: int, at: datetime) -> int:
    """Save that a person released an answer; returns its next version."""
    await tx.change_one(
        "update insight set state = 'released', released_by = $3, released_at = $4, version = version + 1"
        " where insight_id = $1 and version = $2",
        *(insight_id, version, tx.principal.subject, at),
    )
    return version + 1
