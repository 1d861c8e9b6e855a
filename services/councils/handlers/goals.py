"""Long-term goals of the kredsråd, and what each lokalråd makes of them (O-1-02, O-2-03)."""

from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from contracts.councils.v1.goals import (
    GoalChanged,
    GoalClosed,
    GoalSet,
    ImplementationTaskClosed,
    ImplementationTaskDiscussed,
    ImplementationTaskOpened,
)
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.following import WrongStep
from services.councils.domain.goals import IMPLEMENTATION, GoalChange, GoalClosing, GoalSaid, TaskClosing, outcome_of
from services.councils.domain.matters import Matter, Treated
from services.councils.handlers.chaining import link
from services.councils.handlers.following import begin, bring_up, council, require_decision, step
from services.councils.handlers.matters import when_treated
from services.councils.store import bodies, initiatives, matters, rows
from services.councils.store.rows import GOAL, TASK, Row


async def set_goal(tx: Tx, body: Body, said: GoalSaid) -> Answer:
    """Set a long-term goal, as the kredsråd has decided; each lokalråd is to carry it out."""
    decision = await require_decision(tx, said.decision_id, body)
    facts = said.model_dump() | {"decision_id": decision}
    answer = await begin(tx, body, GOAL, GoalSet, facts)
    goal = await rows.locked(tx, GOAL, UUID(str(answer.ids["goal_id"])))
    if goal:
        await _edition(tx, goal)
        await link(tx, body, ("decision", decision), ("goal", goal["goal_id"]))
        await open_tasks(tx, goal)
    return answer


async def open_tasks(tx: Tx, goal: Row) -> None:
    """Open the task of each lokalråd that has none for a goal yet: once, however often it is asked for."""
    there = {
        task["body_id"] for task in await rows.where(tx, "implementation_task", "body_id", goal_id=goal["goal_id"])
    }
    for body in await bodies.every(tx):
        if body.kind is BodyKind.LOKALRAAD and body.id not in there:
            answer = await begin(tx, body, TASK, ImplementationTaskOpened, {"goal_id": goal["goal_id"]})
            title = f"Udmøntning af kredsrådets langsigtede mål: {goal['title']}"
            await bring_up(tx, body, IMPLEMENTATION, UUID(str(answer.ids[TASK.key])), title, "2")


async def catch_up(tx: Tx) -> None:
    """Open the tasks of a lokalråd that is new, for the goals that were set before it."""
    for goal in await rows.where(tx, "goal", "recorded_at", state="open"):
        await open_tasks(tx, goal)


async def change_goal(tx: Tx, body: Body, row: Row, said: GoalChange) -> Answer:
    """Change an open goal, as the kredsråd has decided; what it said before is kept."""
    _require_open(row)
    decision = await require_decision(tx, said.decision_id, body)
    changed = said.model_dump(exclude={"version"}) | {"decision_id": decision}
    answer = await step(tx, body, GOAL, row, GoalChanged, changed)
    await _edition(tx, row | changed | {"version": row["version"] + 1})
    return answer


async def close_goal(tx: Tx, body: Body, row: Row, said: GoalClosing) -> Answer:
    """Close a goal, as the kredsråd has decided; tasks that are still open close with it."""
    _require_open(row)
    decision = await require_decision(tx, said.decision_id, body)
    for task in await rows.where(tx, "implementation_task", "body_id", goal_id=row["goal_id"], state="open"):
        changed = {"state": "closed", "outcome": "goal_closed"}
        await step(tx, await council(tx, task), TASK, task, ImplementationTaskClosed, changed)
        await matters.withdraw(tx, IMPLEMENTATION, task[TASK.key])
    return await step(tx, body, GOAL, row, GoalClosed, {"state": "closed", "decision_id": decision})


@when_treated(IMPLEMENTATION)
async def discussed(tx: Tx, matter: Matter, treated: Treated) -> None:
    """Note at which meeting a lokalråd discussed a goal."""
    task = await rows.locked(tx, TASK, matter.subject)
    if task and task["state"] == "open":
        changed = {"discussed_at": treated.meeting_id}
        meeting = {"meeting_id": treated.meeting_id}
        await step(tx, await council(tx, task), TASK, task, ImplementationTaskDiscussed, changed, **meeting)


async def close_task(tx: Tx, body: Body, row: Row, said: TaskClosing) -> Answer:
    """Close a lokalråd's task: it was discussed, and led to an initiative or to a reason."""
    _require_open(row)
    serving = await initiatives.serving(tx, row["goal_id"], body.id)
    outcome = outcome_of(
        discussed=row["discussed_at"] is not None, initiatives=serving, no_local_need=said.no_local_need
    )
    changed = {"state": "closed", "outcome": outcome, "no_local_need": said.no_local_need}
    return await step(tx, body, TASK, row, ImplementationTaskClosed, changed)


def _require_open(row: Row) -> None:
    if row["state"] != "open":
        raise WrongStep(state=row["state"])


async def _edition(tx: Tx, goal: Row) -> None:
    names = ("goal_id", "body_id", "title", "horizon_year", "indicator", "decision_id")
    await rows.add(tx, "goal_edition", {name: goal[name] for name in names} | {"number": goal["version"]})
