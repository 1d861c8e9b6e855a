"""The points inside alerting, from an alert's commit to a person's answer, and an escalation that fits into seconds."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import orjson

from chassis.deadlines import Deadlines
from chassis.relay import Relay
from contracts.alerting.v1 import AlertRaised
from services.alerting.app import hearing
from services.alerting.app.dispatcher import Dispatcher
from services.alerting.domain import tables
from services.alerting.handlers import callbacks as handling
from services.alerting.store import callbacks
from tests.chaos.signals import Process

AFTER_BROKER: Final = "after_broker"
"""The broker has acknowledged that an alert was raised; the outbox still holds it."""

BEFORE_HAND_OVER: Final = "before_hand_over"
"""Claimed in the table; no provider was asked."""

BEFORE_RECORD: Final = "before_record"
"""A provider has answered 2xx; the table does not know."""

MID_CALLBACK: Final = "mid_callback"
"""What a person said is handled, and not committed."""

AT_THE_DOOR: Final = "at_the_door"
"""A provider's callback is written down, and not committed; the provider waits for its answer."""

POLICY: Final = "chaos"
WAVES: Final = {1: 0, 2: 6}
"""The seconds after which each step calls somebody."""


def install(process: Process) -> None:
    """Put the points around alerting, and the escalation among its policies, in this process."""
    tables.policies()[POLICY] = (
        tables.Step(1, WAVES[1], "1", ("sms",)),
        tables.Step(2, WAVES[2], tables.EVERYONE, ("voice",)),
        tables.Step(3, 3600, tables.UNREACHED, ()),
    )
    _around_the_relay(process)
    _around_the_dispatcher(process)
    _replace(hearing, "take_saying", _with_point(process, MID_CALLBACK, handling.take_saying))
    _replace(callbacks, "keep", _with_point(process, AT_THE_DOOR, callbacks.keep))
    _observe_the_start(process)


def _around_the_relay(process: Process) -> None:
    publish = Relay.publish

    async def with_point(self: Relay, con: Any, rows: Sequence[Any]) -> list[int]:  # noqa: ANN401  as the original
        sent = await publish(self, con, rows)
        heads = [orjson.loads(row["headers"]) for row in rows if row["id"] in sent]
        raised = [head["ce_id"] for head in heads if head["ce_type"] == AlertRaised.type()]
        if raised:
            await process.pass_by(AFTER_BROKER, raised)
        return sent

    _replace(Relay, "publish", with_point)


def _around_the_dispatcher(process: Process) -> None:
    send, write = Dispatcher._send, Dispatcher._write_what_ended

    async def send_with_point(self: Dispatcher, one: Any) -> None:  # noqa: ANN401  as the original
        await process.pass_by(BEFORE_HAND_OVER, [one.row["key"]])
        await send(self, one)

    async def write_with_point(self: Dispatcher) -> None:
        accepted = [one.row["key"] for one in self._outcomes if one.outcome.verdict == "accepted"]
        if accepted:
            await process.pass_by(BEFORE_RECORD, accepted)
        await write(self)

    _replace(Dispatcher, "_send", send_with_point)
    _replace(Dispatcher, "_write_what_ended", write_with_point)


def _with_point(process: Process, point: str, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def wrapped(*values: Any) -> Any:  # noqa: ANN401  as the original
        answer = await original(*values)
        await process.pass_by(point)
        return answer

    return wrapped


def _observe_the_start(process: Process) -> None:
    run = Deadlines.run

    async def run_observed(self: Deadlines) -> None:
        process.saw("works")
        await run(self)

    _replace(Deadlines, "run", run_observed)


def _replace(owner: object, name: str, new: Callable[..., Any]) -> None:
    """Put a wrapper in a function's place, in this process."""
    setattr(owner, name, new)
