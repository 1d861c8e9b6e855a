"""The SQL of lists that show what is late first."""

from typing import Any
from uuid import UUID

from chassis.database import Tx

_LATE = "state = 'open' and due_on < (clock() at time zone 'Europe/Copenhagen')::date"
"""The one rule of what is late: it is open, and its day is over in Denmark."""

_PROMISED = """
select 'action' as kind, action_id, body_id, title, owner, due_on, state, version, null::uuid as meeting_id,
    null::uuid as item_id, false as confidential, '{}'::text[] as readers from action
union all
select 'agreed', action_id, m.body_id, task, owner, due, case when done_at is null then 'open' else 'done' end, 1,
    m.meeting_id, item_id, confidential, readers from meeting_action m join agenda_item using (item_id)
"""
"""What an authority has promised a council: by a decision, or under a point of a meeting."""


async def promised(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return all that authorities have promised a council: what is late first, and what is over last."""
    rows = await tx.fetch(
        f"select p.*, {_LATE} as overdue, r.note as result_note from ({_PROMISED}) p"  # noqa: S608  no value from outside
        " left join measured_result r on p.kind = 'action' and r.of_kind = 'action' and r.of_id = p.action_id"
        " where p.body_id = $1 order by overdue desc, (state = 'open') desc, due_on, p.action_id",
        body_id,
    )
    return [dict(row) for row in rows]


async def actions(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return a council's actions: what is late first, and what is over last."""
    rows = await tx.fetch(
        f"select a.*, {_LATE} as overdue, r.note as result_note from action a"  # noqa: S608  no value from outside
        " left join measured_result r on r.of_kind = 'action' and r.of_id = a.action_id where a.body_id = $1"
        " order by overdue desc, (state = 'open') desc, due_on, action_id",
        body_id,
    )
    return [dict(row) for row in rows]


async def is_settled(tx: Tx, overdue_id: UUID) -> bool:
    """Say whether what was late, an action or something agreed at a meeting, is done by now or has another day."""
    return not await tx.fetchval(
        "select exists (select from action_overdue o join action a using (action_id)"
        " where overdue_id = $1 and a.state = 'open' and a.due_on <= o.due_on) or exists (select from meeting_action"
        " where done_at is null and due < (clock() at time zone 'Europe/Copenhagen')::date and action_id in"
        " (select $1 union all select action_id from meeting_action_move where move_id = $1))",
        overdue_id,
    )


async def targets(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return a council's targets with their reviews: those that lack one first."""
    rows = await tx.fetch(
        "select * from joint_target where body_id = $1 order by missing_year nulls last, first_year, joint_target_id",
        body_id,
    )
    reviews = await tx.fetch(
        "select joint_target_id, year, measured, missed, note from target_review where body_id = $1 order by year",
        body_id,
    )
    of = [
        (one["joint_target_id"], {name: one[name] for name in ("year", "measured", "missed", "note")})
        for one in reviews
    ]
    return [dict(row) | {"reviews": [its for its_id, its in of if its_id == row["joint_target_id"]]} for row in rows]


async def verdicts(tx: Tx, topic: str) -> list[dict[str, Any]]:
    """Return how the councils judge a topic: the kredsråd first, then each lokalråd beside it, the newest first."""
    rows = await tx.fetch(
        "select t.*, b.kind as council, b.kommunekode from topic_assessment t join body b using (body_id)"
        " where topic = $1 order by b.kommunekode nulls first, assessed_on desc, topic_assessment_id desc",
        topic,
    )
    return [dict(row) for row in rows]
