"""The steps of an escalation, each when it is due, and the look whether an alert has its answers."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from chassis.outbox import append
from contracts.alerting.v1 import CloseReason, OfficeUnreached, Urgency
from contracts.codes import Office
from services.alerting.domain.calling import (
    REVIEW,
    STEP,
    TOLD,
    TOLD_FOR,
    call_id_of,
    delivery_key,
    free_letter,
    is_satisfied,
)
from services.alerting.domain.rosters import on_duty
from services.alerting.domain.tables import EVERYONE, NAMED, UNREACHED, Step
from services.alerting.domain.texts import without_answer
from services.alerting.handlers.calling import close_alert, end_path
from services.alerting.handlers.testing import route_answered
from services.alerting.store import alerts, deliveries, rosters, testing
from services.alerting.store.alerts import Called, Place
from services.alerting.store.deliveries import Message

if TYPE_CHECKING:
    from asyncpg import Record


@due(STEP)
async def take_step(escalation_id: UUID, _: datetime, tx: Tx) -> None:
    """Take the next step of an office's path, and every later one until one has called somebody."""
    path = await alerts.escalation(tx, escalation_id)
    if path is None or path["state"] != "running":
        return
    alert = await alerts.find(tx, path["alert_id"])
    if alert is None or alert["state"] != "open":
        return
    steps = _steps(alert)
    left, reached_someone = [step for step in steps if step.number > path["steps_taken"]], False
    for place, step in enumerate(left):
        reached_someone = await _take(tx, alert, path, step)
        await alerts.step_taken(tx, escalation_id, step.number)
        if reached_someone and place + 1 < len(left):
            await _plan(tx, alert, path, left[place + 1])
            return
    if steps[-1].line != UNREACHED:
        await (_is_told if reached_someone else _nobody_left)(tx, alert, path)


async def _is_told(tx: Tx, alert: "Record", path: "Record") -> None:
    """End a path whose policy waits for nobody; an alert that takes no answer is over within the hour."""
    await end_path(tx, path, "told", await alerts.now(tx))
    if alert["template"] in without_answer():
        ends = alert["raised_at"] + TOLD_FOR
        await set_deadline(tx, kind=TOLD, subject=alert["alert_id"], due_at=ends, correlation_id=alert["case_id"])


@due(TOLD)
async def was_told(alert_id: UUID, _: datetime, tx: Tx) -> None:
    """End an alert that asked for no answer: it takes no letter from the calls that do, and no reply is to it."""
    alert = await alerts.lock(tx, alert_id)
    if alert is not None and alert["state"] == "open":
        await close_alert(tx, alert, CloseReason.ANSWERED, await alerts.now(tx))


def _steps(alert: "Record") -> list[Step]:
    return [Step.from_json(one) for one in orjson.loads(alert["policy"])]


async def _plan(tx: Tx, alert: "Record", path: "Record", step: Step) -> None:
    """Set the time of the next step: counted from the alert, so that no delay adds up."""
    due_at = alert["raised_at"] + timedelta(seconds=step.after_s)
    await set_deadline(tx, kind=STEP, subject=path["escalation_id"], due_at=due_at, correlation_id=alert["case_id"])


async def _take(tx: Tx, alert: "Record", path: "Record", step: Step) -> bool:
    """Take one step; returns whether it called somebody, so that a hole in a roster costs no time."""
    if step.line == UNREACHED:
        await _nobody_left(tx, alert, path)
        return False
    people = await alerts.people(tx, await whom(tx, path, step, await alerts.now(tx)))
    if not people and step.line.isdigit():
        await alerts.note_hole(tx, path["escalation_id"], int(step.line))
    return await call_people(tx, alert, path, people, step)


async def call_people(tx: Tx, alert: "Record", path: "Record", people: "list[Record]", step: Step) -> bool:
    """Call people who have not answered, as one step says; returns whether there was anything to send."""
    known = {row["staff_id"]: row["answer"] for row in await alerts.calls(tx, alert["alert_id"])}
    called = [_called(alert, path, row) for row in people if row["staff_id"] not in known]
    await alerts.add_calls(tx, path, called, await alerts.now(tx))
    waiting = [row["staff_id"] for row in people if known.get(row["staff_id"]) is None]
    messages = await _messages(tx, alert, waiting, step)
    await deliveries.add(tx, path, messages, step.number, Urgency(alert["urgency"]))
    return bool(messages)


async def whom(tx: Tx, path: "Record", step: Step, now: datetime) -> list[UUID]:
    """Return who is called on a path's step at a moment."""
    if step.line == NAMED:
        test = await testing.of_alert(tx, path["alert_id"])
        return [test["staff_id"]] if test else []
    place = Place(path["authority"], path["office"], path["role"])
    if step.line == EVERYONE:
        return await alerts.everyone(tx, place)
    found = await rosters.of_office(tx, place.authority, place.office, place.role, now)
    return list(on_duty(found, int(step.line), now))


def _called(alert: "Record", path: "Record", row: "Record") -> Called:
    return Called(
        call_id=call_id_of(alert["alert_id"], row["staff_id"]),
        staff_id=row["staff_id"],
        name=row["name"],
        telephone=row["telephone"],
        role=path["role"],
        letter=free_letter(row["letters"]),
        ad_hoc=row["ad_hoc"],
        unverified=row["unverified"],
    )


async def _messages(tx: Tx, alert: "Record", staff: list[UUID], step: Step) -> list[Message]:
    routes = await _routes(tx, alert, staff, step)
    calls = {row["route_id"]: call_id_of(alert["alert_id"], row["staff_id"]) for row in routes}
    return [
        Message(
            new_id(),
            calls[row["route_id"]],
            row["route_id"],
            row["channel"],
            delivery_key(tx.mode, calls[row["route_id"]], row["route_id"], step.number),
        )
        for row in routes
    ]


async def _routes(tx: Tx, alert: "Record", staff: list[UUID], step: Step) -> "list[Record]":
    if step.line == NAMED:
        test = await testing.of_alert(tx, alert["alert_id"])
        return [test] if test and test["staff_id"] in staff and test["removed_at"] is None else []
    return await deliveries.routes(tx, staff, step.channels)


async def _nobody_left(tx: Tx, alert: "Record", path: "Record") -> None:
    """Tell that nobody at an office answered; the alert stays open for a late answer and for a person's act."""
    now = await alerts.now(tx)
    if await testing.of_alert(tx, alert["alert_id"]):
        # A test that nobody answered takes no letter from the calls that matter, and nobody must act at once.
        await close_alert(tx, alert, CloseReason.UNREACHED, now)
        return
    await end_path(tx, path, "unreached", now)
    own = path["escalation_id"]
    called = [one for one in await alerts.call_states(tx, alert["alert_id"]) if one.escalation_id == own]
    event = OfficeUnreached(
        alert_id=alert["alert_id"], authority=path["authority"], office=Office(path["office"]), called=len(called)
    )
    version = await alerts.next_version(tx, alert["alert_id"])
    await append(tx, event, version=version, correlation_id=alert["case_id"], time=now)


@due(REVIEW)
async def review(alert_id: UUID, _: datetime, tx: Tx) -> None:
    """End each path that has its answers; an alert that wants one answer ends with the last path."""
    alert = await alerts.lock(tx, alert_id)
    if alert is None:
        return
    await route_answered(tx, alert_id)
    if alert["state"] != "open":
        return
    now, states = await alerts.now(tx), await alerts.call_states(tx, alert_id)
    for path in await alerts.running(tx, alert_id):
        own = [one for one in states if one.escalation_id == path["escalation_id"]]
        if is_satisfied(alert["wanted"], own):
            await end_path(tx, path, "answered", now)
    ends = [one["state"] for one in await alerts.escalations(tx, alert_id)]
    answered = is_satisfied("first", states)
    if alert["wanted"] == "first" and "running" not in ends and answered:
        await close_alert(tx, alert, CloseReason.ANSWERED, now)
