"""The SQL of designated areas: lists by edition, areas that stand or have stood on them, and what was said of each."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.areas import Area, Listed, ListKind, Standing
from services.councils.domain.criteria import Evaluation, Figures


@dataclass(frozen=True, slots=True)
class Kept:
    """A list that is there, locked."""

    id: UUID
    kind: ListKind
    year: int
    version: int
    """The number of its newest edition."""


async def lock_list(tx: Tx, kind: ListKind, year: int) -> Kept:
    """Return the list of a kind and year, locked; one that is new has no edition yet."""
    await tx.execute(
        "insert into area_list (area_list_id, kind, year, version) values ($1, $2, $3, 0) on conflict do nothing",
        *(new_id(), kind, year),
    )
    [row] = await tx.fetch("select * from area_list where kind = $1 and year = $2 for update", kind, year)
    return Kept(row["area_list_id"], kind, year, row["version"])


async def add_edition(tx: Tx, of: Kept, issuer: str, source: str, reason: str | None) -> int:
    """Save the next edition of a locked list; return its number."""
    edition = of.version + 1
    await tx.execute(
        "insert into area_list_edition (area_list_id, edition, issuer, source, reason, imported_by)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(of.id, edition, issuer, source, reason, tx.principal.subject),
    )
    await tx.change_one("update area_list set version = $2 where area_list_id = $1", of.id, edition)
    return edition


async def add_listed(tx: Tx, of: UUID, edition: int, one: Listed) -> Area:
    """Save an area as it stands on an edition; one with a name is the same area in every list."""
    area = await _area_of(tx, one)
    await tx.execute(
        "insert into listed_area (area_list_id, edition, area_id, crime_criterion) values ($1, $2, $3, $4)",
        *(of, edition, area.id, one.crime_criterion),
    )
    return area


async def _area_of(tx: Tx, one: Listed) -> Area:
    await tx.execute(
        "insert into area (area_id, title, kommunekode) values ($1, $2, $3) on conflict do nothing",
        *(unnamed := new_id(), one.title, one.kommunekode),
    )
    row = await tx.fetchrow(
        "select * from area where ($2::text is null and area_id = $1) or (title = $2 and kommunekode = $3)",
        *(unnamed, one.title, one.kommunekode),
    )
    return _area(row)


async def found(tx: Tx, area_id: UUID) -> Area | None:
    """Return an area."""
    row = await tx.fetchrow("select * from area where area_id = $1", area_id)
    return None if row is None else _area(row)


async def locked(tx: Tx, area_id: UUID) -> Area | None:
    """Return an area, locked, for the district's secretariat."""
    row = await tx.fetchrow("select * from area where area_id = $1 for update", area_id)
    return None if row is None else _area(row)


async def told(tx: Tx, area: Area) -> int:
    """Count one more event of a locked area; return its number."""
    version: int = await tx.fetchval(
        "update area set version = version + 1 where area_id = $1 returning version", area.id
    )
    return version


_NEWEST = """
select l.area_list_id, l.kind, l.year, l.version as edition, n.area_id, n.crime_criterion
from area_list l join listed_area n on n.area_list_id = l.area_list_id and n.edition = l.version
where not exists (select from area_list later where later.kind = l.kind and later.year > l.year and later.version > 0)
"""


async def standings(tx: Tx, area_id: UUID) -> list[Standing]:
    """Return how an area stands on the lists that are in force now; none: what it stood on is history."""
    rows = await tx.fetch(f"{_NEWEST} and n.area_id = $1 order by l.kind", area_id)
    return [_standing(row) for row in rows]


async def standing(tx: Tx, area_id: UUID, area_list_id: UUID) -> tuple[Standing, int] | None:
    """Return how an area stands on a list in force, and the list's edition."""
    row = await tx.fetchrow(f"{_NEWEST} and n.area_id = $1 and l.area_list_id = $2", area_id, area_list_id)
    return None if row is None else (_standing(row), row["edition"])


async def meeting_crime_criterion(tx: Tx, year: int) -> list[Area]:
    """Return the areas on a year's forebyggelsesliste that meet the crime criterion (plan 4.1)."""
    rows = await tx.fetch(
        "select a.* from area_list l join listed_area n on n.area_list_id = l.area_list_id and n.edition = l.version"
        " join area a using (area_id) where l.kind = 'forebyggelse' and l.year = $1 and n.crime_criterion"
        " order by a.kommunekode, a.title",
        year,
    )
    return [_area(row) for row in rows]


async def add_criteria(tx: Tx, area_id: UUID, on: tuple[Standing, int], figures: Figures, given: Evaluation) -> UUID:
    """Save what the figures of a listed area give by the law."""
    lines = [{name: getattr(line, name) for name in line.__dataclass_fields__} for line in given.lines]
    await tx.execute(
        "insert into area_criteria (criteria_id, area_id, area_list_id, edition, year, source, law, law_source, met,"
        " lines, evaluated_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11)",
        *(criteria_id := new_id(), area_id, on[0].area_list_id, on[1], figures.year, figures.source),
        *(given.law, given.law_source, given.met, json.dumps(lines, ensure_ascii=False), tx.principal.subject),
    )
    return criteria_id


async def add_assessment(tx: Tx, area_id: UUID, verdict: str, reason: str) -> UUID:
    """Save what people assess an area to be; earlier assessments stay."""
    assessment_id = new_id()
    await tx.execute(
        "insert into area_assessment (assessment_id, area_id, verdict, reason, assessed_by)"
        " values ($1, $2, $3, $4, $5)",
        *(assessment_id, area_id, verdict, reason, tx.principal.subject),
    )
    return assessment_id


async def assessed(tx: Tx, area_id: UUID) -> str | None:
    """Return the newest assessment of an area, `egnet` or `ikke_egnet`; none where nobody has assessed it.

    A joint effort needs one (O-4.1-09).
    """
    verdict: str | None = await tx.fetchval(
        "select verdict from area_assessment where area_id = $1 order by assessed_at desc, assessment_id desc limit 1",
        area_id,
    )
    return verdict


async def running_initiatives(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """Return what is already running in an area, against which a lokalraad decides (O-4.1-10)."""
    rows = await tx.fetch(
        "select joint_effort_id, body_id, title, parties, others, recorded_at from joint_effort"
        " where area_id = $1 and state = 'running' order by recorded_at",
        area_id,
    )
    return [dict(row) for row in rows]


def _area(row: Any) -> Area:  # noqa: ANN401  a record of asyncpg, which has no types
    return Area(row["area_id"], row["title"], row["kommunekode"], row["version"])


def _standing(row: Any) -> Standing:  # noqa: ANN401  a record of asyncpg, which has no types
    return Standing(row["area_list_id"], ListKind(row["kind"]), row["year"], row["crime_criterion"])
