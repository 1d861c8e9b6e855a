"""Registrations, revision by revision, and which run saw and claimed them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.concerns.domain.codes import District, Role
from services.concerns.domain.document import Source
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.search import Seen

HISTORY = 0
"""The number of the run that never was: what occurred before the search came into service."""


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted line, with ids in the place of numbers."""

    registration: str
    revision: int
    person_id: UUID | None
    code: str | None
    role: str | None
    occurred_on: date | None
    registered_at: datetime | None
    district: str | None
    status: str
    children_present: str
    """A PostgreSQL array literal: `unnest` takes no array of arrays."""
    child_unknown: bool
    pregnant: bool
    incident: str | None
    source_system: str | None
    source_reference: str | None
    stood_alone: bool


_ADD = """
insert into registration (registration, revision, person_id, code, role, occurred_on, registered_at, district, status,
    children_present, child_unknown, pregnant, incident, source_system, source_reference, stood_alone, import_id)
select r, v, p, c, ro, o, t, d, s, ch::uuid[], u, pr, i, sy, re, sa, $17
from unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::text[],
            $9::text[], $10::text[], $11::bool[], $12::bool[], $13::text[], $14::text[], $15::text[], $16::bool[])
    as rows (r, v, p, c, ro, o, t, d, s, ch, u, pr, i, sy, re, sa)
on conflict do nothing
"""


async def add(tx: Tx, import_id: UUID, rows: Sequence[Row]) -> int:
    """Save the new ones among them; the same id and revision again is nothing. Returns how many were new."""
    if not rows:
        return 0
    # In order, so that two imports that bring the same lines wait for each other instead of deadlocking.
    ordered = sorted(rows, key=lambda row: (row.registration, row.revision))
    columns = [[getattr(row, name) for row in ordered] for name in Row.__slots__]
    status = await tx.execute(_ADD, *columns, import_id)
    return int(status.rpartition(" ")[2])


async def count_dropped(tx: Tx, counts: dict[tuple[date, str], int]) -> None:
    """Count what was dropped by week and code."""
    keys = sorted(counts)
    await tx.execute(
        "insert into dropped_count (monday, code, count) select * from unnest($1::date[], $2::text[], $3::bigint[])"
        " on conflict (monday, code) do update set count = dropped_count.count + excluded.count",
        *([monday for monday, _ in keys], [code for _, code in keys], [counts[key] for key in keys]),
    )


async def dropped_of(tx: Tx, monday: date) -> dict[str, int]:
    """Return what was dropped of a week, by code."""
    rows = await tx.fetch("select code, count from dropped_count where monday = $1 order by code", monday)
    return {row["code"]: row["count"] for row in rows}


async def take_as_history(tx: Tx, first_monday: date) -> None:
    """Take what occurred before the first week as seen and searched: history, never current."""
    await tx.execute(
        "update registration set seen_by = $2, claimed_by = $2"
        " where seen_by is null and (occurred_on < $1 or status = 'unlisted')",
        *(first_monday, HISTORY),
    )


async def claim(tx: Tx, run: int, sunday: date) -> int:
    """Claim for a run what it is the first to see; returns how many registrations are current in it.

    What is committed after this statement began is not among it and belongs to the next run, whatever any stamp says.
    A revision is claimed when it is the highest that has been seen, and lies no later than the week's Sunday.
    """
    await tx.execute("update registration set seen_by = $1 where seen_by is null", run)
    status = await tx.execute(
        "update registration r set claimed_by = $1"
        " where claimed_by is null and seen_by is not null and (occurred_on <= $2 or status = 'unlisted')"
        " and not exists (select from registration h where h.registration = r.registration"
        " and h.revision > r.revision and h.seen_by is not null)",
        *(run, sunday),
    )
    return int(status.rpartition(" ")[2])


_COLUMNS = (
    "registration, revision, person_id, code, role, occurred_on, district, status, children_present, child_unknown,"
    " pregnant, incident"
)


async def claimed(tx: Tx, run: int, registrations: Collection[str] | None = None) -> list[Registration]:
    """Return what is current in a run, all of it or some ids."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from registration where claimed_by = $1 and status <> 'unlisted'"  # noqa: S608  the columns are a constant of the module
        " and ($2::text[] is null or registration = any($2)) order by person_id, registration",
        *(run, None if registrations is None else list(registrations)),
    )
    return [_registration(row) for row in rows]


async def not_asked(tx: Tx, search_id: UUID, run: int, limit: int) -> list[Registration]:
    """Return some of what is current in a run and whose families have not been asked about."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from registration r where claimed_by = $1 and status <> 'unlisted'"  # noqa: S608  the columns are a constant of the module
        " and not exists (select from search_asked a where a.search_id = $2 and a.registration = r.registration)"
        " order by person_id, registration limit $3",
        *(run, search_id, limit),
    )
    return [_registration(row) for row in rows]


async def seen(tx: Tx, run: int, sunday: date, persons: Collection[UUID]) -> list[Seen]:
    """Return of some persons what a run sees: the highest revision of each registration, up to its Sunday (C3, C4)."""
    rows = await tx.fetch(
        f"select distinct on (registration) {_COLUMNS}, claimed_by = $1 as current from registration"  # noqa: S608  the columns are a constant of the module
        " where seen_by <= $1 and registration in (select registration from registration where person_id = any($2))"
        " order by registration, revision desc",
        *(run, list(persons)),
    )
    about = set(persons)
    return [
        Seen(_registration(row), current=bool(row["current"]))
        for row in rows
        if row["person_id"] in about and row["occurred_on"] <= sunday
    ]


async def newest(tx: Tx, registrations: Collection[str]) -> dict[str, Registration]:
    """Return the highest committed revision of each, seen by a run or not; one that is off the list is gone."""
    rows = await tx.fetch(
        f"select distinct on (registration) {_COLUMNS} from registration where registration = any($1)"  # noqa: S608  the columns are a constant of the module
        " order by registration, revision desc",
        list(registrations),
    )
    return {row["registration"]: _registration(row) for row in rows if row["status"] != "unlisted"}


async def at(tx: Tx, revisions: Mapping[str, int]) -> dict[str, Registration]:
    """Return registrations as they were in the revisions named."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from registration join unnest($1::text[], $2::int[]) as named (registration, revision)"  # noqa: S608  the columns are a constant of the module
        " using (registration, revision) where status <> 'unlisted'",
        *(list(revisions), list(revisions.values())),
    )
    return {row["registration"]: _registration(row) for row in rows}


async def sources(tx: Tx, registrations: Collection[str]) -> dict[str, Source]:
    """Return where registrations stand with the police."""
    rows = await tx.fetch(
        "select distinct on (registration) registration, source_system, source_reference, stood_alone"
        " from registration where registration = any($1) and status <> 'unlisted' order by registration, revision desc",
        list(registrations),
    )
    return {
        row["registration"]: Source(row["source_system"], row["source_reference"], row["stood_alone"]) for row in rows
    }


async def follow_merge(tx: Tx, survivor: UUID, merged: UUID) -> None:
    """Let registrations follow a person whose two ids became one."""
    await tx.execute("update registration set person_id = $1 where person_id = $2", survivor, merged)
    await tx.execute(
        "update registration set children_present = array_replace(children_present, $2::uuid, $1::uuid)"
        " where children_present @> array[$2::uuid]",
        *(survivor, merged),
    )


def _registration(row: Any) -> Registration:  # noqa: ANN401  a database row
    return Registration(
        id=row["registration"],
        revision=row["revision"],
        person=row["person_id"],
        code=row["code"],
        role=Role(row["role"]),
        occurred_on=row["occurred_on"],
        district=District(row["district"]),
        status=Status(row["status"]),
        children_present=frozenset(row["children_present"]),
        child_unknown=row["child_unknown"],
        pregnant=row["pregnant"],
        incident=row["incident"],
    )
