"""Tasks that the staff asks authorities for."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.tasks import RUNNING, State

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is proposed."""

    task_id: UUID
    activation_id: UUID
    title: str
    description: str
    sector: str
    authority: str
    due_at: datetime | None


async def add(tx: Tx, new: Task, by: tuple[str, str], at: datetime) -> None:
    """Save a task; `by` is who asks, and for which authority."""
    await tx.execute(
        "insert into task (task_id, activation_id, title, description, sector, authority, state, due_at, proposed_by,"
        " proposed_by_authority, proposed_at, changed_by, changed_at, version)"
        " values ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8, $9, $10, $8, $10, 1)",
        *(new.task_id, new.activation_id, new.title, new.description, new.sector, new.authority, new.due_at, *by, at),
    )


async def find(tx: Tx, activation_id: UUID, task_id: UUID) -> "Record | None":
    """Return a task of an activation."""
    return await tx.fetchrow("select * from task where activation_id = $1 and task_id = $2", activation_id, task_id)


async def by_id(tx: Tx, task_id: UUID) -> "Record | None":
    """Return a task."""
    return await tx.fetchrow("select * from task where task_id = $1", task_id)


async def of_activation(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the tasks of an activation, the oldest first."""
    return await tx.fetch("select * from task where activation_id = $1 order by proposed_at, task_id", activation_id)


async def put(tx: Tx, task_id: UUID, state: State, by: str, reason: str, at: datetime) -> None:
    """Put a task at another state."""
    await tx.change_one(
        "update task set state = $2, changed_by = $3, reason = $4, changed_at = $5, version = version + 1"
        " where task_id = $1",
        *(task_id, state, by, reason, at),
    )


async def ask_another(tx: Tx, task_id: UUID, authority: str, sector: str) -> None:
    """Let a task be another authority's; its state and version are put beside it."""
    await tx.change_one("update task set authority = $2, sector = $3 where task_id = $1", task_id, authority, sector)


async def hand_over(tx: Tx, task_id: UUID, to: str, by: str, reason: str, at: datetime) -> None:
    """Let somebody outside the staff take a task over."""
    await tx.change_one(
        "update task set state = 'handed_over', handed_over_to = $2, changed_by = $3, reason = $4, changed_at = $5,"
        " version = version + 1 where task_id = $1",
        *(task_id, to, by, reason, at),
    )


async def overdue(tx: Tx) -> "list[Record]":
    """Return how many tasks are past their time and neither answered nor done, by sector."""
    return await tx.fetch(
        "select sector, count(*) from task where state = any($1) and due_at <= clock() group by sector",
        sorted(RUNNING),
    )
