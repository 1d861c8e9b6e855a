"""Actions: given by a decision, and on the next agenda by themselves when they are late."""

from datetime import date, datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.http import Answer
from chassis.ids import new_id
from contracts.councils.v1.actions import ActionClosed, ActionGiven, ActionMoved, ActionOverdue, SchoolActionClosed
from services.councils.domain.actions import OVERDUE, ActionSaid, Moving, check_ahead
from services.councils.domain.bodies import Body
from services.councils.domain.following import WrongStep, day_is_over, day_of
from services.councils.domain.initiatives import Closing, check_closing
from services.councils.domain.matters import Matter, Treated
from services.councils.handlers.chaining import link
from services.councils.handlers.following import begin, bring_up, council, require_decision, step
from services.councils.handlers.initiatives import result_of
from services.councils.handlers.matters import closes_when
from services.councils.store import clock, followed, matters, rows
from services.councils.store.rows import ACTION, Row

ACTION_DUE = "action_due"
"""The deadline at the end of the day by which an action is to be done."""


async def give(tx: Tx, body: Body, said: ActionSaid) -> Answer:
    """Give an authority something to do, as the council has decided."""
    decision = await require_decision(tx, said.decision_id, body)
    check_ahead(said.due_on, day_of(await clock.now(tx)))
    answer = await begin(tx, body, ACTION, ActionGiven, said.model_dump())
    its_id = UUID(str(answer.ids["action_id"]))
    await link(tx, body, ("decision", decision), ("action", its_id))
    await keep_time(tx, its_id, said.due_on)
    return answer


async def keep_time(tx: Tx, its_id: UUID, due_on: date) -> None:
    """Set or move the deadline of an action."""
    at = day_is_over(due_on)
    await set_deadline(tx, kind=ACTION_DUE, subject=its_id, due_at=at, correlation_id=its_id)


async def move(tx: Tx, body: Body, row: Row, said: Moving) -> Answer:
    """Give an open action another due day: it stands on no agenda until that one has passed."""
    if row["state"] != "open":
        raise WrongStep(state=row["state"])
    check_ahead(said.due_on, day_of(await clock.now(tx)))
    await keep_time(tx, row["action_id"], said.due_on)
    await _off_the_agenda(tx, row)
    return await step(tx, body, ACTION, row, ActionMoved, {"due_on": said.due_on})


async def close(tx: Tx, body: Body, row: Row, said: Closing) -> Answer:
    """Close an action: done with what came of it, or stopped with the reason."""
    check_closing(row["state"], said, measured=False)
    await result_of(tx, body, ("action", row["action_id"]), said, failed=said.state == "stopped")
    await cancel_deadline(tx, kind=ACTION_DUE, subject=row["action_id"])
    await _off_the_agenda(tx, row)
    told = SchoolActionClosed if row["investigation_id"] else ActionClosed
    return await step(tx, body, ACTION, row, told, {"state": said.state})


@due(ACTION_DUE)
async def action_due(subject: UUID, _: datetime, tx: Tx) -> None:
    """Bring an action that is late to its council's next agenda."""
    row = await rows.locked(tx, ACTION, subject)
    if row is None or row["state"] != "open":
        return
    body, late = await council(tx, row), {"overdue_id": new_id(), "due_on": row["due_on"]}
    if await rows.add(tx, "action_overdue", late | {"action_id": subject, "body_id": body.id}):
        title = f"Ikke udført til tiden ({row['due_on']:%d.%m.%Y}): {row['title']}"
        matter = await bring_up(tx, body, OVERDUE, late["overdue_id"], title)
        if matter:
            await link(tx, body, ("action", subject), ("matter", matter))
        await step(tx, body, ACTION, row, ActionOverdue)


@closes_when(OVERDUE)
async def settled(tx: Tx, matter: Matter, _: Treated) -> list[str]:
    """Say what an overdue action still needs: it is closed, or has another due day."""
    is_settled = await followed.is_settled(tx, matter.subject)
    return [] if is_settled else ["handlingen er hverken afsluttet eller har fået en ny frist"]


async def _off_the_agenda(tx: Tx, row: Row) -> None:
    for late in await rows.where(tx, "action_overdue", "due_on", action_id=row["action_id"]):
        await matters.withdraw(tx, OVERDUE, late["overdue_id"])
