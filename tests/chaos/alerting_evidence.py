"""Collects the evidence of the third layer: alerting's tables, boards and topic, and both providers' ledgers."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.alerting.v1 import AlertAnswered, AlertRaised
from tests.chaos.alerting_checker import Alert, AlertingEvidence, Called, Message
from tests.chaos.alerting_stage import Stage
from tests.chaos.checker import Told
from tests.chaos.collect import Offsets, ends, header_of, records, rows
from tests.chaos.duty import DESK, Raised
from tests.stack import Stack

TOPIC = AlertRaised.topic()
PARTITIONS = 12

BY_ALERT = "(select alert_id from alert where raised_by = $1)"
"""The desk's own alerts: what other layers told may have raised more."""

SHOWN = ("channel", "wave", "state", "possible_duplicate")


async def starts(stack: Stack) -> Offsets:
    """Return where the topic of alerts ends before the layer."""
    return await ends(stack.kafka, {TOPIC: PARTITIONS})


def collect_all(stage: Stage, since: Offsets) -> AlertingEvidence:
    """Return everything that was found, for the checker."""
    found = asyncio.run(_tables(stage.stack))
    boards = {row["alert_id"]: stage.duty.desk.ask("GET", f"/alerts/{row['alert_id']}", DESK) for row in found["alert"]}
    known = {str(one.alert): one for one in stage.duty.raised}
    return AlertingEvidence(
        accepted=frozenset(known),
        alerts=[_alert(row, known.get(row["alert_id"]), found, boards[row["alert_id"]]) for row in found["alert"]],
        ledger=stage.duty.ledger(),
        said={str(call): word for call, word in stage.duty.said.items()},
        away=[*stage.away, *stage.ends()],
        next_hand_over=stage.next_hand_over,
        taken_over=stage.taken_over,
        history=[_told(row) for row in found["event"]],
        topic=_topic(asyncio.run(records(stage.stack.kafka, since)), found["event"]),
        answers_told=_answers(found["event"]),
    )


async def _tables(stack: Stack) -> dict[str, list[Any]]:
    raiser = DESK[1]
    statements = {
        "alert": "select alert_id::text, extract(epoch from raised_at)::float8 as raised_at, policy from alert"
        f" where alert_id in {BY_ALERT}",
        "call": "select call_id::text, alert_id::text, staff_id::text, answer,"
        " extract(epoch from answered_at)::float8 as answered_at"
        f" from call where alert_id in {BY_ALERT}",
        "delivery": "select key, call_id::text, alert_id::text, channel, wave, state, possible_duplicate,"
        f" extract(epoch from created_at)::float8 as created_at from delivery where alert_id in {BY_ALERT}",
        "event": "select id::text, type, aggregate_id::text as key, aggregate_version as version, value from event"
        f" where aggregate_id in {BY_ALERT} order by recorded_at",
    }
    return {name: await rows(stack, "alerting", sql, raiser) for name, sql in statements.items()}


def _alert(row: Any, raised: Raised | None, found: Mapping[str, list[Any]], board: Any) -> Alert:  # noqa: ANN401  rows
    own = {name: [one for one in found[name] if one["alert_id"] == row["alert_id"]] for name in ("call", "delivery")}
    steps = [one for one in json.loads(row["policy"]) if one["line"] != "unreached"]
    return Alert(
        alert=row["alert_id"],
        raised_at=row["raised_at"],
        steps={one["number"]: float(one["after_s"]) for one in steps},
        on_duty=frozenset(str(one.staff) for one in raised.everyone) if raised else frozenset(),
        calls=[Called(one["call_id"], one["staff_id"], one["answer"], one["answered_at"]) for one in own["call"]],
        messages=[_message(one) for one in own["delivery"]],
        board=frozenset(_board_lines(board)),
    )


def _message(row: Any) -> Message:  # noqa: ANN401  an asyncpg row
    kept = ("key", "channel", "wave", "state", "possible_duplicate", "created_at")
    return Message(call=row["call_id"], **{name: row[name] for name in kept})


def _board_lines(board: Any) -> list[Any]:  # noqa: ANN401  any JSON
    return [
        (call["call_id"], call["answer"], *(one[name] for name in SHOWN))
        for call in board["calls"]
        for one in call["deliveries"]
    ]


def _told(row: Any) -> Told:  # noqa: ANN401  an asyncpg row
    return Told(row["key"], row["version"], 0, row["id"])


def _topic(found: Sequence[Any], events: Sequence[Any]) -> list[Told]:
    """Return the records about the desk's alerts, as they lie on the topic; others' are another layer's."""
    ours = {row["key"] for row in events}
    return [
        Told(one.key.decode(), int(header_of(one, "ce_aggregateversion")), 0, header_of(one, "ce_id"))
        for one in found
        if one.key.decode() in ours
    ]


def _answers(events: Sequence[Any]) -> dict[str, int]:
    told = [json.loads(row["value"])["call_id"] for row in events if row["type"] == AlertAnswered.type()]
    return dict(Counter(told))
