"""The SQL of mandatory points: whose they are, what was answered, and how each ended."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.mandatory import Item, Question, Said, Wanted


async def add(tx: Tx, body_id: UUID, year: int, wanted: Wanted, state: str) -> Item | None:
    """Save a point, or take up a withdrawn one; None where the lokalraad has it."""
    row = await tx.fetchrow(
        "insert into mandatory_item (mandatory_item_id, body_id, year, paragraph, kind, title, area_id, state)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (body_id, year, paragraph, area_id)"
        " do update set state = excluded.state where mandatory_item.state = 'withdrawn' returning *",
        *(new_id(), body_id, year, wanted.paragraph, wanted.kind, wanted.title, wanted.area_id, state),
    )
    return None if row is None else _item(row)


async def stands_on(tx: Tx, item_id: UUID, matter_id: UUID) -> None:
    """Save with which matter a point waits for an agenda."""
    await tx.change_one("update mandatory_item set matter_id = $2 where mandatory_item_id = $1", item_id, matter_id)


async def locked(tx: Tx, item_id: UUID) -> Item | None:
    """Return a point, locked, for the secretariat that keeps its council's papers."""
    row = await tx.fetchrow("select * from mandatory_item where mandatory_item_id = $1 for update", item_id)
    return None if row is None else _item(row)


async def found(tx: Tx, item_id: UUID) -> Item | None:
    """Return a point."""
    row = await tx.fetchrow("select * from mandatory_item where mandatory_item_id = $1", item_id)
    return None if row is None else _item(row)


async def withdrawable(tx: Tx, year: int) -> list[Item]:
    """Return the points of a year that have not been treated, locked."""
    rows = await tx.fetch(
        "select * from mandatory_item where year = $1 and state in ('open', 'history')"
        " order by mandatory_item_id for update",
        year,
    )
    return [_item(row) for row in rows]


async def set_state(tx: Tx, item_id: UUID, state: str) -> None:
    """Save the state of a locked point."""
    await tx.change_one("update mandatory_item set state = $2 where mandatory_item_id = $1", item_id, state)


async def treated(tx: Tx, item_id: UUID, outcome: str, decision_id: UUID | None, put_off_to: date | None) -> None:
    """Save how a lokalraad treated a point; one that was put off comes again."""
    await tx.change_one(
        "update mandatory_item set state = case when $4::date is null then 'treated' else 'put_off' end, outcome = $2,"
        " decision_id = $3, put_off_to = $4, treated_at = clock() where mandatory_item_id = $1",
        *(item_id, outcome, decision_id, put_off_to),
    )


async def waits_again(tx: Tx, matter_id: UUID) -> None:
    """Let the matter of a point that was put off wait for the next agenda."""
    await tx.change_one(
        "update matter set state = 'waiting', treated_at = null, meeting_id = null where matter_id = $1", matter_id
    )


async def breached(tx: Tx, item_id: UUID) -> None:
    """Save that the time of a point has passed."""
    await tx.change_one(
        "update mandatory_item set state = 'breached', breached_at = clock() where mandatory_item_id = $1", item_id
    )


async def told(tx: Tx, item_id: UUID) -> int:
    """Count one more event of a locked point; return its number."""
    version: int = await tx.fetchval(
        "update mandatory_item set version = version + 1 where mandatory_item_id = $1 returning version", item_id
    )
    return version


async def answer(tx: Tx, item_id: UUID, said: Said) -> None:
    """Save an answer; the newest one to a question counts, and the earlier ones stay."""
    await tx.execute(
        "insert into checklist_answer (mandatory_item_id, question, yes, text, parties, groups, paper_sha256,"
        " answered_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(item_id, said.question, said.yes, said.text, list(said.parties), sorted(said.groups), said.paper_sha256),
        tx.principal.subject,
    )


async def answers(tx: Tx, item_id: UUID) -> dict[str, Said]:
    """Return the newest answer to each question."""
    rows = await tx.fetch(
        "select distinct on (question) * from checklist_answer where mandatory_item_id = $1"
        " order by question, answered_at desc",
        item_id,
    )
    return {row["question"]: _said(row) for row in rows}


async def listed(tx: Tx, year: int) -> list[dict[str, Any]]:
    """Return the points of a year that the asker's councils have, by section, municipality and area."""
    rows = await tx.fetch(
        "select i.mandatory_item_id, i.body_id, b.kommunekode, i.year, i.paragraph, i.kind, i.area_id, a.title as area,"
        " i.state, i.put_off_to, i.outcome, i.decision_id, i.matter_id, i.assigned_at, i.treated_at, i.breached_at,"
        " i.version from mandatory_item i join body b using (body_id) left join area a using (area_id)"
        " where i.year = $1 and i.state <> 'withdrawn' order by i.paragraph, b.kommunekode, a.title",
        year,
    )
    return [dict(row) for row in rows]


async def sections_of_plan(tx: Tx, year: int) -> list[tuple[str, str, list[str]]]:
    """Return the primary areas of a year's plan: section, title, and the municipalities whose lokalraad take it up."""
    rows = await tx.fetch(
        "select one ->> 'section' as section, one ->> 'title' as title,"
        " array(select jsonb_array_elements_text(one -> 'lokalraad')) as lokalraad"
        " from samarbejdsplan p, jsonb_array_elements(coalesce(p.document -> 'primary_areas', '[]')) one"
        " where p.year = $1 order by 1",
        year,
    )
    return [(row["section"], row["title"], list(row["lokalraad"])) for row in rows]


def _item(row: Any) -> Item:  # noqa: ANN401  a record of asyncpg, which has no types
    names = ("body_id", "year", "paragraph", "kind", "title", "area_id", "state", "matter_id", "version")
    return Item(row["mandatory_item_id"], *(row[name] for name in names))


def _said(row: Any) -> Said:  # noqa: ANN401  a record of asyncpg, which has no types
    return Said(
        Question(row["question"]),
        row["yes"],
        row["text"],
        tuple(row["parties"]),
        frozenset(row["groups"]),
        row["paper_sha256"],
    )
