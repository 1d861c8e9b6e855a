"""Raising an alert, answering it, closing it: each in the transaction of whoever asks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, set_deadline
from chassis.outbox import append
from contracts.alerting.v1 import AlertAnswered, AlertClosed, AlertRaised, AnswerKind, AnswerSource, CloseReason
from contracts.codes import Office
from contracts.refusal import NotFound
from services.alerting.domain import calling as rules
from services.alerting.domain.calling import REVIEW, STEP, Reply
from services.alerting.store import alerts, deliveries, ended
from services.alerting.store.alerts import Draft

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Record


async def raise_alert(tx: Tx, draft: Draft) -> bool:
    """Raise an alert; its first steps are taken as soon as this is committed. False when it was raised before.

    What it is about may have ended before it came, by the other way: then it is over at once and nobody is called.
    """
    # Asked first: it makes whoever ends it now wait until this is committed, or is waited for.
    is_over, now = await ended.is_ended(tx, draft.source_event_id), await alerts.now(tx)
    if not await alerts.add(tx, draft, now):
        return False
    paths = await alerts.add_escalations(tx, draft)
    await tell_raised(tx, draft, now)
    if is_over and (alert := await alerts.lock(tx, draft.alert_id)):
        await close_alert(tx, alert, CloseReason.STOOD_DOWN, now)
        return True
    for escalation_id in paths:
        await set_deadline(tx, kind=STEP, subject=escalation_id, due_at=now, correlation_id=draft.case_id, at_once=True)
    return True


async def tell_raised(tx: Tx, draft: Draft, now: "datetime") -> None:
    """Tell that an alert is there, as its first event."""
    event = AlertRaised(
        alert_id=draft.alert_id,
        source_event_id=draft.source_event_id,
        template=draft.template,
        urgency=draft.urgency,
        authorities=tuple(dict.fromkeys(one.authority for one in draft.places)),
    )
    await append(tx, event, version=1, correlation_id=draft.case_id, time=now)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with how it came."""

    reply: Reply
    source: AnswerSource
    recorded_by: str | None = None
    """Who entered it on the person's behalf."""
    words: str | None = None
    """What was said, word by word, where it came as text."""


async def answer_call(tx: Tx, call_id: UUID, said: Said) -> int:
    """Let somebody answer, or change an answer; what is still queued for them stops. Returns the answer's number.

    Raises NotFound where the caller sees no such call, `AlertClosed` when the alert has ended.
    """
    seen = await alerts.call(tx, call_id)
    if seen is None:
        raise NotFound
    await _look_again(tx, seen["alert_id"])
    version = await alerts.next_version(tx, seen["alert_id"])
    alert, row = await alerts.find(tx, seen["alert_id"]), await alerts.lock_call(tx, call_id)
    if alert is None or row is None:
        raise NotFound
    if alert["state"] != "open":
        raise rules.AlertClosed
    now = await alerts.now(tx)
    number = await alerts.save_answer(
        tx, row, said.reply, said.source, now, recorded_by=said.recorded_by, said=said.words
    )
    await deliveries.supersede_of_call(tx, call_id)
    await append(tx, _answered(alert, row, said, number), version=version, correlation_id=alert["case_id"], time=now)
    return number


async def _look_again(tx: Tx, alert_id: UUID) -> None:
    """Let it be seen whether an alert has its answers.

    A deadline's row is locked before its alert's, as whoever fires it does: two answers in one moment would otherwise
    wait for each other, by way of the look that the first one set.
    """
    alert = await alerts.find(tx, alert_id)
    if alert is None:
        raise NotFound
    now = await alerts.now(tx)
    await set_deadline(tx, kind=REVIEW, subject=alert_id, due_at=now, correlation_id=alert["case_id"], at_once=True)


def _answered(alert: "Record", row: "Record", said: Said, number: int) -> AlertAnswered:
    return AlertAnswered(
        alert_id=row["alert_id"],
        source_event_id=alert["source_event_id"],
        call_id=row["call_id"],
        authority=row["authority"],
        office=Office(row["office"]),
        role=row["role"],
        answer=AnswerKind(said.reply.answer),
        eta_minutes=said.reply.eta_minutes,
        source=said.source,
        number=number,
    )


async def close_alert(tx: Tx, alert: "Record", reason: CloseReason, now: "datetime") -> int:
    """End an alert whose row is locked: nothing more is sent, nobody is waited for. Returns its version."""
    for path in await alerts.running(tx, alert["alert_id"]):
        await end_path(tx, path, "stopped", now)
    await alerts.stop_calls(tx, alert["alert_id"])
    await deliveries.supersede_of_alert(tx, alert["alert_id"])
    version = await alerts.close(tx, alert["alert_id"], reason, now)
    event = AlertClosed(alert_id=alert["alert_id"], outcome=reason)
    await append(tx, event, version=version, correlation_id=alert["case_id"], time=now)
    return version


async def end_path(tx: Tx, path: "Record", state: str, now: "datetime") -> None:
    """End one office's path, and its next step with it."""
    await alerts.end_escalation(tx, path["escalation_id"], state, now)
    await cancel_deadline(tx, kind=STEP, subject=path["escalation_id"])
