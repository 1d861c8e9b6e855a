"""Deleting what may no longer be kept, and who is named by what is left."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.concerns.domain.codes import CodeList
from services.concerns.domain.retention import Order
from services.concerns.store import code_lists

AT_ONCE = 5000
MOST_LET_GO = 10_000

_NAMED = """
select person_id from registration union all select unnest(children_present) from registration
union all select person_id from search_fact union all select (fact->>'holder')::uuid from search_fact
union all select unnest(family) from search_scope
union all select person_id from candidate union all select person_id from underretning
union all select person_id from underretning_part
"""
"""Everybody whom any row names."""


async def released_lists(tx: Tx) -> list[CodeList]:
    """Return every version of the code list that was ever released."""
    rows = await tx.fetch("select number from code_list where released_at is not null order by number")
    return [await code_lists.numbered(tx, row["number"]) for row in rows]


async def erase_papers(tx: Tx, search_id: UUID) -> list[UUID]:
    """Delete what a run was answered and noted; returns whom it was about."""
    rows = await tx.fetch(
        "with fact as (delete from search_fact where search_id = $1 returning person_id, fact->>'holder' as holder),"
        " scope as (delete from search_scope where search_id = $1 returning family)"
        " select person_id from fact union select holder::uuid from fact where holder is not null"
        " union select unnest(family) from scope",
        search_id,
    )
    for table in ("search_asked", "search_excluded", "search_child"):
        await tx.execute(f"delete from {table} where search_id = $1", search_id)  # noqa: S608  the names stand above
    await tx.change_one("update search set papers_erased_at = clock() where search_id = $1", search_id)
    return [row["person_id"] for row in rows]


async def papers_of(tx: Tx, search_id: UUID) -> bool:
    """Lock a run; returns whether it is complete and its papers are there."""
    return bool(
        await tx.fetchval(
            "select state = 'complete' and papers_erased_at is null from search where search_id = $1 for update",
            search_id,
        )
    )


_EXPIRED = """
select registration from registration r
left join unnest($1::text[], $2::int[]) as kept (of_code, months) on of_code = r.code
where r.registration in (select registration from registration where occurred_on < $3 or occurred_on is null)
group by registration
having max(coalesce(occurred_on, received_at::date) + make_interval(months => coalesce(months, 0))) < $3
    and bool_and(seen_by is not null)
    and (array_agg(claimed_by order by revision desc))[1] is not null
    and not exists (select from candidate c
        where c.current @> array[r.registration] or c.history @> array[r.registration])
    and not exists (select from underretning u where u.registrations @> array[r.registration])
limit $4
"""


async def run_under_way(tx: Tx) -> bool:
    """Say whether a run has begun and is not complete: it may use any registration."""
    return bool(await tx.fetchval("select exists (select from search where state in ('claimed', 'asked', 'judged'))"))


async def expired(tx: Tx, months: Mapping[str, int], before: date) -> list[str]:
    """Return registrations whose window has passed, which every run has seen and which nothing uses."""
    rows = await tx.fetch(_EXPIRED, list(months), list(months.values()), before, AT_ONCE)
    return [row["registration"] for row in rows]


async def erase_registrations(tx: Tx, names: Collection[str]) -> list[UUID]:
    """Delete all revisions of registrations; returns whom they were about."""
    rows = await tx.fetch(
        "with gone as (delete from registration where registration = any($1) returning person_id, children_present)"
        " select person_id from gone where person_id is not null union select unnest(children_present) from gone",
        list(names),
    )
    await tx.execute("delete from told_revision where registration = any($1)", list(names))
    return [row["person_id"] for row in rows]


async def with_merged(tx: Tx, candidate_id: UUID) -> list[UUID]:
    """Return a candidate and those that were merged into it."""
    merges = await tx.fetchval("select merges from candidate where candidate_id = $1", candidate_id)
    return [] if merges is None else [candidate_id, *merges]


async def erase_candidates(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    """Delete candidates; returns whom they were about."""
    rows = await tx.fetch("delete from candidate where candidate_id = any($1) returning person_id", list(ids))
    return [row["person_id"] for row in rows]


async def with_corrections(tx: Tx, underretning_id: UUID) -> list[UUID]:
    """Lock an underretning; returns it with the corrections that were sent of it."""
    row = await tx.fetchrow(
        "select array(select sent_as from correction where underretning_id = $1 and sent_as is not null) as sent"
        " from underretning where underretning_id = $1 for update",
        underretning_id,
    )
    return [underretning_id, *row["sent"]] if row else []


async def erase_underretninger(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    """Delete underretninger with all that belongs to them; returns whom they were about."""
    about = await tx.fetch(
        "select person_id from underretning where underretning_id = any($1) union"
        " select person_id from underretning_part where underretning_id = any($1)",
        list(ids),
    )
    await tx.execute("delete from correction where underretning_id = any($1)", list(ids))
    await tx.execute("delete from underretning_served where underretning_id = any($1)", list(ids))
    await tx.execute("delete from underretning where underretning_id = any($1)", list(ids))
    return [row["person_id"] for row in about]


async def is_waiting(tx: Tx, underretning_id: UUID) -> tuple[UUID | None, UUID, str, bool, bool] | None:
    """Lock an underretning; returns its candidate, case, state, whether it is retracted, whether a correction waits."""
    row = await tx.fetchrow(
        "select candidate_id, case_id, state, retracted_at is not null as retracted, exists (select from correction c"
        " where c.underretning_id = u.underretning_id and c.state = 'found') as waits"
        " from underretning u where underretning_id = $1 for update",
        underretning_id,
    )
    return (row["candidate_id"], row["case_id"], row["state"], row["retracted"], row["waits"]) if row else None


async def underretninger_of(tx: Tx, case_id: UUID) -> list[UUID]:
    """Return the underretninger of a case that correct nothing."""
    rows = await tx.fetch(
        "select underretning_id from underretning where case_id = $1 and kind in ('new', 'supplement')"
        " order by approved_at, underretning_id",
        case_id,
    )
    return [row["underretning_id"] for row in rows]


async def candidates_of(tx: Tx, case_id: UUID) -> list[UUID]:
    """Return the candidates of a case that were merged into no other."""
    rows = await tx.fetch(
        "select candidate_id from candidate where case_id = $1 and merged_into is null order by candidate_id", case_id
    )
    return [row["candidate_id"] for row in rows]


async def underretninger_about(tx: Tx, child: UUID) -> list[tuple[UUID, UUID]]:
    """Return the underretninger about a child that correct nothing, each with its case."""
    rows = await tx.fetch(
        "select underretning_id, case_id from underretning where person_id = $1 and kind in ('new', 'supplement')"
        " order by approved_at, underretning_id",
        child,
    )
    return [(row["underretning_id"], row["case_id"]) for row in rows]


async def candidates_about(tx: Tx, child: UUID) -> list[tuple[UUID, UUID]]:
    """Return the candidates about a child that were merged into no other, each with its case."""
    rows = await tx.fetch(
        "select candidate_id, case_id from candidate where person_id = $1 and merged_into is null"
        " order by candidate_id",
        child,
    )
    return [(row["candidate_id"], row["case_id"]) for row in rows]


async def candidate_of(tx: Tx, underretning_id: UUID) -> UUID | None:
    """Return the candidate that an underretning became of."""
    found: UUID | None = await tx.fetchval(
        "select candidate_id from underretning where underretning_id = $1", underretning_id
    )
    return found


async def has_parts(tx: Tx, case_id: UUID) -> bool:
    """Say whether anything of a case is left."""
    return bool(
        await tx.fetchval(
            "select exists (select from candidate where case_id = $1)"
            " or exists (select from underretning where case_id = $1)",
            case_id,
        )
    )


async def persons_of(tx: Tx, case_id: UUID) -> list[UUID]:
    """Return the children whom a case is about."""
    rows = await tx.fetch(
        "select person_id from candidate where case_id = $1"
        " union select person_id from underretning where case_id = $1",
        case_id,
    )
    return [row["person_id"] for row in rows]


async def unretracted(tx: Tx, case_id: UUID) -> bool:
    """Say whether a receiver holds an underretning of a case that was not taken back."""
    return bool(
        await tx.fetchval(
            "select exists (select from underretning where case_id = $1 and receiver is not null"
            " and kind in ('new', 'supplement') and retracted_at is null)",
            case_id,
        )
    )


async def order_of(tx: Tx, case_id: UUID) -> Order | None:
    """Lock the order to erase a case."""
    row = await tx.fetchrow("select * from erasure_order where case_id = $1 for update", case_id)
    return Order(row["reason"], row["ordered_by"], row["confirmed_by"]) if row else None


async def order(tx: Tx, case_id: UUID, reason: str, by: str) -> None:
    """Save an order."""
    await tx.execute(
        "insert into erasure_order (case_id, reason, ordered_by) values ($1, $2, $3) on conflict do nothing",
        *(case_id, reason, by),
    )


async def confirm(tx: Tx, case_id: UUID, by: str) -> None:
    """Save that another person confirms an order."""
    await tx.change_one(
        "update erasure_order set confirmed_by = $2, confirmed_at = clock() where case_id = $1", case_id, by
    )


# --- persons ------------------------------------------------------------------------------------------------------


async def registrations_of(tx: Tx, person: UUID) -> list[str]:
    """Return the registrations about a person."""
    rows = await tx.fetch("select distinct registration from registration where person_id = $1", person)
    return [row["registration"] for row in rows]


async def forget(tx: Tx, person: UUID, registrations: Collection[str]) -> None:
    """Delete what is noted of a person in what is about others, and the sentences that tell of the registrations."""
    await tx.execute(
        "update registration set children_present = array_remove(children_present, $1)"
        " where children_present @> array[$1::uuid]",
        person,
    )
    await tx.execute(
        "with fact as (delete from search_fact where person_id = $1 or fact->>'holder' = $1::text returning search_id),"
        " scope as (delete from search_scope where $1 = any(family) returning search_id, child),"
        " child as (delete from search_child c using scope s where c.search_id = s.search_id and c.child = s.child)"
        " update search set papers_erased_at = coalesce(papers_erased_at, clock()) where search_id in"
        " (select search_id from fact union select search_id from scope)",
        person,
    )
    await tx.execute(
        "update candidate set version = version + 1, explanation = array(select sentence from unnest(explanation)"
        " with ordinality as told (sentence, place) where not exists (select from unnest($1::text[]) name"
        " where position('(' || name || ')' in sentence) > 0) order by place)"
        " where current && $1 or history && $1",
        list(registrations),
    )
    await tx.execute("delete from underretning_part where person_id = $1 and not is_child", person)
    await tx.execute("delete from let_go where person_id = $1", person)


async def note_let_go(tx: Tx, persons: Collection[UUID]) -> None:
    """Remember of whom something was erased."""
    await tx.execute(
        "insert into let_go (person_id) select distinct * from unnest($1::uuid[]) on conflict do nothing", list(persons)
    )


async def let_go(tx: Tx, as_of: datetime) -> list[UUID]:
    """Return whom no row names any more since a moment, each told once; whoever is named again is kept."""
    await tx.execute(f"delete from let_go l using ({_NAMED}) n where n.person_id = l.person_id")  # noqa: S608  a constant of the module
    rows = await tx.fetch(
        "delete from let_go where person_id in (select person_id from let_go where since <= $1"
        " order by since, person_id limit $2) returning person_id",
        *(as_of, MOST_LET_GO),
    )
    return [row["person_id"] for row in rows]


# --- what is seen of it -------------------------------------------------------------------------------------------


_HELD = """
select 'registration' as kind, count(distinct registration) as count, min(received_at) as oldest from registration
union all select 'run_papers', count(*), min(completed_at) from search
where state = 'complete' and papers_erased_at is null
union all select 'candidate', count(*), min(found_at) from candidate
union all select 'underretning', count(*), min(approved_at) from underretning
"""
_DUE = {
    "registration": "registration_retention",
    "run_papers": "run_papers",
    "candidate": "candidate_retention",
    "underretning": "underretning_retention",
}


async def held(tx: Tx) -> dict[str, dict[str, Any]]:
    """Count what is held of each kind: how many, since when, when the next is due, how many are overdue."""
    rows = await tx.fetch(_HELD)
    due = await tx.fetch(
        "select kind, min(due_at) as next, count(*) filter (where due_at < clock() - $2::interval) as overdue"
        " from deadline where kind = any($1) group by kind",
        *(list(_DUE.values()), timedelta(minutes=5)),
    )
    times = {row["kind"]: row for row in due}
    return {row["kind"]: _counted(row, times.get(_DUE[row["kind"]])) for row in rows}


def _counted(row: Any, times: Any) -> dict[str, Any]:  # noqa: ANN401  database rows
    return {
        "rows": row["count"],
        "oldest": row["oldest"],
        "next_due": times["next"] if times else None,
        "overdue": times["overdue"] if times else 0,
    }
