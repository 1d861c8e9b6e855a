"""The versions of the code list."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.concerns.domain.codes import CodeEntry, CodeList, Draft, Role


async def add(tx: Tx, code_list_id: UUID, proposed: CodeList, valid_from: date, reason: str, matched: int) -> None:
    """Save a proposed version; nobody has approved it yet."""
    entries = {
        code: {"label": entry.label, "roles": sorted(entry.roles), "solo": entry.solo, "window": entry.window}
        for code, entry in proposed.entries.items()
    }
    await tx.execute(
        "insert into code_list (number, code_list_id, valid_from, reason, entries, matched_last_quarter, version)"
        " values ($1, $2, $3, $4, $5, $6, 0)",
        *(proposed.version, code_list_id, valid_from, reason, orjson.dumps(entries).decode(), matched),
    )


async def exists(tx: Tx, number: int) -> bool:
    """Say whether a version with this number was proposed."""
    return bool(await tx.fetchval("select exists (select from code_list where number = $1)", number))


async def locked(tx: Tx, number: int) -> tuple[UUID, Draft, CodeList, datetime] | None:
    """Lock a version and return it with the time."""
    row = await tx.fetchrow("select *, clock() as now from code_list where number = $1 for update", number)
    if row is None:
        return None
    draft = Draft(row["number"], row["valid_from"], tuple(row["approvers"]), row["released_at"] is not None)
    return row["code_list_id"], draft, _code_list(row), row["now"]


async def save(tx: Tx, draft: Draft, now: datetime) -> None:
    """Save who has approved a version."""
    await tx.change_one(
        "update code_list set approvers = $2, released_at = $3, version = version + $4 where number = $1",
        *(draft.version, list(draft.approvers), now if draft.released else None, int(draft.released)),
    )


async def in_force(tx: Tx, day: date) -> CodeList | None:
    """Return the newest released version that is valid on a day."""
    row = await tx.fetchrow(
        "select number, entries from code_list where released_at is not null and valid_from <= $1"
        " order by number desc limit 1",
        day,
    )
    return _code_list(row) if row else None


async def numbered(tx: Tx, number: int) -> CodeList:
    """Return one version."""
    return _code_list(await tx.fetchrow("select number, entries from code_list where number = $1", number))


async def matched_since(tx: Tx, codes: list[str], now: datetime) -> int:
    """Count what the list would have matched in the last quarter: kept registrations and counts of dropped ones."""
    since = (now - timedelta(days=91)).date()
    count: int = await tx.fetchval(
        "select (select count(*) from registration where code = any($1) and occurred_on >= $2)"
        " + (select coalesce(sum(count), 0) from dropped_count where code = any($1) and monday >= $2)",
        *(codes, since),
    )
    return int(count)


async def listed(tx: Tx) -> list[dict[str, Any]]:
    """Return all versions, newest first."""
    rows = await tx.fetch(
        "select number, valid_from, reason, matched_last_quarter, cardinality(approvers) as approvals, released_at"
        " from code_list order by number desc"
    )
    return [dict(row) for row in rows]


def _code_list(row: Any) -> CodeList:  # noqa: ANN401  a database row
    entries = {
        code: CodeEntry(each["label"], frozenset(map(Role, each["roles"])), each["solo"], each["window"])
        for code, each in orjson.loads(row["entries"]).items()
    }
    return CodeList(row["number"], entries)
