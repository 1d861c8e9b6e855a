"""The lists of the open data: what each holds, in which order, and how its objects are made."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from chassis.database import Tx
from contracts.refusal import NotFound
from services.councils.api.oparl_keys import PlanKey, term_years
from services.councils.api.oparl_objects import MINUTES_FORMS, Objects
from services.councils.domain import oparl
from services.councils.domain.bodies import Body as Council
from services.councils.domain.oparl import OParlObject
from services.councils.store import oparl as store
from services.councils.store.oparl import Entry, Treated


@dataclass(frozen=True, slots=True)
class World:
    """What the objects are made from, as far as it is small: the councils and who sits on them."""

    make: Objects
    tx: Tx
    today: date
    councils: dict[str, Council]
    seats: list[dict[str, Any]]
    treated: list[Treated]

    @property
    def points(self) -> set[str]:
        """Return the keys of the points that dealt with a paper."""
        return {one.key for one in self.treated}

    @property
    def people(self) -> dict[str, list[dict[str, Any]]]:
        """Return each one's times on councils, under the key of the first of them."""
        first: dict[tuple[str, str], str] = {}
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.seats:
            key = first.setdefault((row["holder"], row["authority"]), str(row["member_id"]))
            found.setdefault(key, []).append(row)
        return found


Entries = Callable[[World, str | None], Awaitable[list[Entry]]]
"""Returns the keys of a list, or at least the one that is asked for."""
Make = Callable[[World, Sequence[Entry]], Awaitable[list[OParlObject]]]


async def _organizations(world: World, _: str | None) -> list[Entry]:
    return [_entry(each, one) for each, one in _all_organizations(world).items()]


def _all_organizations(world: World) -> dict[str, oparl.Organization]:
    members: dict[str, list[str]] = {}
    for row in world.seats:
        members.setdefault(str(row["body_id"]), []).append(str(row["member_id"]))
    found = {key: world.make.council(one, members.get(key, [])) for key, one in world.councils.items()}
    parties = sorted({party for one in world.councils.values() for party in one.parties} | _authorities(world))
    return found | {code: world.make.authority(code) for code in parties}


def _authorities(world: World) -> set[str]:
    return {row["authority"] for row in world.seats if row["authority"]}


async def _make_organizations(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    known = _all_organizations(world)
    return [known[entry.key] for entry in entries]


async def _persons(world: World, _: str | None) -> list[Entry]:
    return [_entry(key, world.make.person(key, rows)) for key, rows in world.people.items()]


async def _make_persons(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    people = world.people
    return [world.make.person(entry.key, people[entry.key]) for entry in entries]


async def _memberships(world: World, _: str | None) -> list[Entry]:
    return [Entry(str(row["member_id"]), row["created_at"], row["changed_at"]) for row in world.seats]


async def _make_memberships(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    known = {str(row["member_id"]): (row, key) for key, rows in world.people.items() for row in rows}
    return [world.make.membership(*known[entry.key]) for entry in entries]


async def _meetings(world: World, _: str | None) -> list[Entry]:
    return await store.meetings(world.tx)


async def make_meetings(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    """Return some meetings in the order in which they are asked for."""
    found = await store.meetings_by(world.tx, [UUID(entry.key) for entry in entries])
    rows = [found[UUID(entry.key)] for entry in entries]
    points = world.points
    return [world.make.meeting(row, world.councils[str(row["body_id"])], points) for row in rows]


async def _make_locations(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    found = await store.meetings_by(world.tx, [UUID(entry.key) for entry in entries])
    return [world.make.location(found[UUID(entry.key)]) for entry in entries]


async def _consultations(world: World, _: str | None) -> list[Entry]:
    return [Entry(one.key, one.at, one.at) for one in world.treated]


async def _make_consultations(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    known = {one.key: one for one in world.treated}
    return [world.make.consultation(known[entry.key]) for entry in entries]


async def _points(world: World, key: str | None) -> list[Entry]:
    return await store.points(world.tx, _uuid(key.partition(".")[0]) if key else None)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


async def _make_points(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    ids = {UUID(entry.key.partition(".")[0]) for entry in entries}
    found, treated = await store.meetings_by(world.tx, list(ids)), world.points
    made = {
        f"{row['meeting_id']}.{point['item_id']}": world.make.point(row, point, place, treated)
        for row in found.values()
        for place, point in enumerate(row["document"]["items"])
    }
    return [made[entry.key] for entry in entries]


async def _papers(world: World, _: str | None) -> list[Entry]:
    return await store.papers(world.tx)


async def _make_papers(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    councils = {one.kommunekode: one for one in world.councils.values()}
    return [world.make.paper(entry, councils, world.treated) for entry in entries]


async def _files(world: World, _: str | None) -> list[Entry]:
    plans = [(one, PlanKey.of(one.key).kinds) for one in await store.papers(world.tx)]
    told = [
        (Entry(f"referat-{one.key}", one.created, one.modified), MINUTES_FORMS) for one in await store.minutes(world.tx)
    ]
    return [Entry(f"{one.key}.{kind}", one.created, one.modified) for one, kinds in (*plans, *told) for kind in kinds]


async def _make_files(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    return [_file(world.make, entry) for entry in entries]


def _file(make: Objects, entry: Entry) -> OParlObject:
    key, _, kind = entry.key.partition(".")
    if key.startswith("referat-"):
        return make.minutes_file(UUID(key.removeprefix("referat-")), kind, entry.created)
    return make.plan_file(Entry(key, entry.created, entry.modified), kind)


async def _terms(world: World, _: str | None) -> list[Entry]:
    return [_entry(str(year), world.make.term(year)) for year in term_years(world.today)]


async def _make_terms(world: World, entries: Sequence[Entry]) -> list[OParlObject]:
    return [world.make.term(int(entry.key)) for entry in entries]


def _entry(key: str, one: OParlObject) -> Entry:
    return Entry(key, cast("datetime", one.created), cast("datetime", one.modified))


LISTS: dict[str, tuple[type[OParlObject], Entries, Make]] = {
    "organizations": (oparl.Organization, _organizations, _make_organizations),
    "persons": (oparl.Person, _persons, _make_persons),
    "memberships": (oparl.Membership, _memberships, _make_memberships),
    "meetings": (oparl.Meeting, _meetings, make_meetings),
    "agenda-items": (oparl.AgendaItem, _points, _make_points),
    "papers": (oparl.Paper, _papers, _make_papers),
    "consultations": (oparl.Consultation, _consultations, _make_consultations),
    "locations": (oparl.Location, _meetings, _make_locations),
    "files": (oparl.File, _files, _make_files),
    "legislative-terms": (oparl.LegislativeTerm, _terms, _make_terms),
}
"""Each list: what it holds, its keys in order, and how some of them are made."""
