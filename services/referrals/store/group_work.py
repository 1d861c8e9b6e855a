"""What a group does for its cases: contributions and answers, decisions and tasks, updates and questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.referrals.domain.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a case."""

    id: UUID
    case: UUID
    meeting: UUID
    owner: str
    code: str
    text_id: UUID | None
    due_at: datetime
    given_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one member to another."""

    id: UUID
    case: UUID
    asked_by: str
    asked: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sharer:
    """Who shared something, in which case, and why that was necessary."""

    case: UUID
    authority: str
    necessity: str


async def contribute(
    tx: Tx, contribution_id: UUID, case: UUID, said: tuple[str, str], texts: tuple[UUID, UUID]
) -> None:
    """Save what the asking authority shares; `said` is profession and necessity, `texts` why it is needed, and what."""
    await tx.execute(
        "insert into contribution (contribution_id, group_case_id, profession, necessity, necessity_text_id, text_id)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(contribution_id, case, *said, *texts),
    )


_SHARERS = {
    "contribution": "select group_case_id, authority, necessity from contribution where contribution_id = $1",
    "update": "select group_case_id, authority, 'receiver-must-decide' from group_update where update_id = $1",
    "question": "select group_case_id, asked_authority, 'receiver-must-decide' from question where question_id = $1",
}


async def sharer(tx: Tx, kind: str, subject: UUID) -> Sharer | None:
    """Return who shared something, in which case and why."""
    row = await tx.fetchrow(_SHARERS[kind], subject)
    return Sharer(*row) if row else None


async def own_answer(tx: Tx, case: UUID) -> tuple[Sharing, int]:
    """Return what the asking authority has answered, and the answer's version; 0 where it has said nothing."""
    row = await tx.fetchrow(
        "select answer, version from sharing_answer where group_case_id = $1 and authority = $2 and office = $3",
        *(case, tx.principal.authority, tx.principal.office),
    )
    return (Sharing(row["answer"]), row["version"]) if row else (Sharing.ASKED, 0)


async def put_answer(tx: Tx, case: UUID, answer: Sharing) -> None:
    """Save what the asking authority answers."""
    await tx.execute(
        "insert into sharing_answer (group_case_id, answer) values ($1, $2)"
        " on conflict (group_case_id, authority, office) do update set answer = excluded.answer, answered_at = clock(),"
        " version = sharing_answer.version + 1",
        *(case, answer),
    )


async def answers(tx: Tx, case: UUID) -> dict[str, Sharing]:
    """Return what each authority has answered, by seat."""
    rows = await tx.fetch(
        "select authority || '.' || office as seat, answer from sharing_answer where group_case_id = $1", case
    )
    return {row["seat"]: Sharing(row["answer"]) for row in rows}


async def decide(tx: Tx, decision_id: UUID, case: UUID, meeting: UUID, code: str, text_id: UUID | None) -> None:
    """Save what a meeting decides in a case."""
    await tx.execute(
        "insert into group_decision (decision_id, group_case_id, meeting_id, code, text_id, review_at)"
        " select $1, $2, $3, $4, $5, review_at from group_case where group_case_id = $2",
        *(decision_id, case, meeting, code, text_id),
    )


async def add_task(tx: Tx, task: Task) -> None:
    """Save a task that its meeting gives when it closes."""
    authority, _, office = task.owner.partition(".")
    await tx.execute(
        "insert into group_task (task_id, group_case_id, meeting_id, authority, office, code, text_id, due_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(task.id, task.case, task.meeting, authority, office, task.code, task.text_id, task.due_at),
    )


_TASK = (
    "select task_id, group_case_id, meeting_id, authority || '.' || office as owner, code, text_id, due_at, given_at,"
    " done_at from group_task where"
)


async def tasks_of(tx: Tx, meeting_id: UUID) -> list[Task]:
    """Return a meeting's tasks that the asker sees, by case."""
    rows = await tx.fetch(f"{_TASK} meeting_id = $1 order by group_case_id, due_at, task_id", meeting_id)
    return [Task(*row) for row in rows]


async def given(tx: Tx, meeting_id: UUID) -> None:
    """Save that a meeting's tasks are out."""
    await tx.execute("update group_task set given_at = clock() where meeting_id = $1", meeting_id)


async def task(tx: Tx, task_id: UUID) -> Task | None:
    """Lock a task."""
    row = await tx.fetchrow(f"{_TASK} task_id = $1", task_id)
    return Task(*row) if row else None


async def done(tx: Tx, task_id: UUID) -> None:
    """Save that a task is done."""
    await tx.change_one("update group_task set done_at = clock() where task_id = $1 and done_at is null", task_id)


async def reminded(tx: Tx, task_id: UUID) -> None:
    """Save that somebody was reminded of a task."""
    await tx.change_one("update group_task set reminded_at = clock() where task_id = $1", task_id)


async def post(tx: Tx, update_id: UUID, case: UUID, text_id: UUID) -> None:
    """Save what a member tells the others."""
    await tx.execute(
        "insert into group_update (update_id, group_case_id, text_id) values ($1, $2, $3)", update_id, case, text_id
    )


async def ask(tx: Tx, question_id: UUID, case: UUID, to: str, text_id: UUID, answer_by: datetime) -> None:
    """Save what the asking authority asks another one."""
    authority, _, office = to.partition(".")
    await tx.execute(
        "insert into question (question_id, group_case_id, asked_authority, asked_office, text_id, answer_by)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(question_id, case, authority, office, text_id, answer_by),
    )


async def question(tx: Tx, question_id: UUID) -> Question | None:
    """Return a question of a case that the asker sees."""
    row = await tx.fetchrow(
        "select question_id, group_case_id, authority || '.' || office, asked_authority || '.' || asked_office,"
        " answered_at from question where question_id = $1",
        question_id,
    )
    return Question(*row) if row else None


async def answered(tx: Tx, question_id: UUID, text_id: UUID) -> None:
    """Save an answer."""
    await tx.change_one(
        "update question set answer_text_id = $2, answered_at = clock() where question_id = $1 and answered_at is null",
        *(question_id, text_id),
    )


LISTS = {
    "contributions": "select contribution_id, authority, office, profession, necessity,"
    " necessity_text_id as why_text_id, text_id, given_at from contribution where group_case_id = $1"
    " order by given_at, contribution_id",
    "decisions": "select decision_id, meeting_id, code, text_id, review_at, decided_at from group_decision"
    " where group_case_id = $1 order by decided_at, decision_id",
    "tasks": "select task_id, meeting_id, authority, office, code, text_id, due_at, given_at, done_at from group_task"
    " where group_case_id = $1 and given_at is not null order by due_at, task_id",
    "updates": "select update_id, authority, office, text_id, posted_at from group_update"
    " where group_case_id = $1 order by posted_at, update_id",
    "questions": "select question_id, authority, office, asked_authority, asked_office, text_id, answer_text_id,"
    " asked_at, answer_by, answered_at from question where group_case_id = $1 order by asked_at, question_id",
    "actors": "select actor_id, authority, office, standing, scope, until, removed_at from actor"
    " where group_case_id = $1 order by invited_at, actor_id",
}
"""What a case holds, each list with its own statement."""


async def held(tx: Tx, case: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return all that a case holds, with the ids of the words that persons keeps."""
    return {name: [dict(row) for row in await tx.fetch(statement, case)] for name, statement in LISTS.items()}
