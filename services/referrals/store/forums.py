"""The groups that meet: how often, when last, and who stands in for the convener."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.referrals.domain.groups import Group, convener_of, group, parted, seat_name, seats_of


@dataclass(frozen=True, slots=True)
class Forum:
    """One group with what its commands need of it."""

    id: UUID
    programme: str
    kommune: str
    convener: str
    interval_days: int | None
    founded_at: datetime
    last_held_at: datetime | None
    overdue_since: datetime | None
    version: int
    now: datetime

    @property
    def of(self) -> Group:
        """Return which kind of group it is."""
        return group(self.programme)

    @property
    def since(self) -> datetime:
        """Return from when the next meeting is counted."""
        return self.last_held_at or self.founded_at


async def found(tx: Tx, of: Group, kommune: str) -> bool:
    """Found a group, as its convener or the service itself; False where it is there already."""
    authority, office = parted(convener_of(of, kommune))
    status = await tx.execute(
        "insert into forum (forum_id, programme, kommune, authority, office, seats, interval_days)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        *(new_id(), of.programme, kommune, authority, office, list(seats_of(of, kommune)), of.interval_days),
    )
    return status == "INSERT 0 1"


_LOAD = "select *, clock() as now from forum where"


async def locked(tx: Tx, programme: str, kommune: str) -> Forum | None:
    """Lock the group of a programme and municipality."""
    return _forum(await tx.fetchrow(f"{_LOAD} programme = $1 and kommune = $2 for update", programme, kommune))


async def locked_by_id(tx: Tx, forum_id: UUID) -> Forum | None:
    """Lock a group."""
    return _forum(await tx.fetchrow(f"{_LOAD} forum_id = $1 for update", forum_id))


def _forum(row: Any) -> Forum | None:  # noqa: ANN401  a database row
    if row is None:
        return None
    names = ("interval_days", "founded_at", "last_held_at", "overdue_since", "version", "now")
    convener = seat_name(row["authority"], row["office"])
    return Forum(row["forum_id"], row["programme"], row["kommune"], convener, *(row[name] for name in names))


async def set_frequency(tx: Tx, forum: Forum, days: int | None, reason: str, decided_on: date) -> None:
    """Save how often a group meets at the least, and who said so and why."""
    await tx.change_one(
        "update forum set interval_days = $3, overdue_since = null, version = version + 1"
        " where forum_id = $1 and version = $2",
        *(forum.id, forum.version, days),
    )
    await tx.execute(
        "insert into forum_frequency (forum_id, interval_days, reason, decided_on, set_by) values ($1, $2, $3, $4, $5)",
        *(forum.id, days, reason, decided_on, tx.principal.subject),
    )


async def name_holder(tx: Tx, forum: Forum, subject: str) -> None:
    """Save who has the convener's role; nobody: it is vacant."""
    await tx.change_one(
        "update forum set holder = nullif($3, ''), version = version + 1 where forum_id = $1 and version = $2",
        *(forum.id, forum.version, subject),
    )


async def held(tx: Tx, forum_id: UUID) -> None:
    """Save that a group has met."""
    await tx.change_one("update forum set last_held_at = clock(), overdue_since = null where forum_id = $1", forum_id)


async def overdue(tx: Tx, forum: Forum, since: datetime) -> None:
    """Save that a group should have met."""
    await tx.change_one(
        "update forum set overdue_since = $3, version = version + 1 where forum_id = $1 and version = $2",
        *(forum.id, forum.version, since),
    )


async def listed(tx: Tx) -> list[dict[str, Any]]:
    """Return the groups of the asking office, with when each met last and how often it must."""
    rows = await tx.fetch(
        "select forum_id, programme, kommune, authority || '.' || office as convener, interval_days, founded_at,"
        " last_held_at, overdue_since, holder, holder is null as vacant, version"
        " from forum order by overdue_since nulls last, programme, kommune"
    )
    return [dict(row) for row in rows]


async def frequencies(tx: Tx, forum_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what was decided last about each group's frequency."""
    rows = await tx.fetch(
        "select distinct on (forum_id) forum_id, interval_days, reason, decided_on from forum_frequency"
        " where forum_id = any($1) order by forum_id, set_at desc",
        forum_ids,
    )
    return {row["forum_id"]: {"reason": row["reason"], "decided_on": row["decided_on"]} for row in rows}


async def name_deputy(tx: Tx, programme: str, kommune: str, subject: str, until: datetime) -> UUID:
    """Save who of the asking office convenes until a time."""
    deputy_id = new_id()
    await tx.execute(
        "insert into deputy (deputy_id, programme, kommune, subject, until, named_by) values ($1, $2, $3, $4, $5, $6)",
        *(deputy_id, programme, kommune, subject, until, tx.principal.subject),
    )
    return deputy_id


async def is_deputy(tx: Tx, programme: str, kommune: str, subject: str) -> bool:
    """Say whether somebody of the asking office stands in for the convener now."""
    return bool(
        await tx.fetchval(
            "select exists (select from deputy where programme = $1 and kommune = $2 and subject = $3"
            " and until > clock())",
            *(programme, kommune, subject),
        )
    )
