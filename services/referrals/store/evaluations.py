"""Exports for the evaluation: the cells as they left."""

from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.referrals.domain.reporting import Period


async def add(tx: Tx, evaluation_id: UUID, programme: str, period: Period, cells: object) -> None:
    """Save the cells of an export as the asking authority's."""
    await tx.execute(
        "insert into evaluation (evaluation_id, programme, first_day, last_day, cells, exported_by)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(evaluation_id, programme, period.first, period.last, orjson.dumps(cells).decode(), tx.principal.subject),
    )


async def found(tx: Tx, evaluation_id: UUID) -> dict[str, Any] | None:
    """Return an export of the asking authority."""
    row = await tx.fetchrow(
        "select evaluation_id, programme, first_day, last_day, cells, exported_at from evaluation"
        " where evaluation_id = $1",
        evaluation_id,
    )
    return dict(row) | {"cells": orjson.loads(row["cells"])} if row else None
