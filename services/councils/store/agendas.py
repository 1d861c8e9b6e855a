"""The SQL of agendas: the points, what became of them, and what was agreed to be done."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.agendas import Item, ItemKind, ItemState, Origin, Sammenhaeng, in_order
from services.councils.domain.meetings import Meeting
from services.councils.domain.minutes import TREATS_A_TOPIC, Result


async def add(tx: Tx, new: Item) -> None:
    """Save a point."""
    both = new.sammenhaeng
    await tx.execute(
        "insert into agenda_item (item_id, meeting_id, body_id, place, came_by, code, title, kind, responsible,"
        " police_task, municipal_task, confidential, readers, matter_id, mandatory, paragraph, carried_from,"
        " proposed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        *(new.id, new.meeting_id, new.body_id, new.place, new.came_by, new.code, new.title, new.kind, new.responsible),
        *(both.police_task if both else None, both.municipal_task if both else None, new.confidential),
        *(list(new.readers), new.matter_id, new.mandatory, new.paragraph, new.carried_from, tx.principal.subject),
    )


async def of_meeting(tx: Tx, meeting_id: UUID) -> list[Item]:
    """Return a meeting's points in order, those that were left out too."""
    rows = await tx.fetch("select * from agenda_item where meeting_id = $1", meeting_id)
    return in_order(_item(row) for row in rows)


async def found(tx: Tx, item_id: UUID) -> Item | None:
    """Return a point."""
    row = await tx.fetchrow("select * from agenda_item where item_id = $1", item_id)
    return None if row is None else _item(row)


async def results(tx: Tx, meeting_id: UUID) -> dict[UUID, dict[str, Any]]:
    """Return what became of each point of a meeting."""
    rows = await tx.fetch(
        "select item_id, outcome, said, decision_id, decided, put_off_to, withheld from agenda_item"
        " where meeting_id = $1",
        meeting_id,
    )
    return {row["item_id"]: dict(row) for row in rows}


async def last_place(tx: Tx, meeting_id: UUID) -> int:
    """Return the last place of an agenda; 0 where it is empty."""
    place: int = await tx.fetchval("select coalesce(max(place), 0) from agenda_item where meeting_id = $1", meeting_id)
    return place


async def place_at(tx: Tx, places: dict[UUID, int]) -> None:
    """Put points in another order."""
    await tx.executemany("update agenda_item set place = $2 where item_id = $1", list(places.items()))


async def change(tx: Tx, item: Item) -> None:
    """Save a point's words, who presents it and who reads it."""
    both = item.sammenhaeng
    await tx.change_one(
        "update agenda_item set title = $2, kind = $3, responsible = $4, police_task = $5, municipal_task = $6,"
        " confidential = $7, readers = $8 where item_id = $1 and state = 'placed'",
        *(item.id, item.title, item.kind, item.responsible, both.police_task if both else None),
        *(both.municipal_task if both else None, item.confidential, list(item.readers)),
    )


async def leave_out(tx: Tx, item_id: UUID, reason: str) -> None:
    """Save that a point is left out, and why."""
    await tx.change_one(
        "update agenda_item set state = 'withdrawn', reason = $2 where item_id = $1 and state = 'placed'",
        *(item_id, reason),
    )


async def treat(tx: Tx, item_id: UUID, result: Result, decision_id: UUID | None) -> None:
    """Save what became of a point."""
    await tx.change_one(
        "update agenda_item set state = 'treated', outcome = $2, said = $3, decision_id = $4, decided = $5,"
        " put_off_to = $6 where item_id = $1 and state = 'placed'",
        *(item_id, result.outcome, result.text, decision_id, result.decision, result.put_off_to),
    )


async def correct(tx: Tx, item_id: UUID, said: str, decided: str) -> None:
    """Save other words about a treated point."""
    await tx.change_one(
        "update agenda_item set said = $2, decided = $3 where item_id = $1 and state = 'treated'",
        *(item_id, said, decided),
    )


async def to_carry(tx: Tx, meeting: Meeting) -> list[Item]:
    """Return what an earlier meeting left: the same point again, and what a meeting that was called off had."""
    rows = await tx.fetch(
        "select i.* from agenda_item i join meeting m using (meeting_id) where i.body_id = $1 and m.starts_at < $2"
        " and (i.outcome = 'carried' or (m.state = 'cancelled' and i.state = 'placed'"
        " and i.came_by in ('proposal', 'carried')))"
        " and not exists (select from agenda_item n where n.carried_from = i.item_id) order by m.starts_at, i.place",
        *(meeting.body_id, meeting.starts_at),
    )
    return [_item(row) for row in rows]


async def topics_treated(tx: Tx, body_id: UUID, year: int) -> set[str]:
    """Return the standing topics that a council treated at its meetings of a year."""
    rows = await tx.fetch(
        "select distinct code from agenda_item join meeting using (meeting_id) where meeting.body_id = $1"
        " and extract(year from starts_at at time zone 'Europe/Copenhagen') = $2 and came_by in ('standing', 'carried')"
        " and outcome = any($3)",
        *(body_id, year, [one.value for one in TREATS_A_TOPIC]),
    )
    return {row["code"] for row in rows}


async def sammenhaeng(tx: Tx, body_id: UUID, year: int) -> list[dict[str, Any]]:
    """Return the points of a year about sammenhaeng with both tasks and what became of them (O-1-07)."""
    rows = await tx.fetch(
        "select meeting_id, item_id, starts_at, title, police_task, municipal_task, agenda_item.state, outcome,"
        " decision_id, confidential, readers from agenda_item join meeting using (meeting_id)"
        " where meeting.body_id = $1 and police_task is not null and agenda_item.state <> 'withdrawn'"
        " and extract(year from starts_at at time zone 'Europe/Copenhagen') = $2 order by starts_at, agenda_item.place",
        *(body_id, year),
    )
    return [dict(row) for row in rows]


async def add_action(tx: Tx, action_id: UUID, item: Item, task: str, owner: str, due: date) -> None:
    """Save something that an authority agreed to do."""
    await tx.execute(
        "insert into meeting_action (action_id, body_id, meeting_id, item_id, task, owner, due)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        *(action_id, item.body_id, item.meeting_id, item.id, task, owner, due),
    )


async def actions(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return what was agreed at a meeting, each with the day that was promised there."""
    rows = await tx.fetch(
        "select a.action_id, item_id, task, owner, coalesce(m.due_before, a.due) as due, done_at from meeting_action a"
        " left join meeting_action_move m on m.action_id = a.action_id and m.number = 1 where a.meeting_id = $1"
        " order by 5, a.action_id",
        meeting_id,
    )
    return [dict(row) for row in rows]


async def body_of_action(tx: Tx, action_id: UUID) -> UUID | None:
    """Return the council that agreed something."""
    body_id: UUID | None = await tx.fetchval("select body_id from meeting_action where action_id = $1", action_id)
    return body_id


async def done(tx: Tx, action_id: UUID) -> None:
    """Save that something agreed is done; the first time counts."""
    await tx.execute(
        "update meeting_action set done_at = clock(), done_by = $2 where action_id = $1 and done_at is null",
        *(action_id, tx.principal.subject),
    )


def _item(row: Any) -> Item:  # noqa: ANN401  a record of asyncpg, which has no types
    both = Sammenhaeng(row["police_task"], row["municipal_task"]) if row["police_task"] else None
    return Item(
        *(row["item_id"], row["meeting_id"], row["body_id"], row["place"], Origin(row["came_by"]), row["code"]),
        *(row["title"], ItemKind(row["kind"]), row["responsible"], both, row["confidential"], tuple(row["readers"])),
        *(row["matter_id"], row["mandatory"], row["paragraph"], row["carried_from"], ItemState(row["state"])),
        row["reason"],
    )
