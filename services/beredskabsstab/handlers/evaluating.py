"""What follows an activation: its evaluation has an owner from the end on, and each finding is followed to done."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.gauges import looked_at, show
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.beredskabsstab.v1 import (
    EvaluationConcluded,
    EvaluationOverdue,
    FindingOverdue,
    FindingRecorded,
    FindingResolved,
)
from contracts.refusal import NotFound
from services.beredskabsstab.domain import evaluation as rules
from services.beredskabsstab.domain import words as wording
from services.beredskabsstab.domain.keeping import KEPT
from services.beredskabsstab.domain.log import Kind, Line
from services.beredskabsstab.domain.steps import ReasonMissing, State
from services.beredskabsstab.handlers.keeping import GOES
from services.beredskabsstab.handlers.log import say
from services.beredskabsstab.handlers.under_way import name_of
from services.beredskabsstab.store import activations, calls, evaluations, plans

if TYPE_CHECKING:
    from asyncpg import Record

OVERDUE = "finding-overdue"
"""The deadline by which a finding is to be followed up."""

Told = FindingRecorded | FindingResolved | FindingOverdue | EvaluationOverdue | EvaluationConcluded

EVALUATE = "evaluation-overdue"
"""The deadline by which an evaluation is to be concluded."""

OPENED: Line = (Kind.ACTION, "Evalueringen er åbnet. {who} skal afslutte den senest {due}.")
PASSED: Line = (Kind.INFORMATION, "Fristen for evalueringen var {due}. {who} mangler at afslutte den.")
CONCLUDED: Line = (Kind.DECISION, "Evalueringen er afsluttet.")

OWED = Gauge("beredskabsstab_evaluations_overdue", "Evaluations that should have been concluded", ["authority"])
LATE = Gauge("beredskabsstab_findings_overdue", "Findings that should have been followed up", ["authority"])


async def open_one(tx: Tx, row: "Record", now: datetime) -> None:
    """Open the evaluation of an activation that ends now; the chair's authority answers for it (ledger 3.4)."""
    owner = plans.document(row).chair
    activation_id, due_at = row["activation_id"], now + rules.DUE_AFTER
    await evaluations.open_one(tx, activation_id, owner, due_at, now)
    await set_deadline(tx, kind=EVALUATE, subject=activation_id, due_at=due_at, correlation_id=activation_id)
    await say(tx, activation_id, OPENED, who=name_of(owner), due=wording.day(due_at))


async def _ended(tx: Tx, activation_id: UUID) -> "tuple[Record, Record | None]":
    row = await activations.find(tx, activation_id)
    if row is None:
        raise NotFound
    return row, await evaluations.find(tx, activation_id)


async def find(
    tx: Tx, activation_id: UUID, words: str, owned: tuple[str, datetime] | None, who: Principal
) -> tuple[UUID, int]:
    """Record what was found; any authority of the staff may, and the chair gives it to one. Returns id and version."""
    version = await activations.next_version(tx, activation_id)
    activation, evaluation = await _ended(tx, activation_id)
    rules.require_open(
        State(activation["state"]), concluded=evaluation is not None and evaluation["state"] == "concluded"
    )
    now, finding_id = await plans.now(tx), new_id()
    owner, due_at = await _owned(tx, activation_id, owned, now)
    row: dict[str, object] = {
        "finding_id": finding_id,
        "activation_id": activation_id,
        "words": words,
        "owner": owner,
        "due_at": due_at,
    }
    await evaluations.add_finding(tx, row | {"by": who.subject, "authority": who.authority, "at": now})
    await _follow(tx, activation_id, finding_id, owner, due_at, version)
    return finding_id, version


async def _owned(
    tx: Tx, activation_id: UUID, owned: tuple[str, datetime] | None, now: datetime
) -> tuple[str | None, datetime | None]:
    if owned is None:
        return None, None
    owner, due_at = owned
    if owner not in activations.authorities(await activations.parties(tx, activation_id)):
        raise rules.OutsideTheStaff
    rules.require_to_come(due_at, now)
    return owner, due_at


async def _follow(
    tx: Tx, activation_id: UUID, finding_id: UUID, owner: str | None, due_at: datetime | None, version: int
) -> None:
    if due_at is not None:
        await set_deadline(tx, kind=OVERDUE, subject=finding_id, due_at=due_at, correlation_id=activation_id)
    event = FindingRecorded(activation_id=activation_id, finding_id=finding_id, owner=owner, due_at=due_at)
    await _tell(tx, event, version)
    await calls.touch(tx, activation_id)


async def _tell(tx: Tx, event: Told, version: int) -> None:
    await append(tx, event, version=version, correlation_id=event.activation_id, time=await plans.now(tx))


async def _finding(tx: Tx, activation_id: UUID, finding_id: UUID) -> "Record":
    row = await evaluations.finding(tx, activation_id, finding_id)
    if row is None:
        raise NotFound
    if row["state"] == "done":
        raise rules.AlreadyDone
    return row


async def give(tx: Tx, activation_id: UUID, finding_id: UUID, owner: str, due_at: datetime) -> int:
    """Give a finding to an authority of the staff, with a time; also another one, or another time."""
    version = await activations.next_version(tx, activation_id)
    await _finding(tx, activation_id, finding_id)
    await _owned(tx, activation_id, (owner, due_at), await plans.now(tx))
    await evaluations.give(tx, finding_id, owner, due_at)
    await _follow(tx, activation_id, finding_id, owner, due_at, version)
    return version


async def resolve(tx: Tx, activation_id: UUID, finding_id: UUID, words: str, who: Principal, *, leads: bool) -> int:
    """Say that a finding is followed up, and how: its owner does, or the chair."""
    version = await activations.next_version(tx, activation_id)
    row = await _finding(tx, activation_id, finding_id)
    if not leads and row["owner"] != who.authority:
        raise Forbidden
    now = await plans.now(tx)
    await evaluations.resolve(tx, finding_id, who.subject, words, now)
    await cancel_deadline(tx, kind=OVERDUE, subject=finding_id)
    await _tell(tx, FindingResolved(activation_id=activation_id, finding_id=finding_id, owner=row["owner"]), version)
    await calls.touch(tx, activation_id)
    return version


@due(OVERDUE)
async def overdue(finding_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell that a finding should have been followed up by now."""
    row = await evaluations.finding_by_id(tx, finding_id)
    if row is None or row["state"] == "done":
        return
    version = await activations.next_version(tx, row["activation_id"])
    await evaluations.overdue(tx, finding_id, await plans.now(tx))
    event = FindingOverdue(activation_id=row["activation_id"], finding_id=finding_id, owner=row["owner"])
    await _tell(tx, event, version)
    await calls.touch(tx, row["activation_id"])


async def conclude(tx: Tx, activation_id: UUID, by: str, words: str) -> int:
    """Conclude an evaluation: then everything of the activation is kept for five years. Returns its version."""
    row = await activations.lock(tx, activation_id)
    evaluation = await evaluations.find(tx, activation_id)
    if row is None:
        raise NotFound
    found = await evaluations.findings(tx, activation_id)
    concluded = evaluation is not None and evaluation["state"] == "concluded"
    rules.conclude(State(row["state"]), concluded=concluded, findings=evaluations.as_found(found))
    if not words.strip():
        raise ReasonMissing
    now = await plans.now(tx)
    version = await evaluations.conclude(tx, activation_id, by, words, now)
    parties = activations.authorities(await activations.parties(tx, activation_id))
    await cancel_deadline(tx, kind=EVALUATE, subject=activation_id)
    await say(tx, activation_id, CONCLUDED)
    await _tell(tx, EvaluationConcluded(activation_id=activation_id, authorities=parties, findings=len(found)), version)
    await set_deadline(tx, kind=GOES, subject=activation_id, due_at=now + KEPT, correlation_id=activation_id)
    await calls.touch(tx, activation_id)
    return version


@due(EVALUATE)
async def evaluation_overdue(activation_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell whoever owes an evaluation that its time has passed, once."""
    activation = await activations.lock(tx, activation_id)
    row = await evaluations.find(tx, activation_id)
    if activation is None or row is None or row["state"] == "concluded" or row["overdue_at"] is not None:
        return
    await evaluations.tell_overdue(tx, activation_id, await plans.now(tx))
    await say(tx, activation_id, PASSED, who=name_of(row["owner"]), due=wording.day(row["due_at"]))
    desk, version = plans.document(activation).desk, await activations.next_version(tx, activation_id)
    event = EvaluationOverdue(activation_id=activation_id, owner=row["owner"], desk=desk, due_at=row["due_at"])
    await _tell(tx, event, version)
    await calls.touch(tx, activation_id)


@looked_at
async def what_is_late(tx: Tx) -> None:
    """Show how many findings and evaluations each owner is late with."""
    show(LATE, await evaluations.count_overdue(tx))
    show(OWED, await evaluations.count_owed(tx))
