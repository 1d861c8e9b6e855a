"""The ledger of `nodudkald` is merged: what it did counts as done, and whoever it did not call is called now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.deadlines import set_deadline
from contracts.alerting.v1 import AnswerSource
from services.alerting.domain.call_lists import CallList
from services.alerting.domain.calling import REVIEW, STEP, call_id_of, is_satisfied
from services.alerting.domain.emergency import Ledger, Message, UnknownLedger, require_fits
from services.alerting.domain.replies import parse, pressed, understand
from services.alerting.domain.tables import UNREACHED, Step
from services.alerting.handlers.calling import Said, answer_call, tell_raised
from services.alerting.handlers.steps import call_people, whom
from services.alerting.store import alerts, call_lists, merging
from services.alerting.store.alerts import Called, Draft, Place

if TYPE_CHECKING:
    from asyncpg import Record

SUBJECT = "nodudkald"
LETTER = "A"
"""The letter that `nodudkald` put into its messages."""


@dataclass(slots=True)
class Merged:
    """What merging a ledger has done."""

    alert_id: UUID
    messages: int = 0
    answers: int = 0
    called_now: int = 0
    again: bool = False
    """Whether there was nothing in it that was not merged before."""


async def merge(tx: Tx, ledger: Ledger) -> Merged:
    """Enter a ledger; UnknownLedger or AlteredLedger when it is not one of this installation, as it was written."""
    listed = await _list_of(tx, ledger)
    require_fits(ledger, listed)
    done = Merged(ledger.decision.alert_id)
    if await merging.is_merged(tx, ledger):
        done.again = True
        return done
    now = await alerts.now(tx)
    alert = await _alert(tx, ledger, listed, now)
    for path in await _paths(tx, alert, ledger):
        await _enter(tx, path, ledger, listed, done)
    await merging.hear_again(tx, ledger)
    await _answers(tx, alert, ledger, done)
    await _go_on(tx, alert, ledger, now, done)
    await merging.remember(tx, ledger, now)
    return done


async def _list_of(tx: Tx, ledger: Ledger) -> CallList:
    row = await call_lists.numbered(tx, ledger.decision.list_number)
    if row is None or row["sha256"] != ledger.decision.list_sha256 or ledger.decision.mode != tx.mode:
        raise UnknownLedger
    return CallList.model_validate_json(row["content"])


async def _alert(tx: Tx, ledger: Ledger, listed: CallList, now: datetime) -> "Record":
    """Return the alert, locked; raised at the time of the decision where Samvirke had not heard of it."""
    draft = _draft(ledger, listed)
    if await alerts.add(tx, draft, ledger.decision.at):
        await alerts.add_escalations(tx, draft)
        await tell_raised(tx, draft, now)
    alert = await alerts.lock(tx, draft.alert_id)
    if alert is None:
        raise UnknownLedger
    return alert


def _draft(ledger: Ledger, listed: CallList) -> Draft:
    said = ledger.decision
    return Draft(
        alert_id=said.alert_id,
        raised_by=said.raised_by,
        raised_by_office=said.raised_by_office,
        subject=SUBJECT,
        source_event_id=said.source_event_id,
        template=said.template,
        urgency=said.urgency,
        fields=dict(said.fields),
        case_id=said.alert_id,
        wanted=said.wanted,
        steps=tuple(one.step() for one in listed.policies[said.policy]),
        places=tuple(Place(*office) for office in said.offices),
    )


async def _paths(tx: Tx, alert: "Record", ledger: Ledger) -> "list[Record]":
    """Return the path of each office of the ledger; one that Samvirke was not asked for is added."""
    found = [await alerts.path_of(tx, alert, Place(*office)) for office in ledger.decision.offices]
    return [path for path in found if path is not None]


def _office(path: "Record") -> tuple[str, str, str]:
    return path["authority"], path["office"], path["role"]


async def _enter(tx: Tx, path: "Record", ledger: Ledger, listed: CallList, done: Merged) -> None:
    """Enter the calls and messages of one office."""
    own = [one for one in ledger.messages.values() if one.intent.office == _office(path)]
    known = {row["staff_id"] for row in await alerts.people(tx, [one.intent.staff_id for one in own])}
    own = [one for one in own if one.intent.staff_id in known]
    first = {one.intent.staff_id: one for one in reversed(own)}
    for message in first.values():
        await alerts.add_calls(tx, path, [_called(path, message, listed)], message.intent.at)
    await merging.add_deliveries(tx, path, own, ledger.decision.urgency)
    done.messages += len(own)


def _called(path: "Record", message: Message, listed: CallList) -> Called:
    who = message.intent.staff_id
    person = listed.person(who)
    numbers = {one.channel: one.address for one in person.routes} if person else {}
    return Called(
        call_id=call_id_of(path["alert_id"], who),
        staff_id=who,
        name=person.name if person else "",
        telephone=numbers.get("voice") or numbers.get("sms"),
        role=path["role"],
        letter=LETTER,
    )


async def _answers(tx: Tx, alert: "Record", ledger: Ledger, done: Merged) -> None:
    """Enter answers in the order in which they came; one that a provider has told us, or that is older, counts not."""
    for message, one in ledger.answers():
        call_id = call_id_of(alert["alert_id"], message.intent.staff_id)
        call = await alerts.call(tx, call_id)
        template = ledger.decision.template
        meant = (
            pressed(one.said, template)
            if one.source is AnswerSource.VOICE
            else understand(parse(one.said).words, template)
        )
        counts = meant is not None and call is not None and alert["state"] == "open"
        is_newest = call is not None and (call["answered_at"] is None or call["answered_at"] < one.at)
        if call is None or not await merging.add_callback(tx, one, call_id, "answered" if counts else "kept"):
            continue
        if meant is not None and counts and is_newest:
            await answer_call(tx, call_id, Said(meant, one.source, words=one.said))
            done.answers += 1


# -- whoever was not called, and what comes next -----------------------------------------------------------------------


async def _go_on(tx: Tx, alert: "Record", ledger: Ledger, now: datetime, done: Merged) -> None:
    """Call whoever was left out of a step that was begun, and let the next steps keep their distance from now on."""
    steps = [Step.from_json(one) for one in orjson.loads(alert["policy"])]
    if alert["state"] != "open":
        return
    running = [path for path in await alerts.running(tx, alert["alert_id"]) if _office(path) in ledger.decision.offices]
    taken = {path["escalation_id"]: _taken(path, ledger) for path in running}
    behind = [path for path in running if taken[path["escalation_id"]] > path["steps_taken"] or not path["steps_taken"]]
    for path in running:
        for step in steps[: taken[path["escalation_id"]]]:
            done.called_now += await _call_the_rest(tx, alert, path, step, now)
    if behind:
        last = min(taken[path["escalation_id"]] for path in behind)
        steps = _later(steps, last, now - alert["raised_at"])
        await merging.keep_policy(tx, alert["alert_id"], steps)
    for path in behind:
        await _plan(tx, alert, path, steps, taken[path["escalation_id"]])
    await set_deadline(
        tx, kind=REVIEW, subject=alert["alert_id"], due_at=now, correlation_id=alert["case_id"], at_once=True
    )


def _taken(path: "Record", ledger: Ledger) -> int:
    wave, before = ledger.waves.get(_office(path)), int(path["steps_taken"])
    return max(before, wave.number if wave else 0)


def _later(steps: list[Step], taken: int, passed: timedelta) -> list[Step]:
    """Return steps of which those still to come are as far from now as they would be from the last one taken."""
    before = steps[taken - 1].after_s if taken else 0
    delay = max(0, int(passed.total_seconds()) - before)
    return [
        one if one.number <= taken else Step(one.number, one.after_s + delay, one.line, one.channels) for one in steps
    ]


async def _plan(tx: Tx, alert: "Record", path: "Record", steps: list[Step], taken: int) -> None:
    if taken > path["steps_taken"]:
        await alerts.step_taken(tx, path["escalation_id"], taken)
    following = next((one for one in steps if one.number > taken), None)
    if following is not None:
        due_at = alert["raised_at"] + timedelta(seconds=following.after_s)
        await set_deadline(
            tx, kind=STEP, subject=path["escalation_id"], due_at=due_at, correlation_id=alert["case_id"], at_once=True
        )


async def _call_the_rest(tx: Tx, alert: "Record", path: "Record", step: Step, now: datetime) -> int:
    """Call whoever is on the roster for a step and has no call; returns how many."""
    states = await alerts.call_states(tx, alert["alert_id"])
    own = [one for one in states if one.escalation_id == path["escalation_id"]]
    if step.line == UNREACHED or (alert["wanted"] == "first" and is_satisfied("first", own)):
        return 0
    known = {row["staff_id"] for row in await alerts.calls(tx, alert["alert_id"])}
    left = [row for row in await alerts.people(tx, await whom(tx, path, step, now)) if row["staff_id"] not in known]
    await call_people(tx, alert, path, left, step)
    return len(left)
