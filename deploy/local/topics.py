"""Topics: one for each aggregate that the contracts tell of, one for each mailbox. None makes itself."""

import asyncio
import importlib
import os
import pkgutil
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupCoordinatorNotAvailableError, TopicAlreadyExistsError

import contracts
from chassis.kafka import KafkaSettings, connection
from contracts.codes import Mode, mailboxes
from contracts.event import EVENT_TYPES, is_exercised
from deploy.local.errors import StackError

DOMAIN_PARTITIONS = 12
"""Fixed for the major version of a topic: another number would send a key to another partition."""

DAY_MS = 24 * 60 * 60 * 1000
RETENTION_DAYS = 35
READY_WITHIN_S = 120


def know_all_events() -> None:
    """Import every module of the published language, so that `EVENT_TYPES` is complete."""
    for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
        if re.fullmatch(r"contracts\.\w+\.v\d+", module.name):
            importlib.import_module(module.name)


def wanted_topics(partitions: int = DOMAIN_PARTITIONS) -> dict[str, int]:
    """Return every topic with its number of partitions; tests want fewer, as their brokers live for minutes."""
    know_all_events()
    every = EVENT_TYPES.values()
    names = {topic for event in every for topic in event.topics()}
    names |= {event.topic(Mode.EXERCISE) for event in every if is_exercised(event)}
    domain = dict.fromkeys(sorted(names), partitions)
    # One partition: in a mailbox the offset is the order.
    return domain | dict.fromkeys(sorted(mailbox.topic for mailbox in mailboxes()), 1)


def topic_settings(replicas: int) -> dict[str, str]:
    """Return how a topic is kept that so many brokers have."""
    return {
        "retention.ms": str(RETENTION_DAYS * DAY_MS),
        "message.timestamp.type": "LogAppendTime",
        # One broker may be away; a record that fewer have is not written, and the relay sends it again.
        "min.insync.replicas": str(max(1, replicas - 1)),
    }


async def provision_topics(kafka: KafkaSettings, partitions: int = DOMAIN_PARTITIONS) -> list[str]:
    """Make the topics that are missing and return what was made, in words."""
    admin = AIOKafkaAdminClient(**connection(kafka))
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = {name: number for name, number in wanted_topics(partitions).items() if name not in present}
        if missing:
            await _create(admin, missing)
        await _until(partial(_is_coordinated, admin), "the broker names no coordinator of groups")
    finally:
        await admin.close()
    return [f"topic {name}" for name in missing]


async def _create(admin: AIOKafkaAdminClient, missing: dict[str, int]) -> None:
    """Make topics and wait until each has a leader, so that the first record does not stall."""
    replicas = int(os.environ.get("KAFKA_REPLICATION_FACTOR", "1"))
    settings = topic_settings(replicas)
    topics = [NewTopic(name, partitions, replicas, topic_configs=settings) for name, partitions in missing.items()]
    # Somebody may provision at the same time: then what is wanted is there.
    with suppress(TopicAlreadyExistsError):
        await admin.create_topics(topics)
    await _until(partial(_all_led, admin, list(missing)), "the broker made topics that have no leader")


async def _until(condition: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    """Ask until something is so; after a bound, say what is wrong."""
    for _ in range(READY_WITHIN_S * 10):
        if await condition():
            return
        await asyncio.sleep(0.1)
    message = f"{otherwise} after {READY_WITHIN_S} s"
    raise StackError(message)


async def _is_coordinated(admin: AIOKafkaAdminClient) -> bool:
    """Tell whether there is a coordinator of groups: the broker makes its topic when the first one asks.

    Where the first are all consumers of all services at once, each asks ten times a second, each question is one more
    order to make the topic, and a broker on a busy machine never comes to it.
    """
    try:
        await admin.find_coordinator("provisioning")
    except GroupCoordinatorNotAvailableError:
        return False
    return True


async def _all_led(admin: AIOKafkaAdminClient, names: list[str]) -> bool:
    """Tell whether every partition of the topics has a leader."""
    described = await admin.describe_topics(names)
    return all(
        not topic["error_code"] and all(partition["leader"] >= 0 for partition in topic["partitions"])
        for topic in described
    )
