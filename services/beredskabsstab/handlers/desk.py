"""What a desk officer does for somebody: the answer counts at once, and alerting is told and calls no more."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from contracts.alerting.v1 import AnswerKind, AnswerSource
from contracts.refusal import NotFound
from services.beredskabsstab.domain.calling import Errand
from services.beredskabsstab.domain.steps import NotActive, State
from services.beredskabsstab.handlers.quorum import look_again
from services.beredskabsstab.store import activations, calls, errands, plans
from services.beredskabsstab.store.errands import Told

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered, and how the desk came to know."""

    answer: AnswerKind
    eta_minutes: int | None
    source: AnswerSource


@dataclass(frozen=True, slots=True)
class AdHoc:
    """Somebody who stands on no roster."""

    name: str
    telephone: str
    authority: str
    office: str
    role: str


async def _active(tx: Tx, activation_id: UUID) -> "Record":
    row = await activations.lock(tx, activation_id)
    if row is None:
        raise NotFound
    if row["state"] != State.ACTIVE:
        raise NotActive
    return row


async def answer_for(tx: Tx, activation_id: UUID, call_id: UUID, said: Said) -> None:
    """Enter an answer on somebody's behalf."""
    row, member = await _active(tx, activation_id), await calls.member(tx, activation_id, call_id)
    if member is None:
        raise NotFound
    now = await plans.now(tx)
    await calls.enter_answer(tx, call_id, (said.answer, said.eta_minutes, said.source), now)
    path = f"/alerts/{member['alert_id']}/calls/{call_id}/answer?raised_by={plans.document(row).desk}"
    body = {"answer": said.answer, "eta_minutes": said.eta_minutes, "source": said.source}
    await errands.add(tx, member, activation_id, Told(Errand.ANSWER, path, body))
    await look_again(tx, activation_id, now)
    await calls.touch(tx, activation_id)


async def add_person(tx: Tx, activation_id: UUID, who: AdHoc) -> UUID:
    """Call somebody who stands on no roster within the newest call-in; returns the id of the errand to alerting."""
    row = await _active(tx, activation_id)
    if plans.document(row).party(who.authority) is None:
        raise NotFound
    made = [one for one in await calls.of_activation(tx, activation_id) if one["ended_at"] is None]
    if not made:
        raise NotActive
    path = f"/alerts/{made[-1]['alert_id']}/calls?raised_by={plans.document(row).desk}"
    body = {"name": who.name, "telephone": who.telephone, "authority": who.authority, "office": who.office}
    return await errands.add(tx, made[-1], activation_id, Told(Errand.AD_HOC, path, body | {"role": who.role}))
