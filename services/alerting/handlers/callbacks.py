"""What a provider told us, handled: receipts many at a time, what a person said one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from prometheus_client import Gauge

from chassis.database import Tx
from chassis.gauges import looked_at
from contracts.alerting.v1 import AnswerSource
from services.alerting.domain.calling import AlertClosed, Reply, delivery_key
from services.alerting.domain.deliveries import State
from services.alerting.domain.receipts import Message, Receipt, after_receipt
from services.alerting.domain.replies import Open, number_of, parse, pressed, understand, which
from services.alerting.domain.texts import without_answer
from services.alerting.handlers.calling import Said, answer_call
from services.alerting.store import callbacks, deliveries, dispatching
from services.alerting.store.callbacks import Handled, Sender, Told

if TYPE_CHECKING:
    from asyncpg import Record

NOTICES = {"reply_help": -1, "which_call": -2, "reply_late": -3, "route_dead": -4}
"""Messages of our own, with the wave that makes each go out once a call: no wave of an alert is below 0."""

ANSWERED, NOT_UNDERSTOOD, WHICH, TOO_LATE = "answered", "not_understood", "which_call", "too_late"
HELP = {NOT_UNDERSTOOD: "reply_help", WHICH: "which_call", TOO_LATE: "reply_late"}


WAITING = Gauge("callbacks_waiting_seconds", "How long the oldest callback of a provider waits to be handled")


@looked_at
async def what_waits(tx: Tx) -> None:
    """Show for how long what a provider told has been waiting."""
    WAITING.set(await callbacks.oldest_waiting_s(tx))


async def take_receipts(tx: Tx, receipts: "Sequence[Record]") -> None:
    """Bring messages to where receipts say that they are; an older receipt than the last one changes nothing."""
    read = [(row["provider"], Receipt(**orjson.loads(row["body"]))) for row in receipts]
    keys = [receipt.key for _, receipt in read]
    await callbacks.lock_calls(tx, await callbacks.calls_of(tx, keys))
    rows = {row["key"]: row for row in await callbacks.messages(tx, keys)}
    now = {key: _message(row) for key, row in rows.items()}
    outcomes = []
    for provider, receipt in read:
        before = now.get(receipt.key)
        after = before and after_receipt(before, provider, receipt)
        outcomes.append("unknown_key" if before is None else "taken" if after else "old")
        now |= {receipt.key: after} if after else {}
    told = [_told(rows[key]["delivery_id"], one) for key, one in now.items() if one != _message(rows[key])]
    await callbacks.apply_receipts(tx, told)
    arrived = {one.delivery_id for one in told if one.state == "delivered"}
    await dispatching.reached(tx, [row["call_id"] for row in rows.values() if row["delivery_id"] in arrived])
    await callbacks.receipts_handled(tx, receipts, outcomes)
    tx.wakes.add(deliveries.WAKE)


def _message(row: "Record") -> Message:
    return Message(row["call_id"], State(row["state"]), row["provider"], row["provider_sequence"])


def _told(delivery_id: UUID, message: Message) -> Told:
    return Told(delivery_id, message.state, message.sequence, message.refused_by, message.failure)


async def take_saying(tx: Tx, callback: "Record") -> None:
    """Handle what a person said: an answer counts at once; anything else is kept, shown, and answered once with how."""
    body = orjson.loads(callback["body"])
    found = await (_keypad(tx, body) if callback["kind"] == "keypad" else _reply(tx, body))
    await callbacks.handled(tx, callback, found)


async def _reply(tx: Tx, body: Mapping[str, Any]) -> Handled:
    who = await callbacks.sender(tx, number_of(body["from"]))
    if who.route_id is None:
        return Handled("unknown_sender")
    who = replace(who, calls=[one for one in who.calls if one.template not in without_answer()])
    if not who.calls:
        return await _kept(tx, who, TOO_LATE, [who.last] if who.last else [])
    said = parse(body["text"])
    call = which(said.letter, who.calls)
    if call is None:
        return await _kept(tx, who, WHICH, [one.call_id for one in who.calls])
    reply = understand(said.words, call.template)
    if reply is None:
        return await _kept(tx, who, NOT_UNDERSTOOD, [call.call_id])
    return await _answered(tx, call.call_id, reply, AnswerSource.SMS, body["text"])


async def _answered(tx: Tx, call_id: UUID, reply: Reply, source: AnswerSource, words: str | None) -> Handled:
    try:
        await answer_call(tx, call_id, Said(reply, source, words=words))
    except AlertClosed:
        return Handled(TOO_LATE, about=[call_id])
    return Handled(ANSWERED, call_id)


async def _kept(tx: Tx, who: Sender, outcome: str, about: list[UUID]) -> Handled:
    """Keep a reply for a person to read, and tell its sender once how to answer."""
    if who.route_id and about:
        fields = {"letters": _letters(who.calls)} if outcome == WHICH else {}
        await notify(tx, about[0], who.route_id, HELP[outcome], fields)
    return Handled(outcome, about=about)


def _letters(calls: Sequence[Open]) -> str:
    return ", ".join(sorted(one.letter for one in calls))


async def notify(tx: Tx, call_id: UUID, route_id: UUID, notice: str, fields: Mapping[str, str]) -> None:
    """Send somebody who was called a message of our own, once a call and route."""
    wave = NOTICES[notice]
    key = delivery_key(tx.mode, call_id, route_id, wave)
    await dispatching.add_notice(tx, call_id, route_id, key, wave, notice, fields)
    tx.wakes.add(deliveries.WAKE)


async def _keypad(tx: Tx, body: Mapping[str, Any]) -> Handled:
    """Take the key that somebody pressed; a machine that was talked to has answered nothing."""
    called = await callbacks.called_by(tx, body["key"])
    if called is None:
        return Handled("unknown_key")
    if body.get("machine"):
        return Handled("machine")
    reply = pressed(body["digits"], called["template"])
    if reply is None:
        return Handled(NOT_UNDERSTOOD, about=[called["call_id"]])
    return await _answered(tx, called["call_id"], reply, AnswerSource.VOICE, body["digits"])
