"""The SQL of indicators: counts per municipality and quarter, the files they came in, and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.indicators import Quarter, Signal
from services.councils.domain.tables import Figure


async def lock(tx: Tx, code: str) -> UUID:
    """Lock an indicator's row, which is there from the first figure on; return its id."""
    await tx.execute(
        "insert into indicator (indicator_id, code) values ($1, $2) on conflict do nothing", new_id(), code
    )
    found: UUID = await tx.fetchval("select indicator_id from indicator where code = $1 for update", code)
    return found


async def changed(tx: Tx, code: str, figures: Sequence[Figure]) -> list[Figure]:
    """Return those figures that are new or other than what is there."""
    rows = await tx.fetch("select kommunekode, year, quarter, count from indicator_figure where code = $1", code)
    there = {(row["kommunekode"], row["year"], row["quarter"]): row["count"] for row in rows}
    return [one for one in figures if there.get((one.kommunekode, one.year, one.quarter)) != one.count]


async def put(tx: Tx, code: str, figures: Sequence[Figure], source: str, sha256: str) -> UUID:
    """Save figures, and the file that they came in."""
    import_id = new_id()
    await tx.execute(
        "insert into figure_import (figure_import_id, code, source, sha256, figures, imported_by)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(import_id, code, source, sha256, len(figures), tx.principal.subject),
    )
    await tx.executemany(
        "insert into indicator_figure (code, kommunekode, year, quarter, count, figure_import_id)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (code, kommunekode, year, quarter)"
        " do update set count = excluded.count, figure_import_id = excluded.figure_import_id",
        [(code, one.kommunekode, one.year, one.quarter, one.count, import_id) for one in figures],
    )
    return import_id


async def told(tx: Tx, indicator_id: UUID) -> int:
    """Count one more event of a locked indicator; return its number."""
    version: int = await tx.fetchval(
        "update indicator set version = version + 1 where indicator_id = $1 returning version", indicator_id
    )
    return version


async def series(tx: Tx, code: str, municipalities: Sequence[str]) -> dict[str, dict[Quarter, int]]:
    """Return the series of each of these municipalities that has figures."""
    rows = await tx.fetch(
        "select kommunekode, year, quarter, count from indicator_figure where code = $1 and kommunekode = any($2)"
        " order by kommunekode, year, quarter",
        *(code, list(municipalities)),
    )
    found: dict[str, dict[Quarter, int]] = {}
    for row in rows:
        found.setdefault(row["kommunekode"], {})[row["year"], row["quarter"]] = row["count"]
    return found


async def elsewhere(tx: Tx, code: str, municipalities: Sequence[str]) -> list[dict[str, Any]]:
    """Return the sums of other districts' figures by quarter, to compare with; none were entered: none."""
    rows = await tx.fetch(
        "select year, quarter, sum(count)::int as count, count(*)::int as municipalities from indicator_figure"
        " where code = $1 and not kommunekode = any($2) group by year, quarter order by year, quarter",
        *(code, list(municipalities)),
    )
    return [dict(row) for row in rows]


# --- signals --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trend:
    """A signal as its commands need it."""

    id: UUID
    body_id: UUID
    code: str
    kommunekode: str
    year: int
    quarter: int
    rule: str
    acts: bool | None
    overdue: bool
    version: int


async def add_trend(tx: Tx, body_id: UUID, code: str, kommunekode: str, found: Signal) -> Trend | None:
    """Save a signal; None where this quarter has one."""
    row = await tx.fetchrow(
        "insert into trend (trend_id, body_id, code, kommunekode, year, quarter, rule, count, compared)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning *",
        *(new_id(), body_id, code, kommunekode, found.year, found.quarter, found.rule, found.count, found.compared),
    )
    return _trend(row)


async def locked_trend(tx: Tx, trend_id: UUID) -> Trend | None:
    """Return a signal, locked, for the secretariat that keeps its council's papers."""
    return _trend(await tx.fetchrow("select * from trend where trend_id = $1 for update", trend_id))


async def trend(tx: Tx, trend_id: UUID) -> Trend | None:
    """Return a signal."""
    return _trend(await tx.fetchrow("select * from trend where trend_id = $1", trend_id))


async def unanswered(tx: Tx, body_id: UUID, meeting_id: UUID) -> list[UUID]:
    """Return the signals that were there when a meeting's agenda went out, and that have no answer."""
    rows = await tx.fetch(
        "select t.trend_id from trend t join matter m on m.body_id = t.body_id and m.kind = 'trend'"
        " and m.subject = t.trend_id where t.body_id = $1 and t.acts is null and t.overdue_at is null"
        " and (m.meeting_id is null or m.meeting_id = $2) and m.state <> 'withdrawn'"
        " and t.signalled_at <= coalesce((select agenda_sent_at from meeting where meeting_id = $2), clock())"
        " order by t.trend_id",
        *(body_id, meeting_id),
    )
    return [row["trend_id"] for row in rows]


async def answer_trend(tx: Tx, trend_id: UUID, reason: str, *, acts: bool) -> None:
    """Save a lokalraad's answer to a signal."""
    await tx.change_one(
        "update trend set acts = $2, reason = $3, answered_at = clock() where trend_id = $1 and acts is null",
        *(trend_id, acts, reason),
    )


async def overdue_trend(tx: Tx, trend_id: UUID) -> None:
    """Save that a signal should have been answered."""
    await tx.change_one("update trend set overdue_at = clock() where trend_id = $1 and overdue_at is null", trend_id)


async def told_trend(tx: Tx, trend_id: UUID) -> int:
    """Count one more event of a locked signal; return its number."""
    version: int = await tx.fetchval(
        "update trend set version = version + 1 where trend_id = $1 returning version", trend_id
    )
    return version


async def trends(tx: Tx) -> list[dict[str, Any]]:
    """Return the signals of the asker's councils, the newest first."""
    rows = await tx.fetch(
        "select trend_id, body_id, code, kommunekode, year, quarter, rule, count, compared, signalled_at, acts, reason,"
        " answered_at, overdue_at, acts is null and overdue_at is not null as overdue, version from trend"
        " order by signalled_at desc, trend_id"
    )
    return [dict(row) for row in rows]


def _trend(row: Any) -> Trend | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    names = ("body_id", "code", "kommunekode", "year", "quarter", "rule", "acts", "version")
    return Trend(row["trend_id"], **{name: row[name] for name in names}, overdue=row["overdue_at"] is not None)
