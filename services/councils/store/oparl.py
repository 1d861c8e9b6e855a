"""What everyone may read of the councils, as OParl lists it: keys with their times first, then what a page shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx

_SEATS = (
    "select member_id, kredsraad_id as body_id, authority, office as function, holder, valid_from, valid_to,"
    " created_at, changed_at from office_term"
    " union all select member_id, body_id, authority, function, holder, valid_from, valid_to, created_at, changed_at"
    " from council_member where public_office order by valid_from, authority, member_id"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a list: its key, and when it came and last changed."""

    key: str
    created: datetime
    modified: datetime


async def meetings(tx: Tx, body_id: UUID | None = None) -> list[Entry]:
    """Return the meetings of a council, or all, in order; published minutes change a meeting too."""
    rows = await tx.fetch(
        "select m.meeting_id::text, m.created_at, greatest(m.changed_at, e.published_at) from meeting m"
        " left join minutes_edition e using (meeting_id)"
        " where $1::uuid is null or m.body_id = $1 order by m.starts_at, m.meeting_id",
        body_id,
    )
    return [Entry(*row) for row in rows]


async def papers(tx: Tx) -> list[Entry]:
    """Return every published edition of a plan, by year; none ever changes."""
    rows = await tx.fetch(
        "select 'plan-' || year || '-' || edition as key, published_at, published_at from samarbejdsplan_edition"
        " union all select 'lokalplan-' || kommunekode || '-' || year || '-' || edition, published_at, published_at"
        " from local_plan_edition order by 2, 1"
    )
    return [Entry(*row) for row in rows]


async def minutes(tx: Tx) -> list[Entry]:
    """Return the meetings whose minutes are published, by when they were."""
    rows = await tx.fetch(
        "select meeting_id::text, published_at, published_at from minutes_edition order by published_at, meeting_id"
    )
    return [Entry(*row) for row in rows]


async def points(tx: Tx, meeting_id: UUID | None = None) -> list[Entry]:
    """Return the points of published minutes, by `meeting.point`; confidential ones stand in none of them."""
    rows = await tx.fetch(
        "select meeting_id || '.' || (item ->> 'item_id') as key, published_at, published_at from minutes_edition,"
        " jsonb_array_elements(document -> 'items') with ordinality points (item, place)"
        " where $1::uuid is null or meeting_id = $1 order by published_at, meeting_id, place",
        meeting_id,
    )
    return [Entry(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Treated:
    """That a point of published minutes dealt with a plan that is published."""

    meeting_id: UUID
    item_id: UUID
    body_id: UUID
    paper: str
    decided: bool
    at: datetime

    @property
    def key(self) -> str:
        """Return the key of the point, which is dealt with once."""
        return f"{self.meeting_id}.{self.item_id}"


async def treated(tx: Tx) -> list[Treated]:
    """Return which published points dealt with which published plans, in order."""
    return [Treated(*row) for row in await tx.fetch("select * from public_consultations() order by at, item_id")]


async def meetings_by(tx: Tx, keys: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return meetings with their council and, where they are public, their minutes."""
    rows = await tx.fetch(
        "select m.meeting_id, m.body_id, m.starts_at, m.ends_at, m.place, m.state, m.ordinary, m.number, m.created_at,"
        " greatest(m.changed_at, e.published_at) as changed_at, e.published_at, e.document from meeting m"
        " left join minutes_edition e using (meeting_id) where m.meeting_id = any($1)",
        list(keys),
    )
    return {row["meeting_id"]: dict(row) | {"document": _read(row["document"])} for row in rows}


async def seats(tx: Tx) -> list[dict[str, Any]]:
    """Return who sits or sat on a council by public office, the earliest first; no deputy and nobody else."""
    return [dict(row) for row in await tx.fetch(_SEATS)]


def _read(value: Any) -> Any:  # noqa: ANN401  jsonb comes as text or as what it says
    return json.loads(value) if isinstance(value, str) else value
