"""What was agreed at a meeting: done by its owner, or on the council's next agenda by itself when its day is over."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.ids import new_id
from contracts.refusal import NotFound, StaleVersion
from services.councils.domain.actions import OVERDUE
from services.councils.domain.agendas import Item, opened_to
from services.councils.domain.agreed import AgreementIsDone, check_move
from services.councils.domain.bodies import Body
from services.councils.domain.following import day_is_over
from services.councils.domain.matters import Matter
from services.councils.domain.meetings import day_of
from services.councils.handlers.matters import raise_matter
from services.councils.store import agendas, agreed, clock, matters

AGREED_DUE = "agreed_due"
"""The deadline at the end of the day by which something agreed at a meeting is to be done."""
AGREED_MOVED = "agreed_moved"
"""Due at once when something agreed got another day: its owner may not reach the council's agendas."""


async def agree(tx: Tx, item: Item, task: str, owner: str, due_on: date) -> None:
    """Keep what an authority agreed to do under a point."""
    action_id = new_id()
    await agendas.add_action(tx, action_id, item, task, owner, due_on)
    at = day_is_over(due_on)
    await set_deadline(tx, kind=AGREED_DUE, subject=action_id, due_at=at, correlation_id=item.meeting_id)


async def listed(tx: Tx, body: Body, *, keeps: bool) -> list[dict[str, Any]]:
    """Return what is agreed and open, as far as the asker reads the points under which it was agreed."""
    roles = tx.principal.roles
    return [
        one
        for one in await agreed.open_of_body(tx, body.id)
        if opened_to(one["readers"], roles, confidential=one["confidential"], keeps=keeps)
    ]


async def move(tx: Tx, action_id: UUID, due_on: date, reason: str, expected: int) -> int:
    """Give something agreed another day, with the reason; return its version. The promised day stays in its history.

    Raises:
        AgreementIsDone: there is nothing left to be done.
        StaleVersion: somebody else has moved it.
        InThePast, SameDay: the day is none that it can get.
    """
    row = await agreed.locked(tx, action_id)
    if row is None:
        raise AgreementIsDone
    if row["version"] != expected:
        raise StaleVersion(version=row["version"])
    now = await clock.now(tx)
    check_move(row["due"], due_on, day_of(now))
    await agreed.move(tx, row, due_on, reason)
    of = row["meeting_id"]
    await set_deadline(tx, kind=AGREED_DUE, subject=action_id, due_at=day_is_over(due_on), correlation_id=of)
    await set_deadline(tx, kind=AGREED_MOVED, subject=action_id, due_at=now, correlation_id=of, at_once=True)
    return expected + 1


async def done(tx: Tx, action_id: UUID) -> None:
    """Keep that something agreed is done: it comes on no agenda any more."""
    await agendas.done(tx, action_id)
    await cancel_deadline(tx, kind=AGREED_DUE, subject=action_id)
    await _off_the_agenda(tx, action_id)


async def found(tx: Tx, action_id: UUID) -> UUID:
    """Return the council that agreed something; NotFound where there is no such thing."""
    body_id = await agendas.body_of_action(tx, action_id)
    if body_id is None:
        raise NotFound
    return body_id


async def owner(tx: Tx, action_id: UUID, *, keeps: bool) -> str | None:
    """Return who agreed to do something; None where it belongs to a point that the asker does not read.

    Raises:
        AgreementIsDone: there is nothing left to be done.
    """
    row = await agreed.open_one(tx, action_id)
    if row is None:
        raise AgreementIsDone
    reads = opened_to(row["readers"], tx.principal.roles, confidential=row["confidential"], keeps=keeps)
    return str(row["owner"]) if reads else None


@due(AGREED_DUE)
async def _is_late(action_id: UUID, _: datetime, tx: Tx) -> None:
    """Bring what was agreed and is not done to the next agenda; of a confidential point not its words."""
    late = await agreed.open_one(tx, action_id)
    if late is None or not late["overdue"]:
        return
    task = "aftale under et lukket punkt" if late["confidential"] else late["task"]
    days = f"{late['due']:%d.%m.%Y}"
    if late["promised"] != late["due"]:
        days += f", først lovet {late['promised']:%d.%m.%Y}"
    # Late again after another day it is another matter: the first one may have been treated.
    subject = (await agreed.subjects(tx, action_id))[-1]
    await raise_matter(
        tx, Matter(new_id(), late["body_id"], OVERDUE, subject, f"Ikke udført til tiden ({days}): {task}")
    )


@due(AGREED_MOVED)
async def _has_another_day(action_id: UUID, _: datetime, tx: Tx) -> None:
    """Take what is not late any more from what waits for the next agenda."""
    row = await agreed.open_one(tx, action_id)
    if row is not None and not row["overdue"]:
        await _off_the_agenda(tx, action_id)


async def _off_the_agenda(tx: Tx, action_id: UUID) -> None:
    for subject in await agreed.subjects(tx, action_id):
        await matters.withdraw(tx, OVERDUE, subject)
