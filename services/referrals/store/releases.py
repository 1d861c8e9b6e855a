"""Versions of decision tables that were proposed, released and rejected."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.referrals.domain.releases import Proposal, ReleaseState
from services.referrals.domain.rulebook import learn, learned, proved
from services.referrals.domain.table_effect import Decided
from services.referrals.domain.tables import Outcome, Table, Verdict


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version with what commands and answers need of it."""

    id: UUID
    proposal: Proposal
    name: str
    valid_from: date
    sha256: str
    authority: str
    proposed_at: datetime
    decided_at: datetime | None
    reason: str
    version: int
    now: datetime


async def learn_released(tx: Tx) -> None:
    """Let this process know what is released; a count tells whether there is anything new, for none is taken back."""
    if await tx.fetchval("select count(*) from rule_table where state = 'released'") != learned():
        rows = await tx.fetch("select text from rule_table where state = 'released'")
        learn(proved(row["text"]) for row in rows)


async def add(tx: Tx, rule_table_id: UUID, table: Table, text: str) -> bool:
    """Save a proposal; False where another of that rule waits for a decision."""
    status = await tx.execute(
        "insert into rule_table (rule_table_id, name, valid_from, text, sha256, proposed_by)"
        " values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        *(rule_table_id, table.name, table.valid_from, text, table.version, tx.principal.subject),
    )
    return status == "INSERT 0 1"


_LOAD = "select *, clock() as now from rule_table where rule_table_id = $1"


async def found(tx: Tx, rule_table_id: UUID) -> Version | None:
    """Return a version that the asker may see."""
    row = await tx.fetchrow(_LOAD, rule_table_id)
    return _version(row) if row else None


async def locked(tx: Tx, rule_table_id: UUID) -> Version | None:
    """Lock a version that waits for a decision; one that is decided is returned as it is."""
    row = await tx.fetchrow(f"{_LOAD} for update", rule_table_id)
    return _version(row) if row else await found(tx, rule_table_id)


async def listed(tx: Tx) -> list[Version]:
    """Return every version that the asker may see, the newest first."""
    rows = await tx.fetch(
        "select *, clock() as now from rule_table order by proposed_at desc, rule_table_id limit 1000"
    )
    return [_version(row) for row in rows]


def _version(row: Any) -> Version:  # noqa: ANN401  a database row
    return Version(
        id=row["rule_table_id"],
        proposal=Proposal(row["text"], ReleaseState(row["state"]), row["proposed_by"]),
        name=row["name"],
        valid_from=row["valid_from"],
        sha256=row["sha256"],
        authority=row["authority"],
        proposed_at=row["proposed_at"],
        decided_at=row["decided_at"],
        reason=row["reason"],
        version=row["version"],
        now=row["now"],
    )


async def decide(tx: Tx, one: Version, state: ReleaseState, reason: str) -> None:
    """Save what somebody decided about a locked proposal."""
    await tx.change_one(
        "update rule_table set state = $3, reason = $4, decided_by = $5, decided_at = clock(), version = version + 1"
        " where rule_table_id = $1 and version = $2",
        *(one.id, one.version, state, reason, tx.principal.subject),
    )


async def decided_by(tx: Tx, name: str) -> list[Decided]:
    """Return what the rule has decided in referrals of everybody, counted; nothing tells whose."""
    return [_decided(name, row) for row in await tx.fetch("select * from verdicts_of($1)", name)]


def _decided(name: str, row: Any) -> Decided:  # noqa: ANN401  a database row
    verdict = Verdict(
        table=name,
        version="",
        row=row["was_row"],
        outcome=Outcome(row["outcome"]),
        hjemmel="",
        says="",
        points_to=row["points_to"],
        inputs=orjson.loads(row["inputs"]),
        used=(),
        unknown=(),
    )
    return Decided(verdict, row["times"])
