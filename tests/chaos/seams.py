"""The named points at which a process can be killed or stopped, put around the chassis' own methods.

The chassis has no hooks for tests: each point wraps an ordinary method from outside, in this process only.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson

import chassis.inbox
from chassis.consumers import WaitForBatch
from chassis.database import Database, Tx
from chassis.inbox import Inbox
from chassis.outbox import URGENT
from chassis.received import Received
from chassis.relay import Relay
from tests.chaos.signals import Process

BEFORE_COMMIT, AFTER_COMMIT = "before_commit", "after_commit"
"""In a command: all is written, nothing is committed; committed, not yet answered."""

BEFORE_PUBLISH, AFTER_PUBLISH, BEFORE_DELETE = "before_publish", "after_publish", "before_delete"
"""In the relay: read; acknowledged by the broker; on the way to the outbox to delete."""

BEFORE_HANDLER_COMMIT, AFTER_HANDLER_COMMIT = "before_handler_commit", "after_handler_commit"
BEFORE_OFFSET_COMMIT = "before_offset_commit"
"""In the inbox: handled, not committed; committed; on the way to the broker with the offsets."""


def install(process: Process) -> None:
    """Put all points and observations around the chassis."""
    _around_commands(process)
    _around_the_relay(process)
    _around_the_inbox(process)
    _observe_the_relay(process)
    _observe_the_inbox(process)


def _around_commands(process: Process) -> None:
    commit = Database.commit

    async def with_points(self: Database, tx: Tx) -> None:
        is_command = tx.principal.kind != "worker" and tx.told
        if is_command:
            await process.pass_by(BEFORE_COMMIT)
        await commit(self, tx)
        if is_command:
            await process.pass_by(AFTER_COMMIT)

    _replace(Database, "commit", with_points)


def _around_the_relay(process: Process) -> None:
    read, publish = Relay.read, Relay.publish
    in_hand: list[str] = []

    async def read_with_points(self: Relay, con: Any, sent: list[int]) -> Any:  # noqa: ANN401  as the original
        if sent and self.shard == URGENT:
            await process.pass_by(BEFORE_DELETE, in_hand)
        return await read(self, con, sent)

    async def publish_with_points(self: Relay, con: Any, rows: Sequence[Any]) -> list[int]:  # noqa: ANN401
        if self.shard != URGENT:
            return await publish(self, con, rows)
        in_hand[:] = [orjson.loads(row["headers"])["ce_id"] for row in rows]
        await process.pass_by(BEFORE_PUBLISH, in_hand)
        acknowledged = await publish(self, con, rows)
        if acknowledged:
            process.saw("sent", events=len(acknowledged))
            await process.pass_by(AFTER_PUBLISH, in_hand)
        return acknowledged

    _replace(Relay, "read", read_with_points)
    _replace(Relay, "publish", publish_with_points)


def _around_the_inbox(process: Process) -> None:
    in_one, together, commit_offsets = Inbox._in_one_transaction, Inbox._together, Inbox.commit_offsets
    in_hand: list[str] = []

    async def in_one_with_points(self: Inbox, tx: Tx, received: list[Received]) -> None:
        await in_one(self, tx, received)
        if any(one.concerns_us for one in received):
            await process.pass_by(BEFORE_HANDLER_COMMIT, _ids(received))

    async def together_with_points(self: Inbox, received: list[Received]) -> None:
        await together(self, received)
        in_hand[:] = _ids(received)
        if any(one.concerns_us for one in received):
            await process.pass_by(AFTER_HANDLER_COMMIT, _ids(received))

    async def commit_offsets_with_points(self: Inbox, records: Sequence[Any], consumer: Any) -> None:  # noqa: ANN401
        if in_hand:
            await process.pass_by(BEFORE_OFFSET_COMMIT, in_hand)
        await commit_offsets(self, records, consumer)

    _replace(Inbox, "_in_one_transaction", in_one_with_points)
    _replace(Inbox, "_together", together_with_points)
    _replace(Inbox, "commit_offsets", commit_offsets_with_points)


def _observe_the_relay(process: Process) -> None:
    lead, after_failure = Relay._lead, Relay._after_failure

    def lead_seen(self: Relay, *, leads: bool) -> None:
        if leads != self.leads:
            process.saw("leads", shard=self.shard, leads=leads)
        lead(self, leads=leads)

    async def failure_seen(self: Relay, con: Any, row: Any, error: BaseException) -> None:  # noqa: ANN401
        process.saw("send failed", shard=self.shard, cause=type(error).__name__)
        await after_failure(self, con, row, error)

    _replace(Relay, "_lead", lead_seen)
    _replace(Relay, "_after_failure", failure_seen)


def _observe_the_inbox(process: Process) -> None:
    first_seen, poll_again, assigned = (
        chassis.inbox.first_seen,
        Inbox._poll_again,
        WaitForBatch.on_partitions_assigned,
    )

    async def first_seen_observed(tx: Tx, consumer: str, received: Sequence[Received], state: str) -> set[Any]:
        new = await first_seen(tx, consumer, received, state)
        repeated = Counter(one.event_id for one in received) - Counter(new)
        if repeated:
            process.saw("repeated", ids=[str(one) for one in repeated.elements()])
        return new

    async def poll_again_observed(self: Inbox, records: Any, consumer: Any, error: BaseException) -> None:  # noqa: ANN401
        process.saw("house fault", topic=self.topic, cause=type(error).__name__)
        await poll_again(self, records, consumer, error)

    async def assigned_observed(self: WaitForBatch, partitions: Collection[Any]) -> None:
        process.saw("assigned", topic=self.inbox.topic, partitions=sorted(one.partition for one in partitions))
        await assigned(self, set(partitions))

    _replace(chassis.inbox, "first_seen", first_seen_observed)
    _replace(Inbox, "_poll_again", poll_again_observed)
    _replace(WaitForBatch, "on_partitions_assigned", assigned_observed)


def _ids(received: Sequence[Received]) -> list[str]:
    return [str(one.event_id) for one in received if one.event_id]


def _replace(owner: object, name: str, new: Callable[..., Any]) -> None:
    """Put a wrapper in a method's place, in this process."""
    setattr(owner, name, new)
