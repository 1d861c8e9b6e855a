"""Rosters with their rotations and overrides, as the domain reckons with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
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


async def between(tx: Tx, authority: str, office: str, role: str, time: tuple[datetime, datetime]) -> list[Roster]:
    """Return the rosters of an office and role with all that decides who has the duty between two moments."""
    rows = await tx.fetch(
        "select * from roster where authority = $1 and office = $2 and role = $3"
        " and (ended_on is null or ended_on > ($4 at time zone 'Europe/Copenhagen')::date) order by line, roster_id",
        *(authority, office, role, time[0]),
    )
    return await laid_out(tx, rows, *time)


def _roster(
    row: "Record",
    rotations: dict[UUID, list[Rotation]],
    overrides: dict[UUID, list[Override]],
    ended: Mapping[UUID, datetime] = MappingProxyType({}),
) -> Roster:
    own = row["roster_id"]
    return Roster(
        roster_id=own,
        hours=row["hours"],
        line=row["line"],
        in_service=row["in_service"],
        rotations=tuple(rotations[own]),
        overrides=tuple(overrides[own]),
        ended_on=row["ended_on"],
        ended=ended,
    )


async def laid_out(tx: Tx, rows: "Sequence[Record]", start: datetime, end: datetime) -> list[Roster]:
    """Return rosters with all that decides who has the duty between two moments, people who have ended among it."""
    ids = [row["roster_id"] for row in rows]
    rotations, overrides = await _rotations(tx, ids), await _overrides(tx, ids, start, end)
    named = {who for turns in rotations.values() for one in turns for who in one.members}
    named |= {one.staff_id for found in overrides.values() for one in found if one.staff_id}
    ended = await tx.fetch(
        "select staff_id, ended_at from staff where staff_id = any($1) and ended_at is not null", list(named)
    )
    gone = {row["staff_id"]: row["ended_at"] for row in ended}
    return [_roster(row, rotations, overrides, gone) for row in rows]


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
        found[row["roster_id"]].append(_override(row))
    return found


def _override(row: "Record") -> Override:
    span = row["starts_at"], row["ends_at"]
    return Override(*span, row["staff_id"], row["override_id"], row["swap_id"], row["reason"])


async def in_service(tx: Tx, authority: str, office: str, role: str, at: datetime) -> bool:
    """Say whether an office has a roster for a role that was in service at a moment."""
    found: bool = await tx.fetchval(
        "select exists (select from roster where authority = $1 and office = $2 and role = $3"
        " and in_service <= ($4 at time zone 'Europe/Copenhagen')::date)",
        *(authority, office, role, at),
    )
    return found


# -- keeping them ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """A roster that is being made."""

    roster_id: UUID
    authority: str
    office: str
    role: str
    name: str
    hours: str
    line: int
    in_service: date
    feed_key_sha256: str


async def add(tx: Tx, draft: Draft, now: datetime) -> None:
    """Save a roster; nobody has the duty before its first rotation."""
    await tx.execute(
        "insert into roster (roster_id, authority, office, role, name, hours, line, in_service, feed_key_sha256,"
        " changed_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        *(draft.roster_id, draft.authority, draft.office, draft.role, draft.name, draft.hours, draft.line),
        *(draft.in_service, draft.feed_key_sha256, now),
    )


async def hours_taken(tx: Tx, draft: Draft) -> list[str]:
    """Return the hours that an office's rosters cover on a line, while no other can be made there."""
    await tx.execute(
        "select pg_advisory_xact_lock(hashtextextended('roster ' || $1 || ' ' || $2, 0))", draft.authority, draft.office
    )
    rows = await tx.fetch(
        "select hours from roster where authority = $1 and office = $2 and role = $3 and line = $4"
        " and (ended_on is null or ended_on > $5)",
        *(draft.authority, draft.office, draft.role, draft.line, draft.in_service),
    )
    return [row["hours"] for row in rows]


async def lock(tx: Tx, roster_id: UUID) -> "Record | None":
    """Return a roster, its row locked; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from roster where roster_id = $1 for update", roster_id)


async def find(tx: Tx, roster_id: UUID) -> "Record | None":
    """Return a roster; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from roster where roster_id = $1", roster_id)


async def seen(tx: Tx, at: datetime) -> "list[Record]":
    """Return the rosters that the caller may see and that have not ended."""
    return await tx.fetch(
        "select * from roster where ended_on is null or ended_on > ($1 at time zone 'Europe/Copenhagen')::date"
        " order by authority, office, role, line, hours, roster_id",
        at,
    )


async def siblings(tx: Tx, row: "Record", at: datetime) -> "list[Record]":
    """Return all rosters of the same office and role as one, itself among them."""
    return [
        one for one in await seen(tx, at) if all(one[name] == row[name] for name in ("authority", "office", "role"))
    ]


async def with_member(tx: Tx, staff_id: UUID, today: date) -> list[UUID]:
    """Return the rosters in which somebody has a turn or takes over, now or later."""
    rows = await tx.fetch(
        "select roster_id from roster r where (ended_on is null or ended_on > $2) and (exists (select from rotation t"
        "  where t.roster_id = r.roster_id and $1 = any(members)) or exists (select from roster_override o"
        "  where o.roster_id = r.roster_id and staff_id = $1 and withdrawn_at is null)) order by roster_id",
        *(staff_id, today),
    )
    return [row["roster_id"] for row in rows]


async def bump(tx: Tx, roster_id: UUID, now: datetime) -> "Record | None":
    """Count a roster's version up under its lock and return its row; None when the caller sees none."""
    return await tx.fetchrow(
        "update roster set version = version + 1, changed_at = $2 where roster_id = $1 returning *", roster_id, now
    )


async def rename(tx: Tx, roster_id: UUID, name: str) -> None:
    """Call a locked roster something else."""
    await tx.change_one("update roster set name = $2 where roster_id = $1", roster_id, name)


async def end(tx: Tx, roster_id: UUID, day: date) -> None:
    """Let a locked roster have no duty from a day on."""
    await tx.change_one("update roster set ended_on = $2 where roster_id = $1", roster_id, day)


async def renew_feed(tx: Tx, roster_id: UUID, key_sha256: str) -> None:
    """Let a locked roster's calendar be read by another key from now on."""
    await tx.change_one("update roster set feed_key_sha256 = $2 where roster_id = $1", roster_id, key_sha256)


async def save_first_gap(tx: Tx, roster_id: UUID, at: datetime | None) -> None:
    """Remember when a roster's next hole comes; None where none was found."""
    await tx.execute(
        "insert into roster_gap (roster_id, first_gap_at) values ($1, $2)"
        " on conflict (roster_id) do update set first_gap_at = excluded.first_gap_at",
        *(roster_id, at),
    )


async def with_gaps(tx: Tx) -> "list[Record]":
    """Return how many rosters of each authority have a hole ahead."""
    return await tx.fetch(
        "select authority, count(first_gap_at) from roster left join roster_gap using (roster_id)"
        " where ended_on is null group by authority"
    )


async def add_rotation(tx: Tx, roster_id: UUID, rotation: Rotation, now: datetime) -> None:
    """Save a rotation of a locked roster; one that was to begin on the same day, and has not, is replaced."""
    await tx.execute(
        "insert into rotation (roster_id, starts_on, kind, turn_at, members, made_by, made_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (roster_id, starts_on) do update set kind = excluded.kind,"
        " turn_at = excluded.turn_at, members = excluded.members, made_by = excluded.made_by,"
        " made_at = excluded.made_at",
        *(roster_id, rotation.starts_on, rotation.kind, rotation.turn_at, list(rotation.members)),
        *(tx.principal.subject, now),
    )


async def add_override(tx: Tx, roster_id: UUID, override: Override, now: datetime) -> None:
    """Save that somebody else, or nobody, has the duty of a locked roster for a while."""
    await tx.execute(
        "insert into roster_override (override_id, roster_id, starts_at, ends_at, staff_id, swap_id, reason, made_by,"
        " made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(override.override_id, roster_id, override.starts_at, override.ends_at, override.staff_id, override.swap_id),
        *(override.reason, tx.principal.subject, now),
    )


async def lock_override(tx: Tx, override_id: UUID) -> "Record | None":
    """Return an override that has not been withdrawn, its row locked; None when the caller sees none."""
    return await tx.fetchrow(
        "select * from roster_override where override_id = $1 and withdrawn_at is null for update", override_id
    )


async def withdraw_override(tx: Tx, override_id: UUID, now: datetime) -> None:
    """Take back what of a locked override has not been: one that has begun ends now."""
    await tx.change_one(
        "update roster_override set withdrawn_at = case when starts_at >= $2 then $2 end,"
        " ends_at = case when starts_at >= $2 then ends_at else $2 end where override_id = $1",
        *(override_id, now),
    )
