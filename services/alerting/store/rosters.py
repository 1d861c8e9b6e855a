"""Rosters with their rotations and overrides, as the domain reckons with them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.alerting.domain.rosters import Override, Roster, Rotation

if TYPE_CHECKING:
    from asyncpg import Record


async def of_office(tx: Tx, authority: str, office: str, role: str, at: datetime) -> list[Roster]:
    """Return the rosters of an office and role with what can matter at a moment."""
    rows = await tx.fetch(
        "select * from roster where authority = $1 and office = $2 and role = $3"
        " and (ended_on is null or ended_on > ($4 at time zone 'Europe/Copenhagen')::date) order by line, roster_id",
        *(authority, office, role, at),
    )
    ids = [row["roster_id"] for row in rows]
    rotations, overrides = await _rotations(tx, ids), await _overrides(tx, ids, at, at)
    return [_roster(row, rotations, overrides) for row in rows]


def _roster(row: "Record", rotations: dict[UUID, list[Rotation]], overrides: dict[UUID, list[Override]]) -> Roster:
    own = row["roster_id"]
    return Roster(
        roster_id=own,
        hours=row["hours"],
        line=row["line"],
        in_service=row["in_service"],
        rotations=tuple(rotations[own]),
        overrides=tuple(overrides[own]),
    )


async def _rotations(tx: Tx, rosters: Sequence[UUID]) -> dict[UUID, list[Rotation]]:
    rows = await tx.fetch("select * from rotation where roster_id = any($1) order by starts_on", rosters)
    found: dict[UUID, list[Rotation]] = defaultdict(list)
    for row in rows:
        found[row["roster_id"]].append(Rotation(row["starts_on"], row["kind"], row["turn_at"], tuple(row["members"])))
    return found


async def _overrides(tx: Tx, rosters: Sequence[UUID], start: datetime, end: datetime) -> dict[UUID, list[Override]]:
    rows = await tx.fetch(
        "select * from roster_override where roster_id = any($1) and withdrawn_at is null"
        " and starts_at <= $3 and ends_at > $2 order by made_at, override_id",
        *(rosters, start, end),
    )
    found: dict[UUID, list[Override]] = defaultdict(list)
    for row in rows:
        found[row["roster_id"]].append(Override(row["starts_at"], row["ends_at"], row["staff_id"]))
    return found


async def in_service(tx: Tx, authority: str, office: str, role: str, at: datetime) -> bool:
    """Say whether an office has a roster for a role that was in service at a moment."""
    found: bool = await tx.fetchval(
        "select exists (select from roster where authority = $1 and office = $2 and role = $3"
        " and in_service <= ($4 at time zone 'Europe/Copenhagen')::date)",
        *(authority, office, role, at),
    )
    return found
