"""Call lists as they were signed, and what they are made of."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.alerting.domain.call_lists import CHANNELS, DAYS, Duty, ListedRoute, Person, SignedList, turns
from services.alerting.store import alerts, rosters
from services.alerting.store.alerts import Place

if TYPE_CHECKING:
    from asyncpg import Record

KEPT_DAYS = 90
"""A ledger that was written with an older list is merged no more."""


async def newest(tx: Tx) -> "Record | None":
    """Return the newest list that the caller may see."""
    return await tx.fetchrow("select * from call_list order by number desc limit 1")


async def numbered(tx: Tx, number: int) -> "Record | None":
    """Return a list by its number."""
    return await tx.fetchrow("select * from call_list where number = $1", number)


async def add(tx: Tx, number: int, made_at: datetime, signed: SignedList) -> None:
    """Save a signed list, and let go of those that are too old to be of use."""
    await tx.execute(
        "insert into call_list (number, made_at, content, sha256, key_id, signature) values ($1, $2, $3, $4, $5, $6)",
        *(number, made_at, signed.content, signed.sha256, signed.key_id, signed.signature),
    )
    before = made_at - timedelta(days=KEPT_DAYS)
    await tx.execute("delete from call_list where made_at < $1 and number < $2", before, number)


def as_signed(row: "Record") -> SignedList:
    """Return a list as it lies in a file."""
    return SignedList(**{name: row[name] for name in SignedList.model_fields})


_PLACES = """
select authority, office, role from staff where ended_at is null and not ad_hoc
union select authority, office, r.role from staff join staff_role r using (staff_id)
    where ended_at is null and not ad_hoc and r.until is null
union select authority, office, role from roster where ended_on is null
order by authority, office, role
"""


async def duties(tx: Tx, start: datetime) -> list[Duty]:
    """Return who has which duty from a moment on, for every office's role."""
    return [await _duty(tx, Place(**row), start) for row in await tx.fetch(_PLACES)]


async def _duty(tx: Tx, place: Place, start: datetime) -> Duty:
    found = await rosters.between(tx, place.authority, place.office, place.role, (start, start + timedelta(days=DAYS)))
    return Duty(
        authority=place.authority,
        office=place.office,
        role=place.role,
        turns=tuple(turns(found, start)),
        everyone=tuple(await alerts.everyone(tx, place)),
    )


async def people(tx: Tx) -> list[Person]:
    """Return everybody who can be called, with the first living route of each channel."""
    rows = await tx.fetch(
        "select distinct on (staff_id, channel) * from contact_route where channel = any($1) and state <> 'dead'"
        " and removed_at is null order by staff_id, channel, rank, route_id",
        CHANNELS,
    )
    routes: dict[UUID, list[ListedRoute]] = defaultdict(list)
    for row in rows:
        route = ListedRoute(route_id=row["route_id"], channel=row["channel"], address=row["address"])
        routes[row["staff_id"]].append(route)
    staff = await tx.fetch("select staff_id, name from staff where ended_at is null order by staff_id")
    return [Person(staff_id=row["staff_id"], name=row["name"], routes=tuple(routes[row["staff_id"]])) for row in staff]
