"""Reports that are published: the figures as they stood, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.referrals.domain.reporting import Period


async def add(tx: Tx, report_id: UUID, programme: str, period: Period, figures: object) -> bool:
    """Save the figures of a period; False where they stand already."""
    status = await tx.execute(
        "insert into report (report_id, programme, first_day, last_day, figures, published_by)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (programme, first_day, last_day) do nothing",
        *(report_id, programme, period.first, period.last, orjson.dumps(figures).decode(), tx.principal.subject),
    )
    return status == "INSERT 0 1"


_LISTED = """
select report_id, programme, first_day, last_day, authority, published_at from report
order by last_day desc, first_day, programme limit $1
"""


async def listed(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Return what is published, the latest period first."""
    return [dict(row) for row in await tx.fetch(_LISTED, limit)]


async def found(tx: Tx, report_id: UUID) -> tuple[datetime, dict[str, Any]] | None:
    """Return when a report was published, and its figures."""
    row = await tx.fetchrow("select published_at, figures from report where report_id = $1", report_id)
    return (row["published_at"], orjson.loads(row["figures"])) if row else None
