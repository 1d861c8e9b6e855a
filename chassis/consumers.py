"""The consumers of one service: one FastStream batch subscriber a topic, each before an `Inbox`."""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage

from chassis.database import Database
from chassis.inbox import REACTIONS, Inbox
from chassis.infrastructure import describe
from chassis.kafka import connection, security
from chassis.settings import Settings
from contracts.codes import Mode
from contracts.event import Event, is_exercised

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord, TopicPartition

log = logging.getLogger(__name__)

REVOKE_WAIT_S = 30.0
ASK_AGAIN_S = 1.0
RETRY_BACKOFF_MS = 500
"""aiokafka's own 100 lets a hundred consumers look for a dead broker a thousand times a second: it cannot come back."""
HEARTBEATS_A_SESSION = 15
"""So many may be lost before a member is taken for dead."""


class PatientConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka is untyped
    """Answers a poll only when there are records.

    FastStream sleeps after each empty poll as long as the poll waited: either a record waits for the sleep to end, or a
    service that has nothing to do looks fifty times a second.
    """

    async def getmany(self, *partitions: "TopicPartition", timeout_ms: int = 0, max_records: int | None = None) -> Any:  # noqa: ANN401  aiokafka is untyped
        """Poll until there is something; an error, or the consumer's stop, ends it as it would end a single poll."""
        while not (found := await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)):
            pass
        return found


class WaitForBatch(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Gives a partition away only when the batch under way has ended."""

    def __init__(self, inbox: Inbox) -> None:
        """Watch one inbox."""
        self.inbox = inbox

    async def on_partitions_revoked(self, revoked: "set[TopicPartition]") -> None:  # noqa: ARG002  the signature is aiokafka's
        """Wait, within a bound, until nothing is under way."""
        try:
            await asyncio.wait_for(self.inbox.busy.acquire(), REVOKE_WAIT_S)
        except TimeoutError:
            return
        self.inbox.busy.release()

    async def on_partitions_assigned(self, assigned: "set[TopicPartition]") -> None:
        """Need nothing: offsets are committed after the transaction, and the inbox catches repetitions."""


async def total_parser(message: Any, _: Any) -> KafkaAckableMessage:  # noqa: ANN401  FastStream's signature
    """Wrap a batch without looking into it: one unreadable header must not lose the others."""
    return KafkaAckableMessage(body=message, raw_message=message, headers={}, consumer=FAKE_CONSUMER)


async def untouched(message: Any) -> Any:  # noqa: ANN401  FastStream's signature
    """Hand the records on as they are."""
    return message.raw_message


def heard_topics(events: Iterable[type[Event]], mode: Mode) -> set[str]:
    """Return the topics on which a process of a mode hears events; an exercise hears no live one."""
    return {event.topic(mode) for event in events if mode is Mode.LIVE or is_exercised(event)}


async def start_together(subscribers: Iterable[Any]) -> None:
    """Let all consumers join their group at once: one that joins after makes those before it join again."""
    await asyncio.gather(*(each.start() for each in subscribers))


class Consumers:
    """Subscribes a service to every topic that its handlers react to."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """Register one batch subscriber for each topic in the register."""
        self.settings = settings
        self.broker = KafkaBroker(
            settings.brokers,
            security=security(settings),
            apply_types=False,
            logger=None,
            allow_auto_create_topics=False,
            retry_backoff_ms=RETRY_BACKOFF_MS,
        )
        self.inboxes: dict[str, Inbox] = {}
        self.started = False
        self._subscribers: dict[str, Any] = {}
        for topic in sorted(heard_topics(REACTIONS, settings.mode)):
            self._subscribe(Inbox(database, settings, topic), topic)

    def _subscribe(self, inbox: Inbox, topic: str) -> None:
        subscriber = self.broker.subscriber(
            topic,
            group_id=self.settings.identity,
            group_instance_id=self.settings.group_instance(topic),
            batch=True,
            max_records=self.settings.inbox_batch,
            batch_timeout_ms=self.settings.inbox_wait_ms,
            fetch_max_wait_ms=self.settings.inbox_fetch_wait_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            parser=total_parser,
            decoder=untouched,
            listener=WaitForBatch(inbox),
            session_timeout_ms=self.settings.session_timeout_ms,
            heartbeat_interval_ms=self.settings.session_timeout_ms // HEARTBEATS_A_SESSION,
            rebalance_timeout_ms=self.settings.rebalance_timeout_ms,
        )

        async def on_batch(records: "Sequence[ConsumerRecord[Any, Any]]") -> None:
            await inbox.handle(records, subscriber.consumer)

        subscriber(on_batch)
        self.inboxes[topic], self._subscribers[topic] = inbox, subscriber

    async def start(self) -> None:
        """Connect and begin to poll, as soon as the broker answers."""
        await self._wait_for_broker()
        await self.broker.connect()
        config = self.broker.config.broker_config
        # FastStream has no other place to name a consumer's class.
        config.builder = partial(PatientConsumer, **cast("partial[Any]", config.builder).keywords)
        await start_together(self._subscribers.values())
        self.started = True

    async def _wait_for_broker(self) -> None:
        """Ask until there is a broker: a service that starts without one takes commands meanwhile."""
        while True:
            client = AIOKafkaClient(**connection(self.settings))
            try:
                await client.bootstrap()
            except KafkaError as error:
                log.warning("waits for the broker", extra={"cause": describe(error)})
                await asyncio.sleep(ASK_AGAIN_S)
            else:
                return
            finally:
                await client.close()

    async def stop(self) -> None:
        """Let the batches under way end, and leave the groups."""
        await self.broker.stop()

    async def broker_answers(self) -> bool:
        """Return whether the consumers have begun and the broker answers within a few seconds."""
        return self.started and await self.broker.ping(timeout=3)

    def oldest_unhandled(self) -> dict[str, float]:
        """Return, by topic, how long the oldest record has waited that this process is to handle."""
        consumers = {topic: each.consumer for topic, each in self._subscribers.items() if each.consumer is not None}
        return {topic: self.inboxes[topic].oldest_unhandled(consumer) for topic, consumer in consumers.items()}

    def stuck(self, silent_s: float) -> list[str]:
        """Return the topics whose consumer has left its group or has not polled for long."""
        return [topic for topic in self.inboxes if self._is_stuck(topic, silent_s)]

    async def hanging(self, silent_s: float) -> list[str]:
        """Return the topics whose consumer is stuck although the broker answers: only then a restart would help."""
        stuck = self.stuck(silent_s)
        if not stuck or await self.broker_answers():
            return stuck
        for topic in stuck:
            # When the broker comes back, each has as long to find its place again as after a start.
            self.inboxes[topic].member_at = time.monotonic()
        return []

    def _is_stuck(self, topic: str, silent_s: float) -> bool:
        consumer, inbox = self._subscribers[topic].consumer, self.inboxes[topic]
        if consumer is None:
            return True
        # aiokafka offers no other sign of a member that hangs outside its group (#1154).
        if not consumer._coordinator._rejoin_needed_fut.done():  # noqa: SLF001  aiokafka shows it nowhere else
            inbox.member_at = time.monotonic()
        idle: float = consumer._subscription.fetcher_idle_time  # noqa: SLF001  aiokafka shows it nowhere else
        return idle > silent_s or time.monotonic() - inbox.member_at > silent_s
