"""Tasks: the staff asks an authority, and that authority answers; what is late is shown and not decided."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.gauges import looked_at, show
from chassis.outbox import append
from contracts.beredskabsstab.v1 import TaskAccepted, TaskDeclined, TaskDone, TaskProposed, TaskWithdrawn
from contracts.refusal import NotFound
from services.beredskabsstab.domain.log import Kind, Line
from services.beredskabsstab.domain.sector import party_of, require_own
from services.beredskabsstab.domain.tasks import (
    OF_THE_SECTOR,
    OPEN,
    RUNNING,
    Act,
    State,
    decide,
    require_sector,
    require_time,
)
from services.beredskabsstab.handlers.log import say
from services.beredskabsstab.handlers.under_way import name_of, under_way
from services.beredskabsstab.store import activations, calls, plans, tasks
from services.beredskabsstab.store.tasks import Task

if TYPE_CHECKING:
    from asyncpg import Record

DUE = "task-due"
"""The deadline at which a task that is not done is shown as late."""

OVERDUE = Gauge("staff_tasks_overdue", "Tasks of the staff past their time, neither declined nor done", ["sector"])

TOLD = {
    Act.ACCEPT: TaskAccepted,
    Act.DECLINE: TaskDeclined,
    Act.COMPLETE: TaskDone,
    Act.WITHDRAW: TaskWithdrawn,
    Act.HAND_OVER: TaskWithdrawn,
}

ASKED: Line = (Kind.ACTION, "{who} er spurgt om en opgave: {title}.")
LATE: Line = (Kind.INFORMATION, "Fristen er passeret for {who}: {title}.")
SAYS: dict[Act, Line] = {
    Act.ACCEPT: (Kind.ACTION, "{who} har taget opgaven: {title}."),
    Act.DECLINE: (Kind.INFORMATION, "{who} har afslået opgaven: {title}. Begrundelse: {reason}"),
    Act.COMPLETE: (Kind.ACTION, "{who} har løst opgaven: {title}."),
    Act.WITHDRAW: (Kind.DECISION, "Opgaven er trukket tilbage: {title}. Begrundelse: {reason}"),
    Act.REASSIGN: (Kind.DECISION, "{who} er spurgt i stedet: {title}. Begrundelse: {reason}"),
    Act.HAND_OVER: (Kind.DECISION, "Opgaven er afleveret: {title}. {reason}"),
}


async def propose(tx: Tx, new: Task) -> None:
    """Ask an authority to do something within its own sector."""
    row = await under_way(tx, new.activation_id)
    party = party_of(plans.document(row), new.authority)
    require_sector(party, new.sector)
    new = replace(new, authority=party.authority)
    now, who = await plans.now(tx), tx.principal
    require_time(new.due_at, now)
    await tasks.add(tx, new, (who.subject, who.authority), now)
    await say(tx, new.activation_id, ASKED, who=name_of(new.authority), title=new.title)
    await _asked(tx, new.activation_id, new.task_id, now)


async def _asked(tx: Tx, activation_id: UUID, task_id: UUID, now: datetime) -> int:
    """Tell that a task waits for an answer, and watch its time; returns its version."""
    task = await _found(tx, activation_id, task_id)
    event = TaskProposed(
        task_id=task_id,
        activation_id=activation_id,
        authority=task["authority"],
        sector=task["sector"],
        due_at=task["due_at"],
    )
    await append(tx, event, version=task["version"], correlation_id=activation_id, time=now)
    if task["due_at"] and task["due_at"] > now:
        await set_deadline(tx, kind=DUE, subject=task_id, due_at=task["due_at"], correlation_id=activation_id)
    await calls.touch(tx, activation_id)
    return int(task["version"])


async def _found(tx: Tx, activation_id: UUID, task_id: UUID) -> "Record":
    task = await tasks.find(tx, activation_id, task_id)
    if task is None:
        raise NotFound
    return task


async def act(tx: Tx, activation_id: UUID, task_id: UUID, what: Act, reason: str = "") -> int:
    """Do something with a task; what is its sector's only the asked authority does. Returns its version."""
    row = await under_way(tx, activation_id)
    task = await _found(tx, activation_id, task_id)
    if what in OF_THE_SECTOR:
        require_own(plans.document(row), tx.principal.authority, task["authority"])
    after, now = decide(State(task["state"]), what, reason), await plans.now(tx)
    await tasks.put(tx, task_id, after, tx.principal.subject, reason, now)
    await _say(tx, task, what, reason)
    await _tell(tx, task, what, now)
    await calls.touch(tx, activation_id)
    return int(task["version"]) + 1


async def reassign(tx: Tx, activation_id: UUID, task_id: UUID, to: tuple[str, str], reason: str) -> int:
    """Ask another authority, or the same again, about a task that was declined; returns its version.

    `to` is the authority and its sector.
    """
    row = await under_way(tx, activation_id)
    task = await _found(tx, activation_id, task_id)
    after, now = decide(State(task["state"]), Act.REASSIGN, reason), await plans.now(tx)
    authority, sector = to
    party = party_of(plans.document(row), authority)
    require_sector(party, sector)
    await tasks.ask_another(tx, task_id, party.authority, sector)
    await tasks.put(tx, task_id, after, tx.principal.subject, reason, now)
    await _say(tx, await _found(tx, activation_id, task_id), Act.REASSIGN, reason)
    return await _asked(tx, activation_id, task_id, now)


async def open_ones(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the tasks that are neither done nor out of the staff's hands."""
    return [one for one in await tasks.of_activation(tx, activation_id) if State(one["state"]) in OPEN]


async def hand_over(tx: Tx, open_tasks: "list[Record]", to: str, now: datetime) -> None:
    """Record who takes over the tasks that are open when the staff ends."""
    for task in open_tasks:
        reason = f"Overtages af: {to}."
        decide(State(task["state"]), Act.HAND_OVER, reason)
        await tasks.hand_over(tx, task["task_id"], to, tx.principal.subject, reason, now)
        await _say(tx, task, Act.HAND_OVER, reason)
        await _tell(tx, task, Act.HAND_OVER, now)


async def _say(tx: Tx, task: "Record", what: Act, reason: str) -> None:
    words = {"who": name_of(task["authority"]), "title": task["title"], "reason": reason}
    await say(tx, task["activation_id"], SAYS[what], **words)


async def _tell(tx: Tx, task: "Record", what: Act, now: datetime) -> None:
    said = {"task_id": task["task_id"], "activation_id": task["activation_id"], "authority": task["authority"]}
    more = {"handed_over": what is Act.HAND_OVER} if TOLD[what] is TaskWithdrawn else {}
    event = TOLD[what].model_validate(said | {"sector": task["sector"]} | more)
    await append(tx, event, version=task["version"] + 1, correlation_id=task["activation_id"], time=now)
    if what is not Act.ACCEPT:
        await cancel_deadline(tx, kind=DUE, subject=task["task_id"])


@due(DUE)
async def late(task_id: UUID, _: datetime, tx: Tx) -> None:
    """Show a task as late: nobody is told what to do about it."""
    task = await tasks.by_id(tx, task_id)
    if task is None:
        return
    row = await activations.hold(tx, task["activation_id"])
    task = await tasks.by_id(tx, task_id)
    if row is None or task is None or State(task["state"]) not in RUNNING:
        return
    await say(tx, task["activation_id"], LATE, who=name_of(task["authority"]), title=task["title"])
    await calls.touch(tx, task["activation_id"])


@looked_at
async def what_is_late(tx: Tx) -> None:
    """Show how many tasks are past their time, by sector."""
    show(OVERDUE, await tasks.overdue(tx))
