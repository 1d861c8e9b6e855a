"""The rows of what is followed up: each kind in a table of its own, beside the council that it belongs to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is followed up: its table, and the column of its id."""

    table: str
    key: str


GOAL = Kind("goal", "goal_id")
TASK = Kind("implementation_task", "implementation_task_id")
PRIORITIES = Kind("priority_list", "priority_list_id")
INITIATIVE = Kind("initiative", "initiative_id")
ACTION = Kind("action", "action_id")
TARGET = Kind("joint_target", "joint_target_id")
EFFORT = Kind("joint_effort", "joint_effort_id")
AGREEMENT = Kind("agreement", "agreement_id")
AGREEMENT_INITIATIVE = Kind("agreement_initiative", "agreement_initiative_id")
MODEL = Kind("cooperation_model", "cooperation_model_id")
TRAINING = Kind("training_concept", "training_concept_id")
PREVENTION_MEETING = Kind("prevention_meeting", "prevention_meeting_id")
ASSESSMENT = Kind("topic_assessment", "topic_assessment_id")
INVESTIGATION = Kind("investigation", "investigation_id")
ACCOUNT = Kind("yearly_account", "yearly_account_id")


async def add(tx: Tx, table: str, facts: Row) -> bool:
    """Save a row; False where what must be there once is there already."""
    columns, places = ", ".join(facts), ", ".join(f"${place}" for place in range(1, len(facts) + 1))
    sql = f"insert into {table} ({columns}) values ({places}) on conflict do nothing"  # noqa: S608  names of the code
    return await tx.execute(sql, *facts.values()) == "INSERT 0 1"


async def found(tx: Tx, kind: Kind, its_id: UUID) -> Row | None:
    """Return one thing."""
    sql = f"select * from {kind.table} where {kind.key} = $1"  # noqa: S608  names of the code
    row = await tx.fetchrow(sql, its_id)
    return None if row is None else dict(row)


async def locked(tx: Tx, kind: Kind, its_id: UUID) -> Row | None:
    """Return one thing with its row locked; none where it is another council's."""
    sql = f"select * from {kind.table} where {kind.key} = $1 for update"  # noqa: S608  names of the code
    row = await tx.fetchrow(sql, its_id)
    return None if row is None else dict(row)


async def change(tx: Tx, kind: Kind, row: Row, changed: Row) -> None:
    """Change a locked thing; its version counts one up."""
    columns = "".join(f"{name} = ${place}, " for place, name in enumerate(changed, 3))
    sql = f"update {kind.table} set {columns}version = version + 1 where {kind.key} = $1 and version = $2"  # noqa: S608  names of the code
    await tx.change_one(sql, row[kind.key], row["version"], *changed.values())


async def where(tx: Tx, table: str, order: str, **wanted: object) -> list[Row]:
    """Return the rows of a table that are as wanted, in an order; what is None is not asked for."""
    asked = {name: value for name, value in wanted.items() if value is not None}
    when = " and ".join(f"{name} = ${place}" for place, name in enumerate(asked, 1)) or "true"
    sql = f"select * from {table} where {when} order by {order}"  # noqa: S608  names of the code
    return [dict(row) for row in await tx.fetch(sql, *asked.values())]
