"""People on call, the roles they have had, and the routes by which each is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import UniqueViolationError

from chassis.database import Tx
from services.alerting.domain.staff import AlreadyOnTheStaff, RouteExists

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on call, as a planner describes them; the first role is the one that counts first."""

    name: str
    roles: tuple[str, ...]
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A new way to reach somebody."""

    route_id: UUID
    channel: str
    address: str
    rank: int
    secret: str | None = None


async def add(
    tx: Tx, staff_id: UUID, place: tuple[str, str], person: Person, now: datetime, *, ad_hoc: bool = False
) -> None:
    """Save somebody of an authority's office, with their roles."""
    try:
        await tx.execute(
            "insert into staff (staff_id, authority, office, role, name, subject, ad_hoc, added_by, added_at, version)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
            *(staff_id, *place, person.roles[0], person.name, person.subject, ad_hoc, tx.principal.subject, now),
        )
    except UniqueViolationError as error:
        raise AlreadyOnTheStaff from error
    await _take_on(tx, staff_id, person.roles, now)


async def change(tx: Tx, staff_id: UUID, person: Person, now: datetime) -> int:
    """Change a locked person and return the version; a role that is left out has ended. An ad hoc one is taken on."""
    try:
        version: int = await tx.fetchval(
            "update staff set name = $2, role = $3, subject = $4, ad_hoc = false, version = version + 1"
            " where staff_id = $1 returning version",
            *(staff_id, person.name, person.roles[0], person.subject),
        )
    except UniqueViolationError as error:
        raise AlreadyOnTheStaff from error
    await _let_go(tx, staff_id, person.roles, now)
    await _take_on(tx, staff_id, person.roles, now)
    return version


async def end(tx: Tx, staff_id: UUID, now: datetime) -> int:
    """End a locked person with all their roles, and return the version."""
    await _let_go(tx, staff_id, (), now)
    version: int = await tx.fetchval(
        "update staff set ended_at = $2, version = version + 1 where staff_id = $1 returning version", staff_id, now
    )
    return version


async def _take_on(tx: Tx, staff_id: UUID, roles: Sequence[str], now: datetime) -> None:
    await tx.execute(
        "insert into staff_role (staff_id, role, since) select $1, role, $3 from unnest($2::text[]) role"
        " on conflict (staff_id, role) where until is null do nothing",
        *(staff_id, roles, now),
    )


async def _let_go(tx: Tx, staff_id: UUID, but: Sequence[str], now: datetime) -> None:
    await tx.execute(
        "update staff_role set until = $3 where staff_id = $1 and until is null and role <> all($2::text[])",
        *(staff_id, but, now),
    )


async def lock(tx: Tx, staff_id: UUID) -> "Record | None":
    """Return somebody, their row locked; None when there is nobody whom the caller may see."""
    return await tx.fetchrow("select * from staff where staff_id = $1 for update", staff_id)


async def of_office(tx: Tx, subject: str | None) -> "list[Record]":
    """Return the people whom the caller may see and who have not ended; of a subject alone, where one is given."""
    return await tx.fetch(
        "select s.*, array(select role from staff_role r where r.staff_id = s.staff_id and until is null"
        "  order by role <> s.role, role) as roles"
        " from staff s where ended_at is null and ($1::text is null or subject = $1)"
        " order by authority, office, role, name, staff_id",
        subject,
    )


async def roles_over_time(tx: Tx, staff_id: UUID) -> "list[Record]":
    """Return what somebody has been on duty as, and when."""
    return await tx.fetch(
        "select role, since, until from staff_role where staff_id = $1 order by since, role", staff_id
    )


async def with_role(tx: Tx, authority: str, office: str, role: str) -> list[UUID]:
    """Return who of an office's staff has a role now."""
    rows = await tx.fetch(
        "select staff_id from staff s where authority = $1 and office = $2 and ended_at is null and not ad_hoc"
        " and (role = $3 or exists (select from staff_role r where r.staff_id = s.staff_id and r.role = $3"
        "  and until is null))",
        *(authority, office, role),
    )
    return [row["staff_id"] for row in rows]


async def own(tx: Tx, subject: str, authority: str, office: str) -> "Record | None":
    """Return somebody by the account they sign in with; None where the office has nobody of that account."""
    return await tx.fetchrow(
        "select * from staff where subject = $1 and authority = $2 and office = $3 and ended_at is null",
        *(subject, authority, office),
    )


async def names(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what people are called, also those who have ended."""
    rows = await tx.fetch("select staff_id, name from staff where staff_id = any($1)", ids)
    return {row["staff_id"]: row["name"] for row in rows}


# -- routes ------------------------------------------------------------------------------------------------------------


async def add_route(tx: Tx, staff_id: UUID, route: Route) -> None:
    """Save a route that nobody has answered by yet."""
    try:
        await tx.execute(
            "insert into contact_route (route_id, staff_id, channel, address, secret, rank, state, version)"
            " values ($1, $2, $3, $4, $5, $6, 'unverified', 1)",
            *(route.route_id, staff_id, route.channel, route.address, route.secret, route.rank),
        )
    except UniqueViolationError as error:
        raise RouteExists from error


async def count_routes(tx: Tx, staff_id: UUID) -> int:
    """Return by how many routes somebody is reached."""
    found: int = await tx.fetchval(
        "select count(*) from contact_route where staff_id = $1 and removed_at is null", staff_id
    )
    return found


async def routes(tx: Tx, staff: Sequence[UUID]) -> "list[Record]":
    """Return the routes of people, in the order in which they are used."""
    return await tx.fetch(
        "select * from contact_route where staff_id = any($1) and removed_at is null order by rank, channel, route_id",
        staff,
    )


async def lock_route(tx: Tx, route_id: UUID) -> "Record | None":
    """Return a route that has not been removed, its row locked; None when the caller sees none."""
    return await tx.fetchrow(
        "select * from contact_route where route_id = $1 and removed_at is null for update", route_id
    )


async def rank_route(tx: Tx, route_id: UUID, rank: int) -> int:
    """Let a locked route be used earlier or later, and return its version."""
    version: int = await tx.fetchval(
        "update contact_route set rank = $2, version = version + 1 where route_id = $1 returning version",
        *(route_id, rank),
    )
    return version


async def remove_route(tx: Tx, route_id: UUID, now: datetime) -> int:
    """Remove a locked route and forget its secret, and return its version."""
    version: int = await tx.fetchval(
        "update contact_route set removed_at = $2, secret = null, version = version + 1 where route_id = $1"
        " returning version",
        *(route_id, now),
    )
    return version


async def renew_secret(tx: Tx, route_id: UUID, secret: str) -> int:
    """Sign with another secret from now on, and return the route's version."""
    version: int = await tx.fetchval(
        "update contact_route set secret = $2, version = version + 1 where route_id = $1 returning version",
        *(route_id, secret),
    )
    return version
