"""The runs of the weekly search: when each is due, how far it has come, what it gave."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.concerns.domain.calendar import Week
from services.concerns.domain.family import Child


@dataclass(frozen=True, slots=True)
class Search:
    """One run."""

    id: UUID
    number: int
    week: Week
    state: str
    due_at: datetime
    code_list: int | None
    version: int
    seen: int | None = None
    dropped: Mapping[str, int] | None = None
    result_sha256: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    papers_erased_at: datetime | None = None


async def first_monday(tx: Tx) -> date | None:
    """Return the Monday from which the search is in service; None before that."""
    found: date | None = await tx.fetchval("select first_monday from service_start")
    return found


async def lock_service(tx: Tx) -> date | None:
    """Let one decision about which runs there are be made at a time; return the first Monday."""
    await tx.execute("select pg_advisory_xact_lock(hashtext('weekly search'))")
    return await first_monday(tx)


async def put_in_service(tx: Tx, monday: date) -> None:
    """Say from which week on the search answers."""
    await tx.execute("insert into service_start (first_monday) values ($1)", monday)


async def last_monday(tx: Tx) -> date | None:
    """Return the week of the latest run that there is."""
    found: date | None = await tx.fetchval("select max(monday) from search")
    return found


async def of_week(tx: Tx, week: Week) -> Search | None:
    """Return the run of a week."""
    row = await tx.fetchrow("select * from search where monday = $1", week.monday)
    return _search(row) if row else None


async def by_id(tx: Tx, search_id: UUID) -> Search | None:
    """Return one run."""
    row = await tx.fetchrow("select * from search where search_id = $1", search_id)
    return _search(row) if row else None


async def all_runs(tx: Tx) -> list[Search]:
    """Return all runs, newest first."""
    return [_search(row) for row in await tx.fetch("select * from search order by number desc limit 500")]


async def add(tx: Tx, search_id: UUID, week: Week) -> Search:
    """Save a run that is due; runs are numbered in the order of their weeks."""
    row = await tx.fetchrow(
        "insert into search (search_id, number, monday, state, due_at, version)"
        " select $1, coalesce(max(number), 0) + 1, $2, 'due', $3, 0 from search returning *",
        *(search_id, week.monday, week.searched_at),
    )
    return _search(row)


async def next_open(tx: Tx) -> Search | None:
    """Lock and return the earliest run that is not complete; None when there is none, or another has it."""
    row = await tx.fetchrow(
        "select * from search where number = (select min(number) from search where state <> 'complete')"
        " for update skip locked"
    )
    return _search(row) if row else None


async def started(tx: Tx, search: Search, code_list: int, seen: int, now: datetime) -> None:
    """Save that a run has claimed what it looks at."""
    await tx.change_one(
        "update search set state = 'claimed', code_list = $2, seen = $3, started_at = $4, version = version + 1"
        " where search_id = $1 and state = 'due'",
        *(search.id, code_list, seen, now),
    )


async def moved(tx: Tx, search: Search, state: str) -> None:
    """Save that a run has finished a step."""
    await tx.change_one(
        "update search set state = $3 where search_id = $1 and state = $2", search.id, search.state, state
    )


async def told(tx: Tx, search: Search) -> None:
    """Count an event told about a run."""
    await tx.change_one("update search set version = version + 1 where search_id = $1", search.id)


async def completed(tx: Tx, search: Search, dropped: Mapping[str, int], sha256: str, now: datetime) -> None:
    """Save that a run is complete, and the checksum of what it gave."""
    await tx.change_one(
        "update search set state = 'complete', dropped = $2, result_sha256 = $3, completed_at = $4,"
        " version = version + 1 where search_id = $1 and state = 'judged'",
        *(search.id, orjson.dumps(dropped).decode(), sha256, now),
    )


async def checked(tx: Tx, search: Search, sha256: str) -> None:
    """Save the checksum of a result in which a merged id was replaced."""
    await tx.change_one("update search set result_sha256 = $2 where search_id = $1", search.id, sha256)


async def asked(tx: Tx, search_id: UUID, registrations: Collection[str]) -> None:
    """Remember whose families have been asked about."""
    await tx.execute(
        "insert into search_asked (search_id, registration) select $1, * from unnest($2::text[])"
        " on conflict do nothing",
        *(search_id, sorted(registrations)),
    )


async def keep_scope(tx: Tx, search_id: UUID, rows: Iterable[tuple[Child, str, Collection[UUID]]]) -> None:
    """Save which registration concerns which child, and with whom."""
    kept = [
        (search_id, str(child), registration, sorted(family)) for child, registration, family in sorted(rows, key=_key)
    ]
    await tx.executemany(
        "insert into search_scope (search_id, child, registration, family) values ($1, $2, $3, $4)"
        " on conflict do nothing",
        kept,
    )


def _key(row: tuple[Child, str, Collection[UUID]]) -> tuple[Child, str]:
    return row[0], row[1]


async def keep_excluded(tx: Tx, search_id: UUID, rows: Mapping[str, str]) -> None:
    """Save what counts for no child, with the reason."""
    await tx.execute(
        "insert into search_excluded (search_id, registration, reason)"
        " select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing",
        *(search_id, list(rows), list(rows.values())),
    )


async def excluded(tx: Tx, search_id: UUID) -> list[tuple[str, str]]:
    """Return what counts for no child, in order."""
    rows = await tx.fetch(
        "select registration, reason from search_excluded where search_id = $1 order by registration, reason", search_id
    )
    return [(row["registration"], row["reason"]) for row in rows]


async def not_judged(tx: Tx, search_id: UUID, limit: int) -> list[Child]:
    """Return some children in scope about whom nothing has been decided."""
    rows = await tx.fetch(
        "select distinct child from search_scope s where search_id = $1 and not exists"
        " (select from search_child c where c.search_id = s.search_id and c.child = s.child) order by child limit $2",
        *(search_id, limit),
    )
    return [Child.parse(row["child"]) for row in rows]


async def judged(tx: Tx, search_id: UUID) -> list[Child]:
    """Return all children about whom a run has decided, in order."""
    rows = await tx.fetch("select child from search_child where search_id = $1 order by child", search_id)
    return [Child.parse(row["child"]) for row in rows]


async def scope_of(tx: Tx, search_id: UUID, children: Collection[Child]) -> list[tuple[Child, str, list[UUID]]]:
    """Return the current registrations of some children and the people around them."""
    rows = await tx.fetch(
        "select child, registration, family from search_scope where search_id = $1 and child = any($2)",
        *(search_id, [str(child) for child in children]),
    )
    return [(Child.parse(row["child"]), row["registration"], row["family"]) for row in rows]


async def keep_judged(
    tx: Tx, search_id: UUID, rows: Iterable[tuple[Child, Mapping[str, Any], Collection[str], Mapping[str, Any] | None]]
) -> None:
    """Save what became of children, with what was known about them then; once each."""
    await tx.executemany(
        "insert into search_child (search_id, child, background, ties, outcome) values ($1, $2, $3, $4, $5)",
        [
            (search_id, str(child), orjson.dumps(background).decode(), sorted(ties), orjson.dumps(outcome).decode())
            for child, background, ties, outcome in rows
        ],
    )


async def backgrounds(tx: Tx, search_id: UUID, children: Collection[Child]) -> dict[Child, dict[str, Any]]:
    """Return what was known about children when a run judged them."""
    rows = await tx.fetch(
        "select child, background from search_child where search_id = $1 and child = any($2)",
        *(search_id, [str(child) for child in children]),
    )
    return {Child.parse(row["child"]): orjson.loads(row["background"]) for row in rows}


async def outcomes(tx: Tx, search_id: UUID) -> list[tuple[Child, frozenset[str], dict[str, Any]]]:
    """Return the children of whom something became, with their ties, in order."""
    rows = await tx.fetch(
        "select child, ties, outcome from search_child where search_id = $1 and outcome <> 'null' order by child",
        search_id,
    )
    return [(Child.parse(row["child"]), frozenset(row["ties"]), orjson.loads(row["outcome"])) for row in rows]


async def follow_merge(tx: Tx, survivor: UUID, merged: UUID) -> list[Search]:
    """Let what runs have noted follow a person whose two ids became one; what is then there twice is one.

    Returns the finished runs whose results now name another id.
    """
    names = (str(survivor), str(merged))
    await tx.execute(
        "with gone as (delete from search_fact where person_id = $2::uuid or fact->>'holder' = $4 returning *)"
        " insert into search_fact select search_id, case when person_id = $2 then $1::uuid else person_id end,"
        " replace(fact::text, $4::text, $3::text)::jsonb from gone on conflict do nothing",
        *(survivor, merged, *names),
    )
    await tx.execute(
        "with gone as (delete from search_scope where $2::uuid = any(family) returning *)"
        " insert into search_scope select search_id, replace(child, $4::text, $3::text), registration,"
        " array_replace(family, $2::uuid, $1::uuid) from gone on conflict do nothing",
        *(survivor, merged, *names),
    )
    rows = await tx.fetch(
        "with gone as (delete from search_child where child like '%' || $2::text returning *), moved as"
        " (insert into search_child select search_id, replace(child, $2::text, $1::text), background, ties,"
        " replace(outcome::text, $2::text, $1::text)::jsonb from gone on conflict do nothing)"
        " select * from search where state = 'complete' and search_id in (select search_id from gone)",
        *names,
    )
    return [_search(row) for row in rows]


def _search(row: Any) -> Search:  # noqa: ANN401  a database row
    return Search(
        id=row["search_id"],
        number=row["number"],
        week=Week.of(row["monday"]),
        state=row["state"],
        due_at=row["due_at"],
        code_list=row["code_list"],
        version=row["version"],
        seen=row["seen"],
        dropped=orjson.loads(row["dropped"]) if row["dropped"] else None,
        result_sha256=row["result_sha256"],
        started_at=row["started_at"],
        completed_at=row["completed_at"],
        papers_erased_at=row["papers_erased_at"],
    )
